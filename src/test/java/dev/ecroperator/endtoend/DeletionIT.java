package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.ecr.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An object is deleted: what becomes of its repository. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class DeletionIT {
  private static final String OWNER = "ecroperator.dev/owner";

  @RegisterExtension static final Scene scene = Scene.withResync("3s");

  @Test
  void retainLeavesTheRepositoryAndItsTag() {
    RepositoryObject object = scene.repository("retain").create("{}");
    object.awaitInSync();

    object.delete();
    object.awaitGone();

    assertThat(object.tags()).containsEntry(OWNER, object.ownerTag());
    object.awaitEvent("Retained");
  }

  @Test
  void deleteDeletesAnEmptyRepository() {
    RepositoryObject object = scene.repository("delete").create("{deletionPolicy: Delete}");
    object.awaitInSync();

    object.delete();
    object.awaitGone();

    assertThat(object.find()).isEmpty();
    object.awaitEvent("Deleted");
  }

  @Test
  void forceDeleteDeletesImagesToo() {
    RepositoryObject object = scene.repository("force").create("{deletionPolicy: ForceDelete}");
    object.awaitInSync();
    scene.outsider().push("force", "v1");

    object.delete();
    object.awaitGone();

    assertThat(object.find()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Retain, 1", "ForceDelete, 0"})
  void aRepositoryWithImagesWaitsUntilThePolicyIsEdited(String policy, int left) {
    String name = "not-empty-" + left;
    RepositoryObject object = scene.repository(name).create("{deletionPolicy: Delete}");
    object.awaitInSync();
    scene.outsider().push(name, "v1");

    object.delete();
    var waiting = object.awaitReason("RepositoryNotEmpty");
    assertThat(ClusterObject.condition(waiting, "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(object.inEcr().images()).isEqualTo(1);
    object.set("deletionPolicy", policy);
    object.awaitGone();

    assertThat(object.find().map(r -> r.images()).orElse(0)).isEqualTo(left);
    assertThat(object.events()).containsOnlyOnce("RepositoryNotEmpty!");
  }

  @Test
  void aRepositoryWithImagesGoesOnceTheyAreGone() {
    RepositoryObject object = scene.repository("emptied").create("{deletionPolicy: Delete}");
    object.awaitInSync();
    scene.outsider().push("emptied", "v1");
    object.delete();
    object.awaitReason("RepositoryNotEmpty");

    scene.outsider().deleteImage("emptied", "v1");
    object.awaitGone();

    assertThat(object.find()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "observed-delete, 'management: ObserveOnly, deletionPolicy: Delete'",
    "observed-force, 'management: ObserveOnly, deletionPolicy: ForceDelete'",
    "suspended-delete, 'suspend: true, deletionPolicy: Delete'",
    "suspended-force, 'suspend: true, deletionPolicy: ForceDelete'",
  })
  void withoutThePermissionToWriteItIsRetainedWithAWarning(String name, String members) {
    RepositoryObject object = scene.repository(name).create("{}");
    object.awaitInSync();
    object.edit("{" + members + "}");
    object.forgetThePast();

    object.delete();
    object.awaitGone();

    assertThat(object.find()).isPresent();
    assertThat(object.mutations()).isEmpty();
    object.awaitEvent("Retained!");
  }

  @Test
  void retainedWhileSuspendedIsNoWarning() {
    RepositoryObject object = scene.repository("suspended-retain").create("{}");
    object.awaitInSync();
    object.set("suspend", "true");

    object.delete();
    object.awaitGone();

    object.awaitEvent("Retained");
    assertThat(object.find()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"foreign-now, green/default/other", "untagged-now, ''"})
  void aRepositoryThatIsNoLongerOursIsNeverDeleted(String name, String tag) {
    RepositoryObject object = scene.repository(name).create("{deletionPolicy: ForceDelete}");
    object.awaitInSync();
    if (tag.isEmpty()) {
      scene.outsider().untag(name, OWNER);
    } else {
      scene.outsider().tag(name, Map.of(OWNER, tag));
    }

    object.delete();
    object.awaitGone();

    assertThat(object.find()).isPresent();
    object.awaitEvent("Retained!");
  }

  @Test
  void anObjectThatNeverOwnedItsRepositoryGoes() {
    RepositoryObject object = scene.repository("never-ours");
    scene.outsider().create("never-ours", Map.of());
    object.create("{deletionPolicy: ForceDelete}").awaitReason("AlreadyExists");

    object.faultOfAny().accessDenied().always();
    object.delete();
    object.awaitGone();

    assertThat(object.find()).isPresent();
  }

  @Test
  void aRepositoryThatIsGoneAlreadyHoldsNothingUp() {
    RepositoryObject object = scene.repository("gone").create("{deletionPolicy: Delete}");
    object.awaitInSync();
    object.fault("CreateRepository").accessDenied().always();
    scene.outsider().delete("gone");

    object.delete();
    object.awaitGone();

    assertThat(object.find()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"AccessDenied, denied", "Throttled, throttled", "Unavailable, unavailable"})
  void aRefusalIsWaitedFor(String reason, String name) {
    RepositoryObject object = scene.repository("waits-" + name).create("{deletionPolicy: Delete}");
    object.awaitInSync();
    var script = object.fault("DeleteRepository");
    Fault refusal =
        switch (reason) {
          case "AccessDenied" -> script.accessDenied().always();
          case "Throttled" -> script.throttled().always();
          default -> script.error(503, "ServiceUnavailable", "not now").always();
        };

    object.delete();
    assertThat(object.awaitMessage(reason)).contains("ecr:DeleteRepository");
    assertThat(object.find()).isPresent();
    refusal.clear();
    object.awaitGone();

    assertThat(object.find()).isEmpty();
  }

  @Test
  void aLostAnswerOfTheDeletionIsNoFailure() {
    RepositoryObject object = scene.repository("lost-delete").create("{deletionPolicy: Delete}");
    object.awaitInSync();
    object.fault("DeleteRepository").loseAnswer().times(1);

    object.delete();
    object.awaitGone();

    assertThat(object.find()).isEmpty();
  }

  @Test
  void anObjectMadeAnewGetsItsRepositoryBack() {
    RepositoryObject object = scene.repository("again").create("{}");
    object.awaitInSync();
    object.delete();
    object.awaitGone();

    object.create("{scanning: {scanOnPush: true}}").awaitInSync();

    assertThat(object.inEcr().scanOnPush()).isTrue();
    object.awaitLooks(2);
    object.awaitInSync();
  }
}
