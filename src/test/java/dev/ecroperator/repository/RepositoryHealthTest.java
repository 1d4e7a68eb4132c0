package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import dev.ecroperator.simulator.real.Judges;
import dev.ecroperator.simulator.real.Judges.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What GitOps tools make of the statuses of Repositories, for each reason. */
class RepositoryHealthTest {
  private static final long GENERATION = 3;

  private static RepositoryStatus status(RepositoryStatus before, Reason reason, Instant now) {
    RepositoryOutcome outcome =
        Samples.outcome(
            reason == Reason.OBSERVED ? Hold.OBSERVED : Hold.OWNED,
            Samples.observed(Samples.owned()),
            new TreeSet<>(),
            reason.ready() ? List.of() : List.of(new Finding(reason, "so it is")),
            false,
            List.of(),
            Set.of());
    return RepositoryReport.of(
            before,
            Samples.TARGET,
            outcome,
            Set.of(),
            new RepositoryReport.About(GENERATION, NOW, null, now))
        .status();
  }

  private static Verdict judged(RepositoryStatus status, long generation) {
    return Judges.judge(new Repository(), status, generation);
  }

  @ParameterizedTest
  @EnumSource(names = "SUSPENDED", mode = EnumSource.Mode.EXCLUDE)
  void eachReasonIsUnderstood(Reason reason) {
    Verdict said = judged(status(RepositoryStatus.BLANK, reason, NOW), GENERATION);

    said.assertFollows(reason);
  }

  @ParameterizedTest
  @EnumSource(names = {"ACCESS_DENIED", "PRINCIPAL_NOT_FOUND"})
  void whatHasLastedIsDegraded(Reason reason) {
    RepositoryStatus first = status(RepositoryStatus.BLANK, reason, NOW);

    judged(status(first, reason, NOW.plusSeconds(600)), GENERATION).assertIs("Failed", "Degraded");
  }

  @ParameterizedTest
  @EnumSource(names = "SUSPENDED", mode = EnumSource.Mode.EXCLUDE)
  void anEditIsWaitedForWhateverWasBefore(Reason reason) {
    judged(status(RepositoryStatus.BLANK, reason, NOW), GENERATION + 1)
        .assertIs("InProgress", "Progressing");
  }

  @Test
  void whatTheOperatorHasNotSeenIsProgressing() {
    var seeded =
        RepositoryStatus.BLANK.standing(-1L, List.of(), null); // as the CRD's default has it
    judged(seeded, 1).assertIs("InProgress", "Progressing");
  }

  @Test
  void suspendedIsItsOwnHealthUntilItIsResumed() {
    RepositoryStatus before = status(RepositoryStatus.BLANK, Reason.IN_SYNC, NOW);
    RepositoryStatus suspended = RepositoryReport.suspended(before, GENERATION + 1, NOW);

    // kstatus knows no suspension: what waits for it waits until the object is resumed.
    judged(suspended, GENERATION + 1).assertIs("InProgress", "Suspended");
    judged(suspended, GENERATION + 2).assertIs("InProgress", "Progressing");
    RepositoryStatus never = RepositoryReport.suspended(RepositoryStatus.BLANK, 1, NOW);
    assertThat(judged(never, 1).health()).isEqualTo("Suspended");
    assertThat(Conditions.find(never.conditions(), "Stalled")).isPresent();
  }
}
