package dev.ecroperator.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Points in time as Kubernetes writes them: RFC 3339, UTC, whole seconds. */
public final class Times {
  private Times() {}

  /** The text of a point in time. */
  public static String text(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
