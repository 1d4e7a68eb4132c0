package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.Fault;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Others, or AWS, come between an object and its repository. */
@Execution(ExecutionMode.CONCURRENT)
class MisfortuneIT {
  @RegisterExtension static final Scene scene = Scene.withResync("24h");

  @Test
  void whatSomebodyElseMadeInPlaceOfAReadyRepositoryIsTheirs() {
    RepositoryObject object = scene.repository("supplanted").create(EditIT.EVERYTHING);
    object.awaitInSync();
    BackDoor theirs = scene.ecrSimulator().backDoor(OperatorProcess.ACCOUNT, Scene.REGION);
    theirs.recreate("supplanted");
    theirs.setTags("supplanted", Map.of("whose", "theirs"));
    theirs.setPolicy("supplanted", EditIT.FOREIGN_POLICY);
    theirs.putImage("supplanted", "v1");
    var before = object.inEcr();
    object.forgetThePast();

    object.look("supplanted");
    object.awaitReason("AlreadyExists");
    assertThat(object.managed()).isEmpty();
    object.set("deletionPolicy", "ForceDelete");
    object.delete();
    object.awaitGone();

    assertThat(object.inEcr()).isEqualTo(before);
    assertThat(object.mutations()).isEmpty();
  }

  @Test
  void throttledTenTimesItGetsThereInHardlyMoreCalls() {
    RepositoryObject object = scene.repository("ten-times");
    Fault throttling = object.faultOfAny().throttled().times(10);

    object.create(EditIT.EVERYTHING).awaitInSync();

    assertThat(throttling.hits()).isEqualTo(10);
    assertThat(object.calls()).hasSizeLessThanOrEqualTo(10 + 3);
    assertThat(object.inEcr().policy()).isNotNull();
  }

  @Test
  void deletedWhileAccessIsDeniedRetainGoesAndDeleteWaits() {
    RepositoryObject retained = scene.repository("denied-retain").create("{}");
    RepositoryObject deleted = scene.repository("denied-delete").create("{deletionPolicy: Delete}");
    List<RepositoryObject> both = List.of(retained, deleted);
    both.forEach(RepositoryObject::awaitInSync);
    List<Fault> denials =
        both.stream().map(object -> object.faultOfAny().accessDenied().always()).toList();
    both.forEach(object -> object.look("denied"));
    both.forEach(object -> object.awaitReason("AccessDenied"));

    both.forEach(RepositoryObject::delete);
    retained.awaitGone();
    Patience.await("another try", denials.get(1)::hits, hits -> hits >= 2);
    assertThat(deleted.stored().isMissingNode()).isFalse();
    assertThat(deleted.find()).isPresent();
    denials.forEach(Fault::clear);

    deleted.awaitGone();
    assertThat(deleted.find()).isEmpty();
    assertThat(retained.find()).isPresent();
  }

  @Test
  void ofTwoObjectsMadeForOneRepositoryAtOnceOneGetsIt() {
    RepositoryObject left = scene.repository("left", "wanted");
    RepositoryObject right = scene.repository("right", "wanted");
    left.create("{name: wanted, tags: {side: left}}");
    right.create("{name: wanted, tags: {side: right}}");

    Patience.await(
        "both to be settled",
        () -> Stream.of(left, right).map(MisfortuneIT::reason).toList(),
        reasons -> Set.copyOf(reasons).equals(Set.of("InSync", "Conflict")));

    RepositoryObject winner = reason(left).equals("InSync") ? left : right;
    RepositoryObject loser = winner == left ? right : left;
    assertThat(winner.tags())
        .isEqualTo(Map.of("side", winner.name(), "ecroperator.dev/owner", winner.ownerTag()));
    assertThat(loser.managed()).isEmpty();
    loser.set("deletionPolicy", "ForceDelete");
    loser.delete();
    loser.awaitGone();
    assertThat(winner.find()).isPresent();
  }

  private static String reason(RepositoryObject object) {
    return ClusterObject.condition(object.stored(), "Ready").path("reason").asText();
  }
}
