package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The repository is there already: its owner tag decides. */
@Execution(ExecutionMode.CONCURRENT)
class AdoptionIT {
  private static final String OWNER = "ecroperator.dev/owner";

  @RegisterExtension static final Scene scene = Scene.withResync("24h");

  @Test
  void oursExactlyIsOursWhateverAdoptionSays() {
    RepositoryObject object = scene.repository("ours");
    scene.outsider().create("ours", Map.of(OWNER, object.ownerTag()));

    object.create("{scanning: {scanOnPush: true}}").awaitInSync();

    assertThat(object.inEcr().scanOnPush()).isTrue();
    assertThat(object.events()).doesNotContain("Adopted");
  }

  @Test
  void nobodysIsNotTouchedUnlessAdoptionIsAskedFor() {
    RepositoryObject object = scene.repository("nobodys");
    scene.outsider().create("nobodys", Map.of("team", "theirs"));

    object.create("{tags: {team: ours}}");
    JsonNode stored = object.awaitReason("AlreadyExists");
    assertThat(ClusterObject.condition(stored, "Ready").path("message").asText())
        .contains("adoption");
    assertThat(ClusterObject.condition(stored, "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(object.tags()).isEqualTo(Map.of("team", "theirs"));
    assertThat(object.managed()).isEmpty();
    assertThat(stored.path("status").has("origin")).isFalse();

    object.set("adoption", "IfExists");
    stored = object.awaitInSync();
    assertThat(object.tags()).isEqualTo(Map.of("team", "ours", OWNER, object.ownerTag()));
    assertThat(stored.at("/status/origin").asText()).isEqualTo("Adopted");
    assertThat(object.events()).containsExactlyInAnyOrder("AlreadyExists!", "Adopted", "Updated");
  }

  @Test
  void theOwnerTagIsWrittenBeforeAnythingElse() {
    RepositoryObject object = scene.repository("claimed-first");
    scene.outsider().create("claimed-first", Map.of());

    object.create("{adoption: IfExists, imageTagMutability: {mode: IMMUTABLE}}").awaitInSync();

    assertThat(object.mutations())
        .containsExactly("CreateRepository", "TagResource", "PutImageTagMutability");
  }

  @Test
  void ofAnObjectThatIsGoneItCanBeAdopted() {
    RepositoryObject object = scene.repository("inherits", "heirloom");
    scene.outsider().create("heirloom", Map.of(OWNER, scene.repository("long-gone").ownerTag()));

    object.create("{name: heirloom}").awaitReason("AlreadyExists");
    object.set("adoption", "IfExists").awaitInSync();

    assertThat(object.tags()).containsEntry(OWNER, object.ownerTag());
  }

  @Test
  void ofTwoObjectsForOneRepositoryTheSecondIsInConflict() {
    RepositoryObject first = scene.repository("first", "shared");
    RepositoryObject second = scene.repository("second", "shared");
    first.create("{name: shared, imageTagMutability: {mode: IMMUTABLE}}").awaitInSync();

    second.create("{name: shared, adoption: IfExists, imageTagMutability: {mode: MUTABLE}}");

    assertThat(second.awaitMessage("Conflict")).contains(scene.cluster().namespace() + "/first");
    assertThat(first.inEcr().mutability()).isEqualTo("IMMUTABLE");
    first.delete();
    first.awaitGone();
    second.requestAt("now");
    second.awaitInSync();
    assertThat(second.tags()).containsEntry(OWNER, second.ownerTag());
    assertThat(second.inEcr().mutability()).isEqualTo("MUTABLE");
  }

  @Test
  void anotherOwnersIsTakenOverByItsExactTagOnly() {
    RepositoryObject object = scene.repository("theirs");
    scene.outsider().create("theirs", Map.of(OWNER, "green/default/theirs"));

    object.create("{adoption: IfExists, takeOverFrom: green/default/other, tags: {a: b}}");
    assertThat(object.awaitMessage("Conflict")).contains("green/default/theirs");
    assertThat(object.tags()).isEqualTo(Map.of(OWNER, "green/default/theirs"));

    object.set("takeOverFrom", "green/default/theirs");
    JsonNode stored = object.awaitInSync();
    assertThat(object.tags()).isEqualTo(Map.of(OWNER, object.ownerTag(), "a", "b"));
    assertThat(stored.at("/status/origin").asText()).isEqualTo("Adopted");
    object.awaitEvent("TakenOver");
    assertThat(object.events()).containsOnlyOnce("TakenOver").containsOnlyOnce("Conflict!");
  }
}
