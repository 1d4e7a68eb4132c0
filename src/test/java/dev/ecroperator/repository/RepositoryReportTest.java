package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.NOW;
import static dev.ecroperator.repository.Samples.TARGET;
import static dev.ecroperator.repository.Samples.observed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Condition;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.DriftStatus;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RepositoryReportTest {
  private static final RepositoryChange SCANNING =
      new RepositoryChange.PutImageScanningConfiguration(true);

  private static RepositoryOutcome outcome(
      Hold hold,
      @Nullable ObservedRepository observed,
      boolean created,
      List<RepositoryChange> applied,
      Finding... findings) {
    return Samples.outcome(
        hold,
        observed,
        new TreeSet<>(List.of("scanning")),
        List.of(findings),
        created,
        applied,
        Set.of());
  }

  private static RepositoryOutcome owned(RepositoryChange... applied) {
    return outcome(Hold.OWNED, observed(Samples.owned()), false, List.of(applied));
  }

  private static RepositoryReport report(
      RepositoryStatus before, RepositoryOutcome outcome, long generation, Instant now) {
    return RepositoryReport.of(
        before, TARGET, outcome, Set.of(), new RepositoryReport.About(generation, NOW, null, now));
  }

  private static RepositoryStatus inSync() {
    return report(RepositoryStatus.BLANK, owned(), 1, NOW).status();
  }

  private static List<String> told(RepositoryReport report) {
    return report.occurrences().stream()
        .map(o -> (o.warning() ? "Warning " : "") + o.reason())
        .toList();
  }

  @Test
  void theStatusTellsWhatIsThere() {
    RepositoryStatus status =
        report(
                RepositoryStatus.BLANK,
                outcome(Hold.OWNED, observed(Samples.owned()), true, List.of()),
                3,
                NOW)
            .status();
    assertThat(status.observedGeneration()).isEqualTo(3);
    assertThat(status.name()).isEqualTo("payments/api");
    assertThat(status.visibility()).isEqualTo("Private");
    assertThat(status.arn()).endsWith(":repository/payments/api");
    assertThat(status.uri()).endsWith(".amazonaws.com/payments/api");
    assertThat(status.registryId()).isEqualTo("111122223333");
    assertThat(status.region()).isEqualTo("eu-west-1");
    assertThat(status.origin()).isEqualTo("Created");
    assertThat(status.createdAt()).isEqualTo("2026-11-01T12:00:00Z");
    assertThat(status.managed()).containsExactly("scanning");
    assertThat(status.drift()).isNull();
    var effective = Objects.requireNonNull(status.effective());
    assertThat(effective.tags()).containsOnlyKeys(Owner.TAG);
    assertThat(effective.lifecyclePolicy()).isNull();
    assertThat(Objects.requireNonNull(effective.imageTagMutability()).mode()).isEqualTo("MUTABLE");
    assertThat(Objects.requireNonNull(effective.scanning()).frequency()).isEqualTo("MANUAL");
    assertThat(Conditions.reason(status.conditions())).contains(Reason.IN_SYNC);
  }

  @Test
  void nothingNewIsTheSameStatusAndNoEvent() {
    RepositoryReport again = report(inSync(), owned(), 1, NOW.plusSeconds(3_600));
    assertThat(again.status()).isEqualTo(inSync());
    assertThat(again.occurrences()).isEmpty();
    assertThat(again.driftCorrected()).isEmpty();
  }

  @Test
  void aDocumentThatMeansTheSameKeepsItsText() {
    String text = Samples.FOREIGN.json();
    RepositoryStatus before = withPolicy(RepositoryStatus.BLANK, text);
    String reordered =
        text.replace("{\"Version\":\"2012-10-17\",", "{")
            .replaceFirst("}$", ",\"Version\":\"2012-10-17\"}");
    assertThat(reordered).isNotEqualTo(text);
    assertThat(withPolicy(before, reordered)).isEqualTo(before);
  }

  @Test
  void aBrokenDocumentInTheStatusIsReplaced() {
    RepositoryStatus before = withPolicy(RepositoryStatus.BLANK, Samples.FOREIGN.json());
    var effective = Objects.requireNonNull(before.effective());
    var broken =
        new RepositoryStatus(
            1L,
            before.conditions(),
            before.name(),
            before.visibility(),
            before.arn(),
            before.uri(),
            before.registryId(),
            before.region(),
            before.origin(),
            before.createdAt(),
            before.managed(),
            new dev.ecroperator.api.EffectiveSettings(
                effective.imageTagMutability(),
                effective.encryption(),
                effective.scanning(),
                "{",
                "{\"Stat",
                effective.tags(),
                null),
            null,
            null);
    assertThat(withPolicy(broken, Samples.FOREIGN.json())).isEqualTo(before);
  }

  private static RepositoryStatus withPolicy(RepositoryStatus before, String json) {
    ObservedRepository observed = observed(Samples.owned());
    return report(
            before,
            outcome(
                Hold.OWNED,
                observed.with(
                    observed
                        .settings()
                        .withAccessPolicy(AccessPolicy.document(PolicyDocument.parse(json)))),
                false,
                List.of()),
            1,
            NOW)
        .status();
  }

  @Test
  void whatSomebodyElseChangedIsDrift() {
    RepositoryReport report = report(inSync(), owned(SCANNING), 1, NOW.plusSeconds(60));
    assertThat(told(report)).containsExactly("DriftCorrected");
    assertThat(report.driftCorrected()).containsExactly("scanning");
    assertThat(report.status().drift())
        .isEqualTo(
            new DriftStatus("2026-11-01T12:01:00Z", "2026-11-01T12:01:00Z", List.of("scanning")));
    assertThat(report(report.status(), owned(), 1, NOW.plusSeconds(90)).status())
        .as("the last drift stays in the status")
        .isEqualTo(report.status());
  }

  @Test
  void whatTheManifestChangedIsAnUpdate() {
    RepositoryReport report = report(inSync(), owned(SCANNING), 2, NOW);
    assertThat(told(report)).containsExactly("Updated");
    assertThat(report.status().drift()).isNull();
    assertThat(report.driftCorrected()).isEmpty();
  }

  @Test
  void whatFollowsAFailureIsAnUpdateToo() {
    RepositoryReport failed =
        report(
            RepositoryStatus.BLANK,
            outcome(
                Hold.OWNED,
                observed(Samples.owned()),
                false,
                List.of(),
                new Finding(Reason.THROTTLED, "slow")),
            1,
            NOW);
    assertThat(told(report(failed.status(), owned(SCANNING), 1, NOW))).containsExactly("Updated");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"IN_SYNC", "OBSERVED", "SUSPENDED"},
      mode = EnumSource.Mode.EXCLUDE)
  void aReasonIsWarnedOfOnceAndAgainAfterAnother(Reason reason) {
    RepositoryOutcome bad = outcome(Hold.UNKNOWN, null, false, List.of(), new Finding(reason, "m"));
    RepositoryReport first = report(inSync(), bad, 1, NOW);
    assertThat(first.occurrences()).containsExactly(Occurrence.warning(reason.text(), "m"));
    RepositoryReport second = report(first.status(), bad, 1, NOW.plusSeconds(1));
    assertThat(second.occurrences()).isEmpty();
    assertThat(second.status()).isEqualTo(first.status());
    RepositoryReport healed = report(second.status(), owned(), 1, NOW);
    assertThat(told(healed)).isEmpty();
    assertThat(told(report(healed.status(), bad, 1, NOW))).hasSize(1);
  }

  @Test
  void whatWasKnownStandsWhereNothingWasLearnt() {
    RepositoryStatus before = inSync();
    RepositoryStatus status =
        report(
                before,
                outcome(Hold.UNKNOWN, null, false, List.of(), new Finding(Reason.UNAVAILABLE, "m")),
                2,
                NOW)
            .status();
    assertThat(status.observedGeneration()).as("it moves on failure too").isEqualTo(2);
    assertThat(status.arn()).isEqualTo(before.arn());
    assertThat(status.effective()).isEqualTo(before.effective());
    assertThat(status.origin()).isEqualTo(before.origin());
  }

  @Test
  void aConflictLetsGo() {
    var outcome =
        Samples.outcome(
            Hold.NONE,
            null,
            new TreeSet<>(),
            List.of(new Finding(Reason.CONFLICT, "taken")),
            false,
            List.of(),
            Set.of());
    RepositoryStatus status = report(inSync(), outcome, 1, NOW).status();
    assertThat(status.managed()).isEmpty();
    assertThat(status.origin()).isNull();
    assertThat(status.arn()).isNull();
    assertThat(status.uri()).isNull();
    assertThat(status.effective()).isNull();
    assertThat(status.createdAt()).isNull();
  }

  @Test
  void theOriginSurvivesALostStatus() {
    assertThat(inSync().origin()).as("created after the object").isEqualTo("Created");
    ObservedRepository now = observed(Samples.owned());
    var old =
        new ObservedRepository(
            now.arn(),
            now.uri(),
            NOW.minusSeconds(3_600),
            now.settings(),
            now.scanFrequency(),
            Map.of());
    assertThat(
            report(RepositoryStatus.BLANK, outcome(Hold.OWNED, old, false, List.of()), 1, NOW)
                .status()
                .origin())
        .as("was there before the object")
        .isEqualTo("Adopted");
    assertThat(
            report(inSync(), outcome(Hold.OWNED, old, false, List.of()), 1, NOW).status().origin())
        .as("what is recorded stands")
        .isEqualTo("Created");
    assertThat(
            report(RepositoryStatus.BLANK, outcome(Hold.ADOPTED, now, false, List.of()), 1, NOW)
                .status()
                .origin())
        .isEqualTo("Adopted");
  }

  @Test
  void observingInOrderIsReadyAsObserved() {
    RepositoryReport report =
        report(
            RepositoryStatus.BLANK,
            outcome(Hold.OBSERVED, observed(Tags.NONE), false, List.of()),
            1,
            NOW);
    assertThat(report.verdict().reason()).isEqualTo(Reason.OBSERVED);
    assertThat(report.status().origin()).isNull();
  }

  @Test
  void suspendingMovesOnlyItsOwnCondition() {
    RepositoryStatus before = inSync();
    RepositoryStatus status = RepositoryReport.suspended(before, 7, NOW.plusSeconds(1));
    assertThat(status.observedGeneration()).isEqualTo(1);
    assertThat(status.managed()).isEqualTo(before.managed());
    List<Condition> conditions = Objects.requireNonNull(status.conditions());
    assertThat(conditions).containsAll(Objects.requireNonNull(before.conditions())).hasSize(2);
    assertThat(RepositoryReport.suspended(status, 7, NOW.plusSeconds(2))).isEqualTo(status);
  }

  @Test
  void aFindingBeforeAnyTryKeepsWhatWasKnown() {
    RepositoryStatus before = inSync();
    RepositoryReport report =
        RepositoryReport.ofFinding(
            before, new Finding(Reason.UNAVAILABLE, "no credentials"), 2, "now", NOW);
    assertThat(told(report)).containsExactly("Warning Unavailable");
    assertThat(report.status().arn()).isEqualTo(before.arn());
    assertThat(report.status().managed()).isEqualTo(before.managed());
    assertThat(report.status().observedGeneration()).isEqualTo(2);
    assertThat(report.status().lastHandledReconcileAt()).isEqualTo("now");
  }

  @Test
  void anEditBesideDriftThatIsPutBackIsToldOfItself() {
    RepositoryStatus pending =
        Samples.status(
            "{observedGeneration: 1, drift: {detectedAt: '2026-11-01T12:00:00Z', fields:"
                + " [scanning]}}");

    RepositoryReport report =
        report(
            pending,
            owned(SCANNING, new RepositoryChange.UntagResource(new TreeSet<>(List.of("team")))),
            2,
            NOW);

    assertThat(report.driftCorrected()).containsExactly("scanning");
    assertThat(report.occurrences())
        .extracting(Occurrence::message)
        .containsExactly("put back what was changed in ECR: scanning", "changed tags/team");
  }

  @Test
  void whatMayNotBeReadAnyMoreStaysAsItWasSeenLast() {
    ObservedRepository seen =
        observed(Samples.owned())
            .with(
                observed(Samples.owned()).settings().withLifecyclePolicy(Samples.EXPIRE_UNTAGGED));
    RepositoryStatus before =
        report(RepositoryStatus.BLANK, outcome(Hold.OWNED, seen, false, List.of()), 1, NOW)
            .status();
    ObservedRepository unread =
        new ObservedRepository(
            seen.arn(),
            seen.uri(),
            seen.createdAt(),
            RepositorySettings.UNDECLARED.withTags(Samples.owned()),
            seen.scanFrequency(),
            Map.of(
                Managed.LIFECYCLE_POLICY, Samples.failure(Failure.Kind.DENIED),
                Managed.ACCESS_POLICY, Samples.failure(Failure.Kind.DENIED)));

    RepositoryStatus after =
        report(before, outcome(Hold.OWNED, unread, false, List.of()), 1, NOW).status();

    assertThat(Objects.requireNonNull(after.effective()).lifecyclePolicy())
        .isEqualTo(Samples.EXPIRE_UNTAGGED.json());
  }
}
