package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.SOURCE;
import static dev.ecroperator.replication.Members.contribution;
import static dev.ecroperator.replication.Members.registry;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.progress.DestinationProgress;
import dev.ecroperator.replication.progress.DestinationState;
import dev.ecroperator.replication.progress.Reach;
import dev.ecroperator.simulator.real.Judges;
import dev.ecroperator.simulator.real.Judges.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What GitOps tools make of the statuses of ImageReplications, for each reason. */
class ReplicationHealthTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final long GENERATION = 3;

  private static ImageReplicationStatus status(Reason reason, DestinationState destination) {
    var outcome =
        new ReplicationOutcome(
            SOURCE,
            new Standing(List.of(contribution("eu-central-1", "api/")), null),
            reason.ready() ? List.of() : List.of(new Finding(reason, "so it is")),
            false,
            new Reach(new TreeSet<>(List.of("api/a")), new TreeSet<>()),
            List.of(
                new DestinationProgress(
                    registry("eu-central-1"),
                    destination,
                    4,
                    0,
                    1,
                    null,
                    List.of(new DestinationProgress.Failed("api/a", "sha256:1", "SomeCode")))),
            null);
    return ReplicationReport.of(
            ImageReplicationStatus.BLANK,
            Standing.NOTHING,
            outcome,
            new ReplicationReport.About(GENERATION, null, "aws", NOW))
        .status();
  }

  private static Verdict judged(ImageReplicationStatus status, long generation) {
    return Judges.judge(new ImageReplication(), status, generation);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SUSPENDED", "OBSERVED"},
      mode = EnumSource.Mode.EXCLUDE)
  void eachReasonIsUnderstood(Reason reason) {
    Verdict said = judged(status(reason, DestinationState.SYNCED), GENERATION);

    said.assertFollows(reason);
    judged(status(reason, DestinationState.SYNCED), GENERATION + 1)
        .assertIs("InProgress", "Progressing");
  }

  /** Images that do not arrive undo no rule: a sync is not failed by another region's trouble. */
  @ParameterizedTest
  @EnumSource(DestinationState.class)
  void theHealthIsThatOfTheRules(DestinationState destination) {
    judged(status(Reason.IN_SYNC, destination), GENERATION).assertIs("Current", "Healthy");
  }

  @Test
  void suspendedIsItsOwnHealth() {
    ImageReplicationStatus suspended =
        ReplicationReport.suspended(
                status(Reason.IN_SYNC, DestinationState.SYNCED), GENERATION + 1, NOW)
            .status();
    judged(suspended, GENERATION + 1).assertIs("InProgress", "Suspended");
  }
}
