package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

/** Somebody edits AWS behind the operator's back. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class DriftIT {
  @RegisterExtension static final Scene scene = Scene.withResync("3s");

  private static Arguments drift(String field, BiConsumer<Outsider, String> edit) {
    return Arguments.of(field, edit);
  }

  static Stream<Arguments> drifts() {
    return Stream.of(
        drift(
            "imageTagMutability",
            (outsider, name) -> outsider.setMutability(name, ImageTagMutability.MUTABLE)),
        drift("scanning", (outsider, name) -> outsider.setScanOnPush(name, false)),
        drift("lifecyclePolicy", Outsider::deleteLifecycle),
        drift("accessPolicy", Outsider::deletePolicy),
        drift("tags/team", (outsider, name) -> outsider.tag(name, Map.of("team", "thieves"))),
        drift("tags/tier", (outsider, name) -> outsider.untag(name, "tier")));
  }

  @ParameterizedTest
  @MethodSource("drifts")
  void aChangedSettingIsPutBackAndTold(String field, BiConsumer<Outsider, String> edit) {
    String name = "drift-" + field.toLowerCase(java.util.Locale.ROOT).replace('/', '-');
    RepositoryObject object = scene.repository(name).create(EditIT.EVERYTHING);
    object.awaitInSync();
    var asDeclared = object.inEcr();
    object.forgetThePast();

    edit.accept(scene.outsider(), name);

    JsonNode drift =
        Patience.await(
            "the drift to be told", () -> object.status().path("drift"), d -> !d.isMissingNode());
    assertThat(drift.path("fields").path(0).asText()).isEqualTo(field);
    assertThat(drift.path("fields")).hasSize(1);
    assertThat(drift.path("detectedAt").asText()).isNotEmpty();
    assertThat(drift.path("correctedAt").asText()).isNotEmpty();
    assertThat(object.inEcr()).usingRecursiveComparison().isEqualTo(asDeclared);
    object.awaitInSync();
    assertThat(object.mutations()).hasSize(1);
    object.awaitEvent("DriftCorrected");
    assertThat(object.events()).containsExactlyInAnyOrder("Created", "DriftCorrected");
  }

  @Test
  void driftIsToldThoughAnotherFieldIsInTheWay() {
    RepositoryObject object = scene.repository("drift-beside");
    object.create("{imageTagMutability: {mode: IMMUTABLE}, lifecyclePolicy: {json: '{'}}");
    object.awaitReason("InvalidSpec");

    scene.outsider().setMutability("drift-beside", ImageTagMutability.MUTABLE);
    object.look("after-the-edit");

    object.awaitEvent("DriftCorrected");
    assertThat(object.status().at("/drift/fields").toString())
        .isEqualTo("[\"imageTagMutability\"]");
    assertThat(object.inEcr().mutability()).isEqualTo("IMMUTABLE");
  }

  @Test
  void aResyncThatFindsNothingWritesNothing() {
    RepositoryObject object = scene.repository("quiet").create(EditIT.EVERYTHING);
    object.awaitInSync();
    object.assertLooksWriteNothing(3);
  }

  @Test
  void aDeletedRepositoryIsCreatedAnew() {
    RepositoryObject object = scene.repository("deleted").create(EditIT.EVERYTHING);
    object.awaitInSync();
    var asDeclared = object.inEcr();

    scene.outsider().delete("deleted");

    JsonNode drift =
        Patience.await(
            "the drift to be told", () -> object.status().path("drift"), d -> !d.isMissingNode());
    assertThat(drift.path("fields").path(0).asText()).isEqualTo("repository");
    object.awaitInSync();
    assertThat(object.inEcr())
        .usingRecursiveComparison()
        .ignoringFields("createdAt")
        .isEqualTo(asDeclared);
  }

  @Test
  void aRepositoryOfSomebodyElseInItsPlaceIsNotTouched() {
    RepositoryObject object = scene.repository("replaced").create(EditIT.EVERYTHING);
    object.awaitInSync();
    object.set("suspend", "true");
    Patience.await(
        "the condition Suspended",
        object::stored,
        o -> !ClusterObject.condition(o, "Suspended").isMissingNode());
    scene.outsider().delete("replaced");
    scene.outsider().create("replaced", Map.of("whose", "theirs"));
    object.forgetThePast();

    object.set("suspend", "false").awaitReason("AlreadyExists");
    object.awaitLooks(2);

    assertThat(object.mutations()).doesNotContain("DeleteRepository", "TagResource");
    assertThat(object.tags()).isEqualTo(Map.of("whose", "theirs"));
    assertThat(object.inEcr().lifecycle()).isNull();
    assertThat(object.managed()).isEmpty();
    assertThat(object.events()).containsOnlyOnce("AlreadyExists!");
  }

  @Test
  void observedDriftIsReportedAndMends() {
    RepositoryObject object = scene.repository("observed-drift").create(EditIT.EVERYTHING);
    object.awaitInSync();
    object.set("management", "ObserveOnly").awaitReason("Observed");
    object.forgetThePast();

    scene.outsider().setScanOnPush("observed-drift", false);
    assertThat(object.awaitMessage("DriftDetected")).contains("scanning");

    scene.outsider().setScanOnPush("observed-drift", true);
    object.awaitReason("Observed");
    assertThat(object.mutations()).isEmpty();
  }

  @Test
  void howOftenTheRegistryScansIsToldAndIsNoDrift() {
    RepositoryObject object = scene.repository("scanned").create("scanning: {scanOnPush: false}");
    object.awaitInSync();
    assertThat(object.status().at("/effective/scanning/frequency").asText()).isEqualTo("MANUAL");
    object.forgetThePast();

    scene
        .ecrSimulator()
        .backDoor(OperatorProcess.ACCOUNT, Scene.REGION)
        .setRegistryScanning("scanned", "CONTINUOUS_SCAN");

    Patience.await(
        "the registry's frequency",
        () -> object.status().at("/effective/scanning/frequency").asText(),
        "CONTINUOUS_SCAN"::equals);
    object.awaitInSync();
    assertThat(object.status().at("/effective/scanning/scanOnPush").asBoolean(true)).isFalse();
    assertThat(object.status().has("drift")).isFalse();
    assertThat(object.mutations()).isEmpty();
  }

  @Test
  void aForeignStatementSurvivesTheCorrectionOfOurs() {
    RepositoryObject object = scene.repository("shared-policy").create(EditIT.EVERYTHING);
    object.awaitInSync();

    scene.outsider().setPolicy("shared-policy", EditIT.FOREIGN_POLICY);
    object.awaitEvent("DriftCorrected");

    assertThat(object.inEcr().policy())
        .contains("LambdaECRImageRetrievalPolicy", "EcrOperatorPull", "444455556666");
  }
}
