package dev.ecroperator.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.endtoend.CutLine.CrashPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator's process is killed at every effect that it has on a registry's document and on the
 * objects that speak in it, right before it and right after it, and started again: the end is that
 * of an undisturbed run, the document to the byte. Which effects there are is recorded.
 */
@Execution(ExecutionMode.CONCURRENT)
class ReplicationCrashIT {
  private static @Nullable CrashRuns<ReplicationCrashStory, ReplicationCrash.EndState> runs;

  @BeforeAll
  static void record() throws InterruptedException {
    runs = CrashRuns.record(ReplicationCrashStory.class, ReplicationCrash::tell);
  }

  private static CrashRuns<ReplicationCrashStory, ReplicationCrash.EndState> runs() {
    return requireNonNull(runs);
  }

  static List<Arguments> crashPoints() {
    return runs().crashPoints();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("crashPoints")
  void killedThereItEndsAsIfNothingHadHappened(ReplicationCrashStory story, CrashPoint point)
      throws InterruptedException {
    CrashRun<ReplicationCrash.EndState> run = ReplicationCrash.tell(story, point);

    assertThat(run.end()).isEqualTo(runs().undisturbed(story).end());
  }

  @Test
  void theUndisturbedRunsDoWhatTheyAreFor() {
    assertThat(effects(ReplicationCrashStory.CREATE))
        .containsExactly(
            "kube patch imagereplications",
            "kube patch imagereplications/status",
            "ecr PutReplicationConfiguration",
            "kube update imagereplications/status");
    for (ReplicationCrashStory story :
        List.of(ReplicationCrashStory.EDIT, ReplicationCrashStory.TURN)) {
      assertThat(effects(story))
          .containsExactly(
              "kube patch imagereplications/status",
              "ecr PutReplicationConfiguration",
              "kube update imagereplications/status");
    }
    for (ReplicationCrashStory story :
        List.of(ReplicationCrashStory.DELETE, ReplicationCrashStory.RETAIN)) {
      assertThat(effects(story))
          .containsExactly(
              "kube patch imagereplications/status",
              "ecr PutReplicationConfiguration",
              "kube patch imagereplications");
      assertThat(runs().undisturbed(story).end().object()).isEmpty();
    }
    for (ReplicationCrashStory story : ReplicationCrashStory.values()) {
      assertThat(runs().undisturbed(story).end().foreignStands()).isTrue();
      assertThat(document(story)).contains("\"neighbour/\"");
    }
    assertThat(document(ReplicationCrashStory.DELETE)).doesNotContain("ours/");
    assertThat(document(ReplicationCrashStory.RETAIN)).containsOnlyOnce("\"ours/\"");
    assertThat(document(ReplicationCrashStory.EDIT)).contains("\"more/\"", "\"ap-east-1\"");
    assertThat(document(ReplicationCrashStory.TURN)).containsOnlyOnce("deleteReplication");
  }

  private static String document(ReplicationCrashStory story) {
    return runs().undisturbed(story).end().document();
  }

  private static List<String> effects(ReplicationCrashStory story) {
    // An event is told beside the status, by a thread of its own.
    return runs().effects(story).stream().filter(effect -> !effect.contains("events")).toList();
  }
}
