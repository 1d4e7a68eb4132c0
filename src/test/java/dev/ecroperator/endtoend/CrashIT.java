package dev.ecroperator.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.endtoend.CutLine.CrashPoint;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.simulator.ecr.PublicRepositorySnapshot;
import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
  private static @Nullable CrashRuns<CrashStory, RepositoryCrash.EndState> runs;

  @BeforeAll
  static void record() throws InterruptedException {
    runs = CrashRuns.record(CrashStory.class, RepositoryCrash::tell);
  }

  private static CrashRuns<CrashStory, RepositoryCrash.EndState> runs() {
    return requireNonNull(runs);
  }

  static List<Arguments> crashPoints() {
    return runs().crashPoints();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("crashPoints")
  void killedThereItEndsAsIfNothingHadHappened(CrashStory story, CrashPoint point)
      throws InterruptedException {
    CrashRun<RepositoryCrash.EndState> run = RepositoryCrash.tell(story, point);

    assertThat(run.end()).isEqualTo(runs().undisturbed(story).end());
    assertThat(run.effects())
        .as("no second repository")
        .filteredOn(effect -> effect.what().equals("CreateRepository"))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void theUndisturbedRunsDoWhatTheyAreFor() {
    assertThat(runs().effects(CrashStory.CREATE))
        .contains(
            "kube patch repositories",
            "ecr CreateRepository",
            "ecr PutLifecyclePolicy",
            "ecr SetRepositoryPolicy",
            "kube update repositories/status");
    assertThat(runs().effects(CrashStory.UPDATE))
        .contains(
            "kube patch repositories",
            "ecr TagResource",
            "ecr UntagResource",
            "ecr PutImageTagMutability",
            "ecr PutImageScanningConfiguration",
            "ecr PutLifecyclePolicy",
            "ecr SetRepositoryPolicy",
            "kube update repositories/status");
    assertThat(runs().effects(CrashStory.RESET)).contains("ecr DeleteLifecyclePolicy");
    assertThat(runs().effects(CrashStory.EMPTY))
        .contains("ecr DeleteLifecyclePolicy", "ecr DeleteRepositoryPolicy");
    assertThat(runs().effects(CrashStory.ADOPT))
        .contains("kube patch repositories", "ecr TagResource", "kube update repositories/status")
        .doesNotContain("ecr CreateRepository");
    assertThat(runs().effects(CrashStory.TAKE_OVER))
        .contains(
            "kube patch repositories",
            "ecr TagResource",
            "ecr PutImageTagMutability",
            "kube update repositories/status")
        .doesNotContain("ecr CreateRepository");
    assertThat(runs().effects(CrashStory.MEND))
        .contains(
            "ecr TagResource",
            "ecr PutImageTagMutability",
            "ecr PutImageScanningConfiguration",
            "ecr PutLifecyclePolicy",
            "ecr SetRepositoryPolicy",
            "kube update repositories/status");
    assertThat(runs().effects(CrashStory.RECREATE))
        .contains(
            "ecr CreateRepository",
            "ecr PutLifecyclePolicy",
            "ecr SetRepositoryPolicy",
            "kube update repositories/status");
    assertThat(runs().effects(CrashStory.PUBLIC_UPDATE))
        .contains(
            "kube patch repositories",
            "ecr TagResource",
            "ecr UntagResource",
            "ecr PutRepositoryCatalogData",
            "ecr SetRepositoryPolicy",
            "kube update repositories/status");
    assertThat(runs().effects(CrashStory.PUBLISH))
        .contains(
            "kube patch repositories",
            "ecr CreateRepository",
            "ecr SetRepositoryPolicy",
            "kube update repositories/status");
    assertThat(runs().effects(CrashStory.WITHDRAW))
        .contains("ecr DeleteRepository", "kube patch repositories");
    assertThat(runs().effects(CrashStory.DELETE))
        .contains("ecr DeleteRepository", "kube patch repositories");
    assertThat(runs().effects(CrashStory.FORCE_DELETE))
        .contains("ecr DeleteRepository", "kube patch repositories");
    assertThat(runs().effects(CrashStory.RETAIN)).contains("kube patch repositories");
    assertThat(runs().undisturbed(CrashStory.DELETE).end().ecr()).doesNotContainKey("crash-delete");
    assertThat(runs().undisturbed(CrashStory.FORCE_DELETE).end().ecr())
        .doesNotContainKey("crash-force-delete");
    assertThat(runs().undisturbed(CrashStory.PUBLISH).end().gallery()).containsKey("crash-publish");
    assertThat(runs().undisturbed(CrashStory.WITHDRAW).end().gallery())
        .doesNotContainKey("crash-withdraw");
    for (CrashStory story : List.of(CrashStory.ADOPT, CrashStory.TAKE_OVER)) {
      assertThat(tags(story))
          .containsEntry("theirs", "kept")
          .containsEntry("team", "payments")
          .containsEntry("ecroperator.dev/owner", "blue/NAMESPACE/" + story.repository());
    }
    assertThat(tags(CrashStory.RECREATE)).containsEntry("team", "payments");
    assertThat(tags(CrashStory.MEND))
        .containsEntry("team", "payments")
        .containsEntry("tier", "gold");
    PublicRepositorySnapshot updated =
        requireNonNull(
            runs()
                .undisturbed(CrashStory.PUBLIC_UPDATE)
                .end()
                .gallery()
                .get("crash-public-update"));
    assertThat(updated.description()).isEqualTo("Billing SDK");
    assertThat(updated.aboutText()).isEqualTo("about");
    assertThat(updated.architectures()).isEmpty();
    assertThat(updated.usageText()).isEqualTo("theirs");
    assertThat(updated.tags())
        .containsEntry("theirs", "kept")
        .containsEntry("stage", "live")
        .doesNotContainKey("team");
    List<CrashStory> beside =
        List.of(CrashStory.UPDATE, CrashStory.RESET, CrashStory.MEND, CrashStory.RETAIN);
    for (CrashStory story : beside) {
      RepositoryCrash.EndState end = runs().undisturbed(story).end();
      assertThat(tags(story)).containsEntry("theirs", "kept");
      PolicyDocument policy = requireNonNull(end.policies().get(story.repository()));
      assertThat(policy.onlyStatements("LambdaECRImageRetrievalPolicy"::equals))
          .isEqualTo(
              PolicyDocument.parse(
                  "{\"Version\":\"2012-10-17\",\"Statement\":["
                      + CrashStory.FOREIGN_STATEMENT
                      + "]}"));
    }
  }

  /** The tags of the story's repository at the end. */
  private static Map<String, String> tags(CrashStory story) {
    Map<String, RepositorySnapshot> ecr = runs().undisturbed(story).end().ecr();
    return requireNonNull(ecr.get(story.repository())).tags();
  }
}
