package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.simulator.CountedLine;
import dev.ecroperator.simulator.ecr.Fault;
import dev.ecroperator.simulator.ecr.Faults;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AWS has its moods: what they do to one repository, and do not to others. */
@Execution(ExecutionMode.CONCURRENT)
class WeatherIT {
  @RegisterExtension static final Scene scene = Scene.withResync("24h");

  private static Fault begin(Faults.Script script, String mood) {
    return switch (mood) {
      case "denied" -> script.accessDenied().always();
      case "throttled" -> script.throttled().always();
      case "throttled-in-docs" -> script.error(400, "ThrottleException", "Rate exceeded").always();
      case "unavailable" -> script.error(503, "ServiceUnavailable", "not now").always();
      case "unanswered" -> script.loseRequest().always();
      case "hanging" -> script.hang().always();
      case "expired" ->
          script.error(400, "ExpiredTokenException", "The security token is expired").always();
      default -> throw new IllegalArgumentException(mood);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "denied, AccessDenied",
    "throttled, Throttled",
    "throttled-in-docs, Throttled",
    "unavailable, Unavailable",
    "unanswered, Unavailable",
    "hanging, Unavailable",
    "expired, Unavailable"
  })
  void whatBefallsACreationPassesByItself(String mood, String reason) {
    RepositoryObject object = scene.repository("create-" + mood);
    Fault fault = begin(object.faultOfAny(), mood);

    JsonNode stored = object.create(EditIT.EVERYTHING).awaitReason(reason);
    assertThat(ClusterObject.condition(stored, "Reconciling").path("status").asText())
        .isEqualTo("True");
    assertThat(ClusterObject.condition(stored, "Stalled").isMissingNode()).isTrue();
    String message = ClusterObject.condition(stored, "Ready").path("message").asText();
    assertThat(message).contains("ecr:CreateRepository");
    if (mood.equals("denied")) {
      assertThat(message).contains("arn:aws:sts::111122223333:assumed-role/ecr-operator");
    }
    fault.clear();

    object.awaitInSync();
    assertThat(object.inEcr().lifecycle()).isNotNull();
    assertThat(object.inEcr().policy()).isNotNull();
    assertThat(object.events()).containsOnlyOnce(reason + "!");
  }

  @Test
  void oneHangingRepositoryHoldsNoOtherUp() {
    // Where the machine is so slow that the call is given up before, less is tried the next time.
    assertThat(
            IntStream.iterate(20, others -> others > 0, others -> others / 2)
                .anyMatch(WeatherIT::areInSyncWhileOneHangs))
        .isTrue();
  }

  @Test
  void noMoreCallsAreInFlightThanTheSettingSays() {
    try (Scene own = Scene.withResync("24h", "OPERATOR_CONCURRENCY", "2").open()) {
      var line = new CountedLine();
      own.ecrSimulator().latency(Duration.ofMillis(100));
      own.ecrSimulator().faults().over(line);
      own.startOperator(Map.of());
      List<RepositoryObject> objects =
          IntStream.range(0, 8).mapToObj(i -> own.repository("one-of-many-" + i)).toList();
      objects.forEach(object -> object.create(EditIT.EVERYTHING));
      objects.forEach(RepositoryObject::awaitInSync);
      assertThat(line.most()).isBetween(1, 2);
    }
  }

  private static boolean areInSyncWhileOneHangs(int others) {
    RepositoryObject sick = scene.repository("poisoned-" + others);
    Fault hanging = sick.faultOfAny().hang().always();
    sick.create(EditIT.EVERYTHING);
    Patience.await("the call that hangs", sick::calls, calls -> !calls.isEmpty());

    List<RepositoryObject> healthy =
        IntStream.range(0, others)
            .mapToObj(i -> scene.repository("healthy-" + others + "-" + i))
            .toList();
    healthy.forEach(object -> object.create(EditIT.EVERYTHING));
    healthy.forEach(RepositoryObject::awaitInSync);

    // It is Ready or not as soon as its call is given up.
    boolean hangsStill = ClusterObject.condition(sick.stored(), "Ready").isMissingNode();
    assertThat(sick.find()).isEmpty();
    hanging.clear();
    sick.awaitInSync();
    return hangsStill;
  }

  @ParameterizedTest
  @CsvSource({"lost, 0", "after-500, 500", "after-503, 503"})
  void anAnswerThatIsLostAfterTheCreationIsNoConflict(String name, int status) {
    RepositoryObject object = scene.repository("create-" + name);
    Faults.Script create = object.fault("CreateRepository");
    if (status == 0) {
      create.loseAnswer().times(3);
    } else {
      create.errorAfterCommit(status, "ServerException", "lost").times(3);
    }

    JsonNode stored = object.create(EditIT.EVERYTHING).awaitInSync();

    assertThat(stored.at("/status/origin").asText()).isEqualTo("Created");
    assertThat(object.inEcr().lifecycle()).isNotNull();
    assertThat(object.inEcr().policy()).isNotNull();
    assertThat(object.tags()).containsEntry("team", "payments");
  }

  @Test
  void aRepositoryThatIsNotYetSeenEverywhereIsProgressing() {
    RepositoryObject object = scene.repository("eventually");
    object
        .fault("PutLifecyclePolicy")
        .error(400, "RepositoryNotFoundException", "The repository does not exist")
        .times(2);

    object.create(EditIT.EVERYTHING).awaitInSync();

    assertThat(object.inEcr().lifecycle()).isNotNull();
    assertThat(object.events()).contains("Progressing!").doesNotContain("NotFound!");
    assertThat(successfulCreations("eventually")).isEqualTo(1);
  }

  @Test
  void aLostCreationThatReadsDoNotShowYetIsWaitedFor() {
    RepositoryObject object = scene.repository("lost-and-stale");
    object.fault("CreateRepository").loseAnswer().times(1);
    object.fault("DescribeRepositories").staleRead().times(2);

    object.create(EditIT.EVERYTHING).awaitInSync();

    assertThat(object.inEcr().policy()).isNotNull();
    assertThat(successfulCreations("lost-and-stale")).isZero();
  }

  @Test
  void aSettingThatIsRefusedForAWhileIsTriedAloneUntilItStands() {
    RepositoryObject object = scene.repository("one-setting").create(EditIT.EVERYTHING);
    object.awaitInSync();
    Fault denied = object.fault("PutImageTagMutability").accessDenied().always();
    object.forgetThePast();

    object.set("imageTagMutability", "{mode: MUTABLE}").set("scanning", "{scanOnPush: false}");
    assertThat(object.awaitMessage("AccessDenied"))
        .contains("spec.imageTagMutability", "ecr:PutImageTagMutability");
    assertThat(object.inEcr().scanOnPush()).isFalse();
    denied.clear();
    object.awaitInSync();

    assertThat(object.inEcr().mutability()).isEqualTo("MUTABLE");
    assertThat(Collections.frequency(object.mutations(), "PutImageScanningConfiguration"))
        .isEqualTo(1);
  }

  @Test
  void whatMayNotBeReadMattersOnlyWhereItIsDeclared() {
    RepositoryObject object = scene.repository("unreadable").create("{tags: {a: b}}");
    object.awaitInSync();
    object.fault("GetLifecyclePolicy").accessDenied().always();
    object.fault("GetRepositoryPolicy").accessDenied().always();
    object.look("unreadable");
    object.awaitInSync();

    object.set("lifecyclePolicy", "{json: '%s'}".formatted(EditIT.oneLine(EditIT.LIFECYCLE)));
    object.look("declared");

    assertThat(object.awaitMessage("AccessDenied")).contains("ecr:GetLifecyclePolicy");
  }

  private static long successfulCreations(String name) {
    return scene.calls().stream()
        .filter(c -> name.equals(c.repository()) && c.operation().equals("CreateRepository"))
        .filter(c -> c.status() == 200)
        .count();
  }
}
