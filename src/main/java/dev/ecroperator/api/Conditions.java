package dev.ecroperator.api;

import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a status: {@code Ready} always; {@code Reconciling}, {@code Stalled} and {@code
 * Suspended} only while True, as kstatus wants them; {@code Synced} where images are replicated.
 */
public final class Conditions {
  /** Whether everything is as declared. */
  public static final String READY = "Ready";

  /** Work is under way, or is tried again by itself. */
  public static final String RECONCILING = "Reconciling";

  /** It goes on only when somebody acts. */
  public static final String STALLED = "Stalled";

  /** {@code spec.suspend} keeps it as it is. */
  public static final String SUSPENDED = "Suspended";

  /** An ImageReplication's: whether the images have arrived, as a sample tells. */
  public static final String SYNCED = "Synced";

  /** How long a lasting refusal counts as work under way. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private Conditions() {}

  /**
   * The conditions after a pass.
   *
   * @param previous the conditions before it; null for none
   * @param generation the generation that the verdict is about
   */
  public static List<Condition> after(
      @Nullable List<Condition> previous, Verdict verdict, long generation, Instant now) {
    List<Condition> before = previous == null ? List.of() : previous;
    List<Condition> after = new ArrayList<>();
    after.add(
        condition(
            before, READY, verdict.reason().ready() ? "True" : "False", verdict, generation, now));
    String companion = companion(before, verdict.reason(), now);
    if (companion != null) {
      after.add(condition(before, companion, "True", verdict, generation, now));
    }
    return List.copyOf(after);
  }

  /**
   * A condition of a kind's own, beside Ready and its companions.
   *
   * @param previous the conditions before the pass, which tell since when it is as it is
   */
  public static Condition of(
      @Nullable List<Condition> previous,
      String type,
      String status,
      String reason,
      String message,
      long generation,
      Instant now) {
    String since =
        find(previous, type)
            .filter(c -> status.equals(c.status()))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> Times.text(now));
    return new Condition(type, status, reason, message, generation, since);
  }

  /**
   * The conditions of an object that is suspended: what was known stays as it was.
   *
   * @param verdict what suspension means for its kind
   */
  public static List<Condition> suspended(
      @Nullable List<Condition> previous, Verdict verdict, long generation, Instant now) {
    List<Condition> before = previous == null ? List.of() : previous;
    List<Condition> after =
        new ArrayList<>(
            find(before, READY).isPresent()
                ? before.stream().filter(c -> !SUSPENDED.equals(c.type())).toList()
                : after(null, verdict, generation, now));
    after.add(condition(before, SUSPENDED, "True", verdict, generation, now));
    return List.copyOf(after);
  }

  /** The condition of a type, where there is one. */
  public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(c -> type.equals(c.type())).findFirst();
  }

  /**
   * Whether a pass has told how the object stands: of a status that was wiped the API server leaves
   * the CRD's default, not nothing.
   */
  public static boolean isTold(@Nullable List<Condition> conditions) {
    return conditions != null && !conditions.isEmpty();
  }

  /** The reason of Ready; empty where there is none yet, or one that this version does not know. */
  public static Optional<Reason> reason(@Nullable List<Condition> conditions) {
    return find(conditions, READY)
        .flatMap(
            ready ->
                Arrays.stream(Reason.values())
                    .filter(reason -> reason.text().equals(ready.reason()))
                    .findFirst());
  }

  /**
   * The Warning event of a verdict: one where Ready is not True, and is not so for that reason
   * already.
   */
  public static Optional<Occurrence> warning(@Nullable List<Condition> previous, Verdict verdict) {
    String reason = verdict.reason().text();
    boolean toldAlready =
        find(previous, READY).map(Condition::reason).filter(reason::equals).isPresent();
    return verdict.reason().ready() || toldAlready
        ? Optional.empty()
        : Optional.of(Occurrence.warning(reason, verdict.message()));
  }

  private static @Nullable String companion(List<Condition> before, Reason reason, Instant now) {
    return switch (reason.companion()) {
      case NONE -> null;
      case RECONCILING -> RECONCILING;
      case STALLED -> STALLED;
      case RECONCILING_THEN_STALLED -> lasted(before, reason, now) ? STALLED : RECONCILING;
    };
  }

  private static boolean lasted(List<Condition> before, Reason reason, Instant now) {
    if (find(before, STALLED).filter(c -> reason.text().equals(c.reason())).isPresent()) {
      return true;
    }
    return find(before, RECONCILING)
        .filter(c -> reason.text().equals(c.reason()))
        .map(Condition::lastTransitionTime)
        .filter(since -> !Instant.parse(since).plus(PATIENCE).isAfter(now))
        .isPresent();
  }

  private static Condition condition(
      List<Condition> before,
      String type,
      String status,
      Verdict verdict,
      long generation,
      Instant now) {
    String reason = verdict.reason().text();
    String since =
        find(before, type)
            .filter(c -> status.equals(c.status()))
            // Ready keeps its time while it stays False; its companions tell since when for what.
            .filter(c -> type.equals(READY) || Objects.equals(c.reason(), reason))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> Times.text(now));
    return new Condition(type, status, reason, verdict.message(), generation, since);
  }
}
