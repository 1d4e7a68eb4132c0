package dev.ecroperator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.DriftStatus;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Verdict;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DriftRecordTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  private static RepositoryStatus status(Reason reason) {
    return RepositoryStatus.BLANK.standing(
        1L, Conditions.after(null, new Verdict(reason, "so"), 1, NOW), null);
  }

  private static RepositoryStatus status(Reason reason, DriftStatus drift) {
    RepositoryStatus s = status(reason);
    return new RepositoryStatus(
        1L,
        s.conditions(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        drift,
        null);
  }

  private static RepositoryOutcome outcome(List<RepositoryChange> applied, String... failed) {
    return Samples.outcome(
        Hold.OWNED, null, new TreeSet<>(), List.of(), false, applied, Set.of(failed));
  }

  /** What a pass came to that holds the scanning still. */
  private static RepositoryOutcome holding(List<RepositoryChange> applied) {
    return Samples.outcome(
        Hold.OWNED, null, new TreeSet<>(Set.of("scanning")), List.of(), false, applied, Set.of());
  }

  private static final RepositoryChange SCANNING =
      new RepositoryChange.PutImageScanningConfiguration(true);

  @Test
  void whatIsPutBackAtOnceIsDetectedAndCorrected() {
    DriftRecord drift =
        DriftRecord.of(status(Reason.IN_SYNC), outcome(List.of(SCANNING)), Set.of(), 1, NOW);

    assertThat(drift.corrected()).containsExactly("scanning");
    assertThat(drift.last())
        .isEqualTo(
            new DriftStatus("2026-11-01T12:00:00Z", "2026-11-01T12:00:00Z", List.of("scanning")));
  }

  @Test
  void aRepositoryThatWasDeletedComesFirstAmongItsFields() {
    var recreated =
        Samples.outcome(
            Hold.OWNED,
            null,
            new TreeSet<>(),
            List.of(),
            true,
            List.of(new RepositoryChange.DeleteRepositoryPolicy(AccessPolicy.Scope.OWN_STATEMENTS)),
            Set.of());

    DriftRecord drift = DriftRecord.of(status(Reason.IN_SYNC), recreated, Set.of(), 1, NOW);

    assertThat(drift.last())
        .extracting(DriftStatus::fields)
        .isEqualTo(List.of("repository", "accessPolicy"));
  }

  @Test
  void whatCannotBePutBackYetIsDetected() {
    DriftRecord drift =
        DriftRecord.of(status(Reason.IN_SYNC), outcome(List.of(), "scanning"), Set.of(), 1, NOW);

    assertThat(drift.corrected()).isEmpty();
    assertThat(drift.last())
        .isEqualTo(new DriftStatus("2026-11-01T12:00:00Z", null, List.of("scanning")));
  }

  @Test
  void whatWasDetectedIsCorrectedLater() {
    var pending = new DriftStatus("2026-11-01T12:00:00Z", null, List.of("scanning"));

    DriftRecord still =
        DriftRecord.of(
            status(Reason.THROTTLED, pending), outcome(List.of(), "scanning"), Set.of(), 1, LATER);
    DriftRecord done =
        DriftRecord.of(
            status(Reason.THROTTLED, pending), holding(List.of(SCANNING)), Set.of(), 1, LATER);

    assertThat(still.last()).isEqualTo(pending);
    assertThat(done.corrected()).containsExactly("scanning");
    assertThat(done.last())
        .isEqualTo(
            new DriftStatus("2026-11-01T12:00:00Z", "2026-11-01T12:01:00Z", List.of("scanning")));
  }

  @Test
  void anEditIsNoDrift() {
    DriftRecord drift =
        DriftRecord.of(status(Reason.IN_SYNC), outcome(List.of(SCANNING)), Set.of(), 2, NOW);

    assertThat(drift).isEqualTo(new DriftRecord(null, List.of()));
  }

  @Test
  void whatIsMendedAfterAFailureIsNoDrift() {
    DriftRecord drift =
        DriftRecord.of(status(Reason.THROTTLED), outcome(List.of(SCANNING)), Set.of(), 1, NOW);

    assertThat(drift).isEqualTo(new DriftRecord(null, List.of()));
  }

  @Test
  void aFieldThatWasAsDeclaredDriftsThoughAnotherIsInTheWay() {
    RepositoryOutcome outcome = outcome(List.of(SCANNING), "lifecyclePolicy", "imageTagMutability");
    Set<String> settled = Set.of("scanning", "imageTagMutability");

    DriftRecord drift = DriftRecord.of(status(Reason.INVALID_SPEC), outcome, settled, 1, NOW);

    assertThat(drift.corrected()).containsExactly("scanning");
    assertThat(drift.last())
        .isEqualTo(
            new DriftStatus(
                "2026-11-01T12:00:00Z", null, List.of("scanning", "imageTagMutability")));
  }

  @Test
  void driftBesideOneThatIsPendingIsToldToo() {
    var pending = new DriftStatus("2026-11-01T12:00:00Z", null, List.of("accessPolicy"));
    RepositoryOutcome outcome = outcome(List.of(SCANNING), "accessPolicy", "imageTagMutability");
    Set<String> settled = Set.of("scanning", "imageTagMutability");

    DriftRecord drift =
        DriftRecord.of(status(Reason.ACCESS_DENIED, pending), outcome, settled, 1, LATER);

    assertThat(drift.corrected()).containsExactly("scanning");
    assertThat(drift.last())
        .isEqualTo(
            new DriftStatus(
                "2026-11-01T12:00:00Z",
                null,
                List.of("accessPolicy", "scanning", "imageTagMutability")));
  }

  @ParameterizedTest
  @CsvSource({
    "accessPolicy, '', ''",
    "accessPolicy.json, '', ''",
    "'', accessPolicy, ''",
    "'', '', accessPolicy.json"
  })
  void whatWasDetectedIsPendingUntilItIsSeenToBeAsDeclared(
      String failed, String unseen, String unreadable) {
    var pending = new DriftStatus("2026-11-01T12:00:00Z", null, List.of("accessPolicy"));
    var outcome =
        new RepositoryOutcome(
            Hold.OWNED,
            null,
            new TreeSet<>(),
            List.of(),
            false,
            List.of(),
            Set.of(failed),
            Set.of(unseen),
            Set.of(unreadable),
            Map.of(),
            List.of());

    assertThat(
            DriftRecord.of(status(Reason.INVALID_SPEC, pending), outcome, Set.of(), 1, LATER)
                .last())
        .isEqualTo(pending);
  }

  @Test
  void whatIsDeclaredNoLongerIsNotPutBack() {
    var open = new DriftStatus("2026-11-01T12:00:00Z", null, List.of("scanning"));
    RepositoryOutcome released =
        outcome(List.of(new RepositoryChange.PutImageScanningConfiguration(false)));

    assertThat(DriftRecord.of(status(Reason.THROTTLED, open), released, Set.of(), 2, LATER))
        .isEqualTo(new DriftRecord(null, List.of()));
    assertThat(DriftRecord.of(status(Reason.THROTTLED, open), outcome(List.of()), Set.of(), 2, NOW))
        .as("at its default already")
        .isEqualTo(new DriftRecord(null, List.of()));
  }

  @Test
  void whatIsDeclaredStillIsPutBackThoughTheRestOfTheDriftIsNot() {
    var open = new DriftStatus("2026-11-01T12:00:00Z", null, List.of("tags/team", "scanning"));

    DriftRecord drift =
        DriftRecord.of(
            status(Reason.THROTTLED, open), holding(List.of(SCANNING)), Set.of(), 2, LATER);

    assertThat(drift.corrected()).containsExactly("scanning");
    assertThat(drift.last())
        .isEqualTo(
            new DriftStatus("2026-11-01T12:00:00Z", "2026-11-01T12:01:00Z", List.of("scanning")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Hold.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OWNED", "ADOPTED"})
  void whatAPassCannotTellTheObjectsIsNeitherPutBackNorDeclaredNoLonger(Hold hold) {
    var pending = new DriftStatus("2026-11-01T12:00:00Z", null, List.of("scanning"));
    RepositoryOutcome blind =
        Samples.outcome(hold, null, new TreeSet<>(), List.of(), false, List.of(), Set.of());

    assertThat(DriftRecord.of(status(Reason.THROTTLED, pending), blind, Set.of(), 1, LATER))
        .isEqualTo(new DriftRecord(pending, List.of()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Hold.class,
      names = {"OWNED", "ADOPTED"})
  void whatIsAsDeclaredInARepositoryThatIsTheObjectsIsPutBack(Hold hold) {
    var pending = new DriftStatus("2026-11-01T12:00:00Z", null, List.of("scanning"));
    RepositoryOutcome outcome =
        Samples.outcome(
            hold, null, new TreeSet<>(Set.of("scanning")), List.of(), false, List.of(), Set.of());

    assertThat(
            DriftRecord.of(status(Reason.THROTTLED, pending), outcome, Set.of(), 1, LATER).last())
        .isEqualTo(
            new DriftStatus("2026-11-01T12:00:00Z", "2026-11-01T12:01:00Z", List.of("scanning")));
  }

  @Test
  void aRepositoryThatWasDeletedAndCouldNotBeCreatedAtOnceIsPutBackByItsCreation() {
    var pending = new DriftStatus("2026-11-01T12:00:00Z", null, List.of("repository"));
    RepositoryOutcome created =
        Samples.outcome(Hold.OWNED, null, new TreeSet<>(), List.of(), true, List.of(), Set.of());

    DriftRecord drift =
        DriftRecord.of(status(Reason.THROTTLED, pending), created, Set.of(), 1, LATER);

    assertThat(drift.corrected()).containsExactly("repository");
    assertThat(drift.last())
        .isEqualTo(
            new DriftStatus("2026-11-01T12:00:00Z", "2026-11-01T12:01:00Z", List.of("repository")));
  }
}
