package dev.ecroperator.convergence;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * When a resource is looked at again.
 *
 * @param resync how often a resource in sync is compared with AWS
 * @param random the jitter's source
 */
public record Schedule(Duration resync, RandomGenerator random) {

  /** The longest wait between two tries, whatever the reason. */
  public static final Duration SLOWLY = Duration.ofMinutes(5);

  private static final Set<Reason.Companion> RETRIED =
      EnumSet.of(Reason.Companion.RECONCILING, Reason.Companion.RECONCILING_THEN_STALLED);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  /** Permissions and principals take a while to spread through IAM: asking sooner is in vain. */
  private static final Duration FIRST_SLOW_RETRY = Duration.ofSeconds(10);

  /** Half of the wait is certain, half is jitter, so that resources that failed together part. */
  private static final double JITTER = 0.5;

  /**
   * The wait before the next pass.
   *
   * @param reason what this pass found
   * @param failures how many passes in a row failed, this one included
   * @param identity a value that stays with the resource: it spreads resyncs over the interval
   */
  public Duration next(Reason reason, int failures, String identity, Instant now) {
    return switch (reason.companion()) {
      case STALLED -> withJitter(slowly());
      case RECONCILING_THEN_STALLED -> withJitter(exponential(FIRST_SLOW_RETRY, failures));
      case RECONCILING -> withJitter(exponential(FIRST_RETRY, failures));
      case NONE -> untilPhase(resync, identity, now);
    };
  }

  /**
   * The wait before the next pass, where several things were found: the most urgent decides, so
   * that a field that was throttled does not wait with one that is wrong.
   */
  public Duration next(
      List<Finding> findings, Reason verdict, int failures, String identity, Instant now) {
    return findings.stream()
        .map(finding -> next(finding.reason(), failures, identity, now))
        .min(Comparator.naturalOrder())
        .orElseGet(() -> next(verdict, failures, identity, now));
  }

  /**
   * How long what a pass saw may be planned on, where the pass after it comes in {@code next}. A
   * retry is about what failed, and needs no new look; every other pass is there to look.
   */
  public Duration untilLook(List<Finding> findings, Reason verdict, Duration next) {
    if (!isRetry(findings)) {
      return next;
    }
    return verdict.companion() == Reason.Companion.STALLED ? slowly() : resync;
  }

  /** Whether the pass after one that found this tries something again. */
  public static boolean isRetry(List<Finding> findings) {
    return findings.stream()
        .map(finding -> finding.reason().companion())
        .anyMatch(RETRIED::contains);
  }

  /** The earlier of the next pass and the next look; a look that is overdue does not hurry it. */
  public static Duration earlier(Duration next, Duration untilLook) {
    return untilLook.isNegative() || next.compareTo(untilLook) < 0 ? next : untilLook;
  }

  /** Stalled resources are looked at as often as those in sync, and never rarer than SLOWLY. */
  private Duration slowly() {
    return resync.compareTo(SLOWLY) < 0 ? resync : SLOWLY;
  }

  private static Duration exponential(Duration first, int failures) {
    int doublings = Math.clamp(failures - 1L, 0, 20);
    Duration delay = first.multipliedBy(1L << doublings);
    return delay.compareTo(SLOWLY) < 0 ? delay : SLOWLY;
  }

  private Duration withJitter(Duration longest) {
    double share = 1 - JITTER * random.nextDouble();
    return Duration.ofMillis((long) (longest.toMillis() * share));
  }

  /**
   * The time until this resource's own moment within the interval. Thousands that started together
   * are so spread over it from the first resync on, and no one waits for longer than the interval.
   */
  private static Duration untilPhase(Duration interval, String identity, Instant now) {
    long length = interval.toMillis();
    long phase = Math.floorMod(new SplittableRandom(identity.hashCode()).nextLong(), length);
    long wait = Math.floorMod(phase - now.toEpochMilli(), length);
    return Duration.ofMillis(wait == 0 ? length : wait);
  }
}
