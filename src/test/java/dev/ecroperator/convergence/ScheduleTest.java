package dev.ecroperator.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Duration RESYNC = Duration.ofMinutes(5);
  private static final Duration SELDOM = Duration.ofHours(1);

  /** Jitter at its two ends. */
  private static Schedule schedule(Duration resync, boolean longest) {
    RandomGenerator random = () -> longest ? 0L : -1L;
    return new Schedule(resync, random);
  }

  @ParameterizedTest
  @CsvSource({
    "THROTTLED, 1, 1",
    "THROTTLED, 2, 2",
    "UNAVAILABLE, 3, 4",
    "PROGRESSING, 9, 256",
    "THROTTLED, 10, 300",
    "THROTTLED, 1000000, 300",
    "THROTTLED, 0, 1",
    "ACCESS_DENIED, 1, 10",
    "ACCESS_DENIED, 3, 40",
    "PRINCIPAL_NOT_FOUND, 60, 300",
    "INVALID_SPEC, 1, 300",
    "CONFLICT, 7, 300",
    "QUOTA_EXCEEDED, 1, 300",
  })
  void waitsDoubleToAtMostFiveMinutes(Reason reason, int failures, long seconds) {
    assertThat(schedule(RESYNC, true).next(reason, failures, "a", NOW))
        .isEqualTo(Duration.ofSeconds(seconds));
    assertThat(schedule(RESYNC, false).next(reason, failures, "a", NOW))
        .as("half of it is jitter")
        .isBetween(Duration.ofMillis(seconds * 500), Duration.ofMillis(seconds * 501));
  }

  @Test
  void ofSeveralFindingsTheMostUrgentDecidesWhenItIsTriedAgain() {
    List<Finding> both =
        List.of(new Finding(Reason.INVALID_SPEC, "wrong"), new Finding(Reason.THROTTLED, "later"));
    assertThat(schedule(RESYNC, true).next(both, Reason.INVALID_SPEC, 1, "a", NOW))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(schedule(RESYNC, true).next(List.of(), Reason.INVALID_SPEC, 1, "a", NOW))
        .isEqualTo(RESYNC);
  }

  @Test
  void aLookThatIsOverdueHurriesNoPass() {
    Duration next = Duration.ofSeconds(10);
    assertThat(Schedule.earlier(next, Duration.ofSeconds(-1))).isEqualTo(next);
    assertThat(Schedule.earlier(next, Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(9));
    assertThat(Schedule.earlier(next, Duration.ofSeconds(11))).isEqualTo(next);
  }

  @ParameterizedTest
  @CsvSource({"PT30S, 30", "PT5M, 300", "PT1H, 300"})
  void stalledResourcesAreLookedAtSlowlyAndNoRarerThanThoseInSync(Duration resync, long seconds) {
    assertThat(schedule(resync, true).next(Reason.INVALID_SPEC, 1, "a", NOW))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"IN_SYNC", "OBSERVED"})
  void aResourceKeepsItsOwnMomentWithinTheInterval(Reason reason) {
    Schedule schedule = schedule(RESYNC, true);
    Instant first = NOW.plus(schedule.next(reason, 1, "uid", NOW));
    assertThat(first).isAfter(NOW).isBeforeOrEqualTo(NOW.plus(RESYNC));
    Instant between = NOW.plus(Duration.between(NOW, first).dividedBy(2));
    assertThat(between.plus(schedule.next(reason, 1, "uid", between)))
        .isBetween(first.minusMillis(1), first.plusMillis(1));
    assertThat(schedule.next(reason, 1, "uid", first)).isEqualTo(RESYNC);
  }

  @Test
  void thousandsAreSpreadOverTheInterval() {
    Schedule schedule = schedule(RESYNC, true);
    int[] perTenSeconds = new int[30];
    for (int i = 0; i < 3_000; i++) {
      String uid = new UUID(42, i).toString();
      long wait = schedule.next(Reason.IN_SYNC, 1, uid, NOW).toMillis();
      perTenSeconds[(int) Math.min(29, wait / 10_000)]++;
    }
    assertThat(Arrays.stream(perTenSeconds).boxed())
        .allSatisfy(n -> assertThat(n).isBetween(50, 160));
  }

  @Test
  void aRetryNeedsNoNewLookAndEveryOtherPassDoes() {
    Duration next = Duration.ofSeconds(7);
    assertThat(untilLook(Reason.IN_SYNC, next)).isEqualTo(next);
    assertThat(untilLook(Reason.CONFLICT, next, Reason.CONFLICT)).isEqualTo(next);
    assertThat(untilLook(Reason.THROTTLED, next, Reason.THROTTLED)).isEqualTo(SELDOM);
    assertThat(untilLook(Reason.ACCESS_DENIED, next, Reason.ACCESS_DENIED)).isEqualTo(SELDOM);
    assertThat(untilLook(Reason.INVALID_SPEC, next, Reason.INVALID_SPEC, Reason.THROTTLED))
        .as("a retry beside what is stalled")
        .isEqualTo(Schedule.SLOWLY);
  }

  private static Duration untilLook(Reason verdict, Duration next, Reason... found) {
    List<Finding> findings = Arrays.stream(found).map(it -> new Finding(it, "so")).toList();
    return schedule(SELDOM, true).untilLook(findings, verdict, next);
  }
}
