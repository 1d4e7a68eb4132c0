package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.PublicRepositorySnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Public repositories that others made, changed or deleted. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class PublicIT {
  private static final String OWNER = "ecroperator.dev/owner";
  private static final String EVERYTHING =
      """
      visibility: Public
      catalog: {description: Payments SDK, aboutText: about, architectures: [x86-64]}
      accessPolicy: {push: {accounts: ["444455556666"]}}
      tags: {team: payments}
      """;

  @RegisterExtension static final Scene scene = Scene.withResync("3s");

  private static BackDoor gallery() {
    return scene.ecrSimulator().publicBackDoor(OperatorProcess.ACCOUNT);
  }

  private static PublicRepositorySnapshot inGallery(String name) {
    return scene.ecrSimulator().publicRepository(OperatorProcess.ACCOUNT, name);
  }

  private static Arguments drift(String field, Consumer<String> edit) {
    return Arguments.of(field, edit);
  }

  static Stream<Arguments> drifts() {
    return Stream.of(
        drift(
            "catalog/description",
            name ->
                gallery()
                    .setCatalog(
                        name, Map.of("aboutText", "about", "architectures", List.of("x86-64")))),
        drift("accessPolicy", name -> gallery().setPolicy(name, null)),
        drift(
            "tags/team",
            name ->
                gallery()
                    .setTags(
                        name, Map.of(OWNER, scene.repository(name).ownerTag(), "more", "stays"))));
  }

  @ParameterizedTest
  @MethodSource("drifts")
  void aChangedSettingIsPutBackAndTold(String field, Consumer<String> edit) {
    String name = "gallery-" + field.toLowerCase(Locale.ROOT).replace('/', '-');
    RepositoryObject object = scene.repository(name).create(EVERYTHING);
    object.awaitInSync();

    edit.accept(name);

    JsonNode drift =
        Patience.await(
            "the drift to be told", () -> object.status().path("drift"), d -> !d.isMissingNode());
    assertThat(drift.path("fields").path(0).asText()).isEqualTo(field);
    assertThat(drift.path("fields")).hasSize(1);
    object.awaitInSync();
    PublicRepositorySnapshot mended = inGallery(name);
    assertThat(mended.description()).isEqualTo("Payments SDK");
    assertThat(mended.aboutText()).isEqualTo("about");
    assertThat(mended.policy()).contains("EcrOperatorPush");
    assertThat(mended.tags()).containsEntry("team", "payments");
    object.awaitEvent("DriftCorrected");
  }

  @Test
  void nobodysIsAdoptedOnlyWhenThatIsAskedFor() {
    gallery().create("orphan");
    gallery().setCatalog("orphan", Map.of("usageText", "theirs"));
    RepositoryObject object = scene.repository("orphan").create(EVERYTHING);
    object.awaitReason("AlreadyExists");
    assertThat(inGallery("orphan").tags()).isEmpty();
    assertThat(inGallery("orphan").description()).isNull();

    object.set("adoption", "IfExists").awaitInSync();

    PublicRepositorySnapshot adopted = inGallery("orphan");
    assertThat(adopted.tags()).containsEntry(OWNER, object.ownerTag());
    assertThat(adopted.description()).isEqualTo("Payments SDK");
    assertThat(adopted.usageText()).isEqualTo("theirs");
    assertThat(object.status().path("origin").asText()).isEqualTo("Adopted");
  }

  @Test
  void oneDeletedOutsideIsCreatedAnewAndGoesWithItsObject() {
    RepositoryObject object =
        scene.repository("fleeting").create(EVERYTHING + "deletionPolicy: Delete\n");
    object.awaitInSync();

    gallery().delete("fleeting");
    Patience.await(
        "the drift to be told", () -> object.status().path("drift"), d -> !d.isMissingNode());
    object.awaitInSync();
    assertThat(inGallery("fleeting").description()).isEqualTo("Payments SDK");

    object.delete();
    object.awaitGone();
    assertThat(object.mutations()).endsWith("DeleteRepository");
  }

  @Test
  void oneWithImagesWaitsUntilThePolicyIsEdited() {
    RepositoryObject object =
        scene.repository("filled").create(EVERYTHING + "deletionPolicy: Delete\n");
    object.awaitInSync();
    gallery().putImage("filled", "v1");

    object.delete();
    object.awaitReason("RepositoryNotEmpty");
    assertThat(inGallery("filled").images()).isEqualTo(1);
    object.set("deletionPolicy", "ForceDelete");
    object.awaitGone();

    assertThat(scene.ecrSimulator().publicRepositories(OperatorProcess.ACCOUNT))
        .doesNotContainKey("filled");
  }

  @Test
  void aResyncThatFindsNothingWritesNothing() {
    RepositoryObject object = scene.repository("quiet").create(EVERYTHING);
    object.awaitInSync();
    object.assertLooksWriteNothing(3);
  }
}
