package dev.ecroperator.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells the demo, line by line. */
final class Narrator {
  private final PrintStream out;
  private final long started = System.nanoTime();

  Narrator(PrintStream out) {
    this.out = out;
  }

  /** The heading of a scene. */
  void scene(String title) {
    out.printf("%n── %s%n", title);
  }

  /** Something that happened, with the time since the start. */
  void tell(String text) {
    double seconds = Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0;
    out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, text);
  }

  /** A line that belongs to the one before. */
  void detail(String text) {
    out.printf("          %s%n", text);
  }

  /** Text as it is, such as a command to type. */
  void plain(String text) {
    out.println(text);
  }
}
