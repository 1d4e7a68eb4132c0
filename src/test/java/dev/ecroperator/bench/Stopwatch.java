package dev.ecroperator.bench;

import java.time.Duration;

/** Time by the monotonic clock. */
record Stopwatch(long startedAt) {
  static Stopwatch start() {
    return new Stopwatch(System.nanoTime());
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }
}
