package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.SOURCE;
import static dev.ecroperator.replication.Members.contribution;
import static dev.ecroperator.replication.Members.registry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Condition;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.merge.Standing.Superseded;
import dev.ecroperator.replication.progress.DestinationProgress;
import dev.ecroperator.replication.progress.DestinationState;
import dev.ecroperator.replication.progress.Reach;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReplicationReportTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Standing STANDS =
      new Standing(List.of(contribution("eu-central-1", "api/")), null);

  private static ReplicationReport.About at(Instant now) {
    return new ReplicationReport.About(3, null, "aws", now);
  }

  private static ReplicationOutcome outcome(
      Standing standing,
      List<Finding> findings,
      boolean restored,
      DestinationProgress... destinations) {
    return new ReplicationOutcome(
        SOURCE,
        standing,
        findings,
        restored,
        new Reach(new TreeSet<>(List.of("api/a", "api/b")), new TreeSet<>()),
        List.of(destinations),
        null);
  }

  private static DestinationProgress progress(DestinationState state, String region) {
    List<DestinationProgress.Failed> failed = new ArrayList<>();
    if (state == DestinationState.DEGRADED || state == DestinationState.UNAUTHORIZED) {
      failed.add(new DestinationProgress.Failed("api/a", "sha256:1", "SomeCode"));
    }
    return new DestinationProgress(registry(region), state, 4, 0, failed.size(), null, failed);
  }

  private static ReplicationReport report(
      ImageReplicationStatus before, ReplicationOutcome outcome) {
    return ReplicationReport.of(before, Contributions.standing(before), outcome, at(NOW));
  }

  private static Condition condition(ReplicationReport report, String type) {
    return Conditions.find(report.status().conditions(), type).orElseThrow();
  }

  private static List<String> told(ReplicationReport report) {
    return report.occurrences().stream().map(Occurrence::reason).toList();
  }

  @Test
  void readyTellsOfTheRulesAndSyncedOfTheImages() {
    ReplicationReport report =
        report(
            ImageReplicationStatus.BLANK,
            outcome(
                STANDS,
                List.of(),
                false,
                progress(DestinationState.SYNCED, "eu-central-1"),
                progress(DestinationState.DEGRADED, "us-east-1")));

    assertThat(condition(report, "Ready").status()).isEqualTo("True");
    assertThat(condition(report, "Synced").status()).isEqualTo("False");
    assertThat(condition(report, "Synced").reason()).isEqualTo("Degraded");
    assertThat(condition(report, "Synced").message())
        .contains("111122223333/us-east-1 lacks api/a@sha256:1 (SomeCode)");
    assertThat(report.status().synced()).isEqualTo("1/2");
    assertThat(report.status().matchedRepositories()).isEqualTo(2);
    assertThat(report.status().observedGeneration()).isEqualTo(3);
  }

  @Test
  void aPassThatFindsNothingNewYieldsTheStatusThatIsThere() {
    ReplicationOutcome outcome =
        outcome(STANDS, List.of(), false, progress(DestinationState.SYNCED, "eu-central-1"));
    ReplicationReport first = report(ImageReplicationStatus.BLANK, outcome);

    ReplicationReport second =
        ReplicationReport.of(first.status(), STANDS, outcome, at(NOW.plusSeconds(60)));

    assertThat(second.status()).isEqualTo(first.status());
    assertThat(second.occurrences()).isEmpty();
  }

  @Test
  void writtenRulesAreToldOnce() {
    ReplicationOutcome outcome = outcome(STANDS, List.of(), false);
    ReplicationReport first = report(ImageReplicationStatus.BLANK, outcome);

    assertThat(told(first)).containsExactly("RulesApplied");
    assertThat(told(report(first.status(), outcome))).isEmpty();
  }

  @Test
  void whatIsRecordedBeforeTheWriteDoesNotHideTheWrite() {
    Standing pending = new Standing(STANDS.contribution(), new Superseded(List.of(), "4f", "5a"));
    ImageReplicationStatus recorded =
        report(
                ImageReplicationStatus.BLANK,
                outcome(pending, List.of(new Finding(Reason.UNAVAILABLE, "away")), false))
            .status();

    assertThat(recorded.superseded()).isEmpty();
    ReplicationReport report = report(recorded, outcome(STANDS, List.of(), false));

    assertThat(told(report)).containsExactly("RulesApplied");
    assertThat(report.status().superseded()).isNull();
    assertThat(report.status().write()).isNull();
  }

  @Test
  void writtenRulesAreToldThoughTheStatusHasRecordedThemSince() {
    ReplicationOutcome outcome = outcome(STANDS, List.of(), false);
    ImageReplicationStatus recorded = report(ImageReplicationStatus.BLANK, outcome).status();

    assertThat(told(ReplicationReport.of(recorded, Standing.NOTHING, outcome, at(NOW))))
        .containsExactly("RulesApplied");
  }

  @Test
  void restoredRulesAreTold() {
    ImageReplicationStatus before =
        report(ImageReplicationStatus.BLANK, outcome(STANDS, List.of(), false)).status();

    assertThat(told(report(before, outcome(STANDS, List.of(), true))))
        .containsExactly("RulesRestored");
  }

  @Test
  void whereOthersSayItAlreadyNothingWasWritten() {
    assertThat(
            told(report(ImageReplicationStatus.BLANK, outcome(Standing.NOTHING, List.of(), false))))
        .isEmpty();
  }

  @Test
  void aDestinationThatBreaksAndRecoversIsToldEachTime() {
    ImageReplicationStatus fine =
        report(
                ImageReplicationStatus.BLANK,
                outcome(
                    STANDS, List.of(), false, progress(DestinationState.SYNCED, "eu-central-1")))
            .status();

    ReplicationReport broken =
        report(
            fine,
            outcome(
                STANDS, List.of(), false, progress(DestinationState.UNAUTHORIZED, "eu-central-1")));
    ReplicationReport recovered =
        report(
            broken.status(),
            outcome(
                STANDS, List.of(), false, progress(DestinationState.REPLICATING, "eu-central-1")));

    assertThat(told(broken)).containsExactly("DestinationUnauthorized");
    assertThat(told(recovered)).containsExactly("DestinationRecovered");
  }

  @Test
  void aDestinationOfWhichNothingIsKnownHasNotRecovered() {
    ReplicationReport broken =
        report(
            ImageReplicationStatus.BLANK,
            outcome(STANDS, List.of(), false, progress(DestinationState.DEGRADED, "eu-central-1")));

    ReplicationReport unknown =
        report(
            broken.status(),
            outcome(
                STANDS, List.of(), false, progress(DestinationState.UNVERIFIED, "eu-central-1")));

    assertThat(told(unknown)).isEmpty();
  }

  @Test
  void whoIsNotLetInReadsTheStatementToAdd() {
    ReplicationReport report =
        report(
            ImageReplicationStatus.BLANK,
            outcome(
                STANDS,
                List.of(),
                false,
                new DestinationProgress(
                    new Registry("444455556666", "us-east-1"),
                    DestinationState.UNAUTHORIZED,
                    0,
                    0,
                    1,
                    null,
                    progress(DestinationState.UNAUTHORIZED, "us-east-1").failures())));

    assertThat(condition(report, "Synced").message())
        .contains(
            "{\"Sid\":\"ReplicationFrom111122223333\",\"Effect\":\"Allow\","
                + "\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
                + "\"Action\":[\"ecr:CreateRepository\",\"ecr:ReplicateImage\"],"
                + "\"Resource\":\"arn:aws:ecr:us-east-1:444455556666:repository/*\"}");
  }

  @Test
  void withoutAnythingToJudgeBySyncedIsUnknown() {
    ReplicationReport report =
        report(
            ImageReplicationStatus.BLANK,
            outcome(
                STANDS, List.of(), false, progress(DestinationState.UNVERIFIED, "eu-central-1")));

    assertThat(condition(report, "Synced").status()).isEqualTo("Unknown");
    assertThat(condition(report, "Ready").status()).isEqualTo("True");
  }

  @Test
  void aFailureThatSaysNothingOfImagesLeavesWhatIsKnownOfThem() {
    ImageReplicationStatus before =
        report(
                ImageReplicationStatus.BLANK,
                outcome(
                    STANDS, List.of(), false, progress(DestinationState.SYNCED, "eu-central-1")))
            .status();

    ReplicationReport report =
        ReplicationReport.ofFinding(
            before, new Finding(Reason.THROTTLED, "later"), 4, null, NOW.plusSeconds(5));

    assertThat(condition(report, "Ready").reason()).isEqualTo("Throttled");
    assertThat(condition(report, "Synced").status()).isEqualTo("True");
    assertThat(report.status().contribution()).isEqualTo(before.contribution());
    assertThat(report.status().observedGeneration()).isEqualTo(4);
    assertThat(told(report)).containsExactly("Throttled");
  }

  @Test
  void suspendedMovesThatConditionAlone() {
    ImageReplicationStatus before =
        report(ImageReplicationStatus.BLANK, outcome(STANDS, List.of(), false)).status();

    ReplicationReport report = ReplicationReport.suspended(before, 4, NOW);

    assertThat(condition(report, "Ready").reason()).isEqualTo("InSync");
    assertThat(condition(report, "Suspended").observedGeneration()).isEqualTo(4);
    assertThat(report.status().observedGeneration()).isEqualTo(3);
    assertThat(told(report)).containsExactly("Suspended");
    assertThat(told(ReplicationReport.suspended(report.status(), 4, NOW))).isEmpty();
  }
}
