package dev.ecroperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConditionsTest {
  private static final Verdict SUSPENDED = new Verdict(Reason.SUSPENDED, "nothing is done");

  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  private static List<Condition> after(List<Condition> before, Reason reason, Instant now) {
    return Conditions.after(before, new Verdict(reason, "because"), 3, now);
  }

  private static String told(List<Condition> conditions) {
    return conditions.stream()
        .map(c -> c.type() + "=" + c.status() + " " + c.reason())
        .collect(Collectors.joining(", "));
  }

  private static Condition condition(List<Condition> conditions, String type) {
    return Conditions.find(conditions, type).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "InSync, True, ''",
    "Observed, True, ''",
    "Progressing, False, Reconciling",
    "Throttled, False, Reconciling",
    "Unavailable, False, Reconciling",
    "AccessDenied, False, Reconciling",
    "PrincipalNotFound, False, Reconciling",
    "DriftDetected, False, Stalled",
    "NotFound, False, Stalled",
    "InvalidSpec, False, Stalled",
    "ImmutableConflict, False, Stalled",
    "Conflict, False, Stalled",
    "AlreadyExists, False, Stalled",
    "NotPermitted, False, Stalled",
    "QuotaExceeded, False, Stalled",
    "KmsKeyUnusable, False, Stalled",
    "RepositoryNotEmpty, False, Stalled",
  })
  void everyReasonHasItsConditions(String text, String ready, String companion) {
    Reason reason =
        Arrays.stream(Reason.values()).filter(r -> r.text().equals(text)).findFirst().orElseThrow();
    List<Condition> conditions = after(List.of(), reason, NOW);
    assertThat(told(conditions))
        .isEqualTo(
            "Ready="
                + ready
                + " "
                + text
                + (companion.isEmpty() ? "" : ", " + companion + "=True " + text));
    assertThat(conditions)
        .allSatisfy(
            c -> {
              assertThat(c.observedGeneration()).isEqualTo(3);
              assertThat(c.message()).isEqualTo("because");
              assertThat(c.lastTransitionTime()).isEqualTo("2026-11-01T12:00:00Z");
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"ACCESS_DENIED", "PRINCIPAL_NOT_FOUND"})
  void aLastingRefusalIsStalledAfterFiveMinutesAndStaysSo(Reason reason) {
    List<Condition> conditions = after(List.of(), reason, NOW);
    conditions = after(conditions, reason, NOW.plus(Duration.ofSeconds(299)));
    assertThat(told(conditions)).contains("Reconciling=True");
    conditions = after(conditions, reason, NOW.plus(Duration.ofMinutes(5)));
    assertThat(told(conditions)).contains("Stalled=True").doesNotContain("Reconciling");
    conditions = after(conditions, reason, NOW.plus(Duration.ofSeconds(301)));
    assertThat(told(conditions)).contains("Stalled=True").doesNotContain("Reconciling");
    conditions = after(conditions, Reason.IN_SYNC, NOW.plus(Duration.ofSeconds(302)));
    assertThat(told(conditions)).isEqualTo("Ready=True InSync");
  }

  @Test
  void anotherReasonsTimeDoesNotCountForARefusal() {
    List<Condition> conditions = after(List.of(), Reason.UNAVAILABLE, NOW);
    conditions = after(conditions, Reason.ACCESS_DENIED, NOW.plus(Duration.ofMinutes(10)));
    assertThat(told(conditions)).contains("Reconciling=True AccessDenied");
    conditions = after(conditions, Reason.ACCESS_DENIED, NOW.plus(Duration.ofMinutes(14)));
    assertThat(told(conditions)).contains("Reconciling=True AccessDenied");
    conditions = after(conditions, Reason.ACCESS_DENIED, NOW.plus(Duration.ofMinutes(15)));
    assertThat(told(conditions)).contains("Stalled=True AccessDenied");
  }

  @Test
  void readyKeepsItsTimeWhileItsStatusStays() {
    List<Condition> first = after(List.of(), Reason.UNAVAILABLE, NOW);
    List<Condition> second = after(first, Reason.INVALID_SPEC, NOW.plusSeconds(60));
    assertThat(condition(second, "Ready").lastTransitionTime()).isEqualTo("2026-11-01T12:00:00Z");
    List<Condition> third = after(second, Reason.IN_SYNC, NOW.plusSeconds(120));
    assertThat(condition(third, "Ready").lastTransitionTime()).isEqualTo("2026-11-01T12:02:00Z");
  }

  @Test
  void nothingNewIsEqual() {
    for (Reason reason : List.of(Reason.IN_SYNC, Reason.CONFLICT, Reason.THROTTLED)) {
      List<Condition> first = after(List.of(), reason, NOW);
      assertThat(after(first, reason, NOW.plus(Duration.ofDays(1)))).isEqualTo(first);
    }
  }

  @Test
  void suspendingLeavesWhatWasKnownAsItWas() {
    List<Condition> before = after(List.of(), Reason.IN_SYNC, NOW);
    List<Condition> suspended = Conditions.suspended(before, SUSPENDED, 4, NOW.plusSeconds(9));
    assertThat(told(suspended)).isEqualTo("Ready=True InSync, Suspended=True Suspended");
    assertThat(condition(suspended, "Ready")).isEqualTo(before.getFirst());
    assertThat(condition(suspended, "Suspended").observedGeneration()).isEqualTo(4);
    List<Condition> edited = Conditions.suspended(suspended, SUSPENDED, 5, NOW.plusSeconds(20));
    assertThat(condition(edited, "Ready")).isEqualTo(before.getFirst());
    assertThat(condition(edited, "Suspended").observedGeneration()).isEqualTo(5);
    assertThat(condition(edited, "Suspended").lastTransitionTime())
        .isEqualTo("2026-11-01T12:00:09Z");
    assertThat(told(after(edited, Reason.IN_SYNC, NOW))).isEqualTo("Ready=True InSync");
  }

  @Test
  void whatWasNeverReconciledIsStalledWhileSuspended() {
    assertThat(told(Conditions.suspended(null, SUSPENDED, 1, NOW)))
        .isEqualTo("Ready=False Suspended, Stalled=True Suspended, Suspended=True Suspended");
  }

  @Test
  void theReasonIsReadBackAndAnUnknownOneIsNone() {
    assertThat(Conditions.reason(after(List.of(), Reason.CONFLICT, NOW))).contains(Reason.CONFLICT);
    assertThat(Conditions.reason(null)).isEmpty();
    assertThat(Conditions.reason(List.of(new Condition("Ready", "False", "Later", "", 1L, null))))
        .isEmpty();
  }
}
