package dev.ecroperator.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.endtoend.CutLine.CrashPoint;
import dev.ecroperator.endtoend.CutLine.Effect;
import dev.ecroperator.endtoend.CutLine.Moment;
import dev.ecroperator.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator's process is killed at every effect that it has, right before it and right after it,
 * and started again: the end is that of an undisturbed run. Which effects there are is recorded.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashIT {
  private static final Map<CrashStory, CrashRun> undisturbed = new EnumMap<>(CrashStory.class);

  @BeforeAll
  static void record() throws InterruptedException {
    for (CrashStory story : CrashStory.values()) {
      undisturbed.put(story, CrashRun.of(story, null));
    }
    List<Arguments> points = crashPoints();
    points.forEach(point -> System.out.println("crash point: " + List.of(point.get())));
    System.out.println(points.size() + " crash points");
  }

  private static CrashRun undisturbed(CrashStory story) {
    return requireNonNull(undisturbed.get(story));
  }

  static List<Arguments> crashPoints() {
    List<Arguments> points = new ArrayList<>();
    for (CrashStory story : CrashStory.values()) {
      for (Effect effect : undisturbed(story).effects()) {
        for (Moment moment : Moment.values()) {
          points.add(Arguments.of(story, new CrashPoint(effect, moment)));
        }
      }
    }
    return points;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("crashPoints")
  void killedThereItEndsAsIfNothingHadHappened(CrashStory story, CrashPoint point)
      throws InterruptedException {
    CrashRun run = CrashRun.of(story, point);

    assertThat(run.end()).isEqualTo(undisturbed(story).end());
    assertThat(run.effects())
        .as("no second repository")
        .filteredOn(effect -> effect.what().equals("CreateRepository"))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void theUndisturbedRunsDoWhatTheyAreFor() {
    assertThat(effects(CrashStory.CREATE))
        .contains(
            "kube patch repositories",
            "ecr CreateRepository",
            "ecr PutLifecyclePolicy",
            "ecr SetRepositoryPolicy",
            "kube update repositories/status");
    assertThat(effects(CrashStory.UPDATE))
        .contains(
            "ecr TagResource",
            "ecr UntagResource",
            "ecr PutImageTagMutability",
            "ecr PutImageScanningConfiguration",
            "ecr PutLifecyclePolicy",
            "ecr SetRepositoryPolicy",
            "kube update repositories/status");
    assertThat(effects(CrashStory.RESET)).contains("ecr DeleteLifecyclePolicy");
    assertThat(effects(CrashStory.DELETE))
        .contains("ecr DeleteRepository", "kube patch repositories");
    assertThat(effects(CrashStory.RETAIN)).contains("kube patch repositories");
    assertThat(undisturbed(CrashStory.DELETE).end().ecr()).doesNotContainKey("crash-delete");
    for (CrashStory story : List.of(CrashStory.UPDATE, CrashStory.RESET, CrashStory.RETAIN)) {
      CrashRun.EndState end = undisturbed(story).end();
      assertThat(requireNonNull(end.ecr().get(story.repository())).tags())
          .containsEntry("theirs", "kept");
      PolicyDocument policy = requireNonNull(end.policies().get(story.repository()));
      assertThat(policy.onlyStatements("LambdaECRImageRetrievalPolicy"::equals))
          .isEqualTo(
              PolicyDocument.parse(
                  "{\"Version\":\"2012-10-17\",\"Statement\":["
                      + CrashStory.FOREIGN_STATEMENT
                      + "]}"));
    }
  }

  private static List<String> effects(CrashStory story) {
    return undisturbed(story).effects().stream().map(Effect::toString).toList();
  }
}
