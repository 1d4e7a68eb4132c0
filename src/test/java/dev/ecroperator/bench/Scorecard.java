package dev.ecroperator.bench;

import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What was measured, beside its goals. Counts are the same on any machine; times are not. */
final class Scorecard {
  private final PrintStream out;
  private boolean allCountsReached = true;
  private boolean allTimesReached = true;

  Scorecard(PrintStream out) {
    this.out = out;
  }

  /** A count per repository; a goal that is not a number is none. */
  void count(String what, long count, int repositories, double goal) {
    double each = (double) count / repositories;
    boolean reached = Double.isNaN(goal) || each <= goal;
    allCountsReached &= reached;
    line(
        what,
        "%.3f".formatted(each),
        Double.isNaN(goal) ? "" : "at most " + goal + (reached ? "" : "  MISSED"));
  }

  /** A time, and how much of the goal it took. Others on the machine may make it longer. */
  void time(String what, Duration elapsed, @Nullable Duration goal) {
    double seconds = elapsed.toMillis() / 1_000.0;
    String beside = "";
    if (goal != null) {
      double ratio = seconds * 1_000 / goal.toMillis();
      allTimesReached &= ratio <= 1;
      beside =
          "goal %.1f s, ratio %.2f".formatted(goal.toMillis() / 1_000.0, ratio)
              + (ratio <= 1 ? "" : "  MISSED");
    }
    line(what, "%.1f s".formatted(seconds), beside);
  }

  void tell(String what, String value) {
    line(what, value, "");
  }

  private void line(String what, String value, String goal) {
    out.println("%-48s %10s  %s".formatted(what, value, goal).stripTrailing());
    out.flush();
  }

  boolean allCountsReached() {
    return allCountsReached;
  }

  boolean allTimesReached() {
    return allTimesReached;
  }
}
