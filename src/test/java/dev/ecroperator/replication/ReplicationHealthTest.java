package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.SOURCE;
import static dev.ecroperator.replication.Members.contribution;
import static dev.ecroperator.replication.Members.registry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
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
  private static final ObjectMapper JSON = new ObjectMapper();

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
                    null,
                    List.of(
                        new DestinationProgress.Failed(
                            new SampledImage("api/a", new PushedImage("sha256:1", NOW), List.of()),
                            "SomeCode")))),
            null);
    return ReplicationReport.of(
            ImageReplicationStatus.BLANK,
            outcome,
            new ReplicationReport.About(GENERATION, null, "aws", NOW))
        .status();
  }

  private static Verdict judged(ImageReplicationStatus status, long generation) {
    var object = new ImageReplication();
    object.getMetadata().setName("api");
    object.getMetadata().setGeneration(generation);
    object.setStatus(status);
    JsonNode json = JSON.valueToTree(object);
    return Judges.get().judge(List.of(json)).getFirst();
  }

  private static void assertVerdict(Verdict said, String kstatus, String health) {
    assertThat(said.errors()).isEmpty();
    assertThat(said.kstatus()).isEqualTo(kstatus);
    assertThat(said.health()).isEqualTo(health);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SUSPENDED", "OBSERVED"},
      mode = EnumSource.Mode.EXCLUDE)
  void eachReasonIsUnderstood(Reason reason) {
    Verdict said = judged(status(reason, DestinationState.SYNCED), GENERATION);

    switch (reason.companion()) {
      case NONE -> assertVerdict(said, "Current", "Healthy");
      case RECONCILING, RECONCILING_THEN_STALLED ->
          assertVerdict(said, "InProgress", "Progressing");
      case STALLED -> assertVerdict(said, "Failed", "Degraded");
    }
    assertThat(said.healthMessage()).startsWith(reason.text() + ": ");
    assertVerdict(
        judged(status(reason, DestinationState.SYNCED), GENERATION + 1),
        "InProgress",
        "Progressing");
  }

  /** Images that do not arrive undo no rule: a sync is not failed by another region's trouble. */
  @ParameterizedTest
  @EnumSource(DestinationState.class)
  void theHealthIsThatOfTheRules(DestinationState destination) {
    assertVerdict(judged(status(Reason.IN_SYNC, destination), GENERATION), "Current", "Healthy");
  }

  @Test
  void suspendedIsItsOwnHealth() {
    ImageReplicationStatus suspended =
        ReplicationReport.suspended(
                status(Reason.IN_SYNC, DestinationState.SYNCED), GENERATION + 1, NOW)
            .status();
    assertVerdict(judged(suspended, GENERATION + 1), "InProgress", "Suspended");
  }
}
