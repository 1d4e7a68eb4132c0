package dev.ecroperator.endtoend;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waiting, on machines that may be slow: long at most, and no longer than needed. */
final class Patience {
  /** How long anything may take that is sure to come. */
  static final Duration LONG = Duration.ofMinutes(5);

  private static final Duration POLL = Duration.ofMillis(50);

  private Patience() {}

  /** Waits until what is looked at is as wanted, and returns it. */
  static <T> T await(String what, Supplier<T> look, Predicate<T> wanted) {
    return await(LONG, what, look, wanted);
  }

  static <T> T await(Duration atMost, String what, Supplier<T> look, Predicate<T> wanted) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      T seen = look.get();
      if (wanted.test(seen)) {
        return seen;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "waited " + atMost + " for " + what + "; seen last: " + Objects.toString(seen));
      }
      pause(POLL);
    }
  }

  /** Looks until nothing new has come for that long, and returns what there is. */
  static <T> List<T> atRest(Duration rest, Supplier<List<T>> look) {
    List<T> before;
    List<T> seen = look.get();
    do {
      before = seen;
      pause(rest);
      seen = look.get();
    } while (seen.size() != before.size());
    return seen;
  }

  /** Lets time pass in which nothing shall happen. */
  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
