package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Waiting, on machines that may be slow: long at most, and no longer than needed. */
public final class Patience {
  /** How long anything may take that is sure to come. */
  static final Duration LONG = Duration.ofMinutes(5);

  private static final Duration POLL = Duration.ofMillis(50);

  private Patience() {}

  /** Waits until what is looked at is as wanted, and returns it. */
  static <T> T await(String what, Supplier<T> look, Predicate<T> wanted) {
    return await(LONG, what, look, wanted);
  }

  static <T> T await(Duration atMost, String what, Supplier<T> look, Predicate<T> wanted) {
    var seen = new AtomicReference<T>();
    polling(POLL)
        .atMost(atMost)
        .untilAsserted(
            () -> {
              seen.set(look.get());
              assertThat(wanted.test(seen.get()))
                  .as("waited for %s; seen last: %s", what, seen.get())
                  .isTrue();
            });
    return seen.get();
  }

  /** Looks until nothing new has come for that long, and returns what there is. */
  public static <T> List<T> atRest(Duration rest, Supplier<List<T>> look) {
    var seen = new AtomicReference<>(look.get());
    polling(rest)
        .pollDelay(rest)
        .atMost(LONG)
        .until(
            () -> {
              List<T> now = look.get();
              return seen.getAndSet(now).size() == now.size();
            });
    return seen.get();
  }

  /**
   * Looks again and again for that long, and fails as soon as an assertion does not hold: for what
   * shall not happen, since its absence cannot be waited for.
   */
  static void throughout(Duration window, ThrowingRunnable assertions) {
    polling(POLL)
        .failFast("it did not stay so", assertions)
        .during(window)
        .atMost(window.plusMinutes(1))
        .until(() -> true);
  }

  private static ConditionFactory polling(Duration interval) {
    // What other tests' threads throw meanwhile is theirs.
    return Awaitility.await()
        .dontCatchUncaughtExceptions()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(interval);
  }
}
