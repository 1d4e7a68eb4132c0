package dev.ecroperator.telemetry;

import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the JDK itself warns of, such as its HTTP server, logged as the warnings of libraries are.
 * Its own handler would print two lines for each. (jul-to-slf4j would do it, but with the arguments
 * filled in, which {@link LogLine} leaves out.)
 */
final class JdkWarnings extends Handler {
  private JdkWarnings() {
    setLevel(Level.WARNING);
  }

  /** Takes the place of the JDK's handlers. */
  static void take() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new JdkWarnings());
    // Else the JDK would make records of what nobody is told.
    root.setLevel(Level.WARNING);
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      LoggerFactory.getLogger(Objects.requireNonNullElse(entry.getLoggerName(), "jdk"))
          .atLevel(level(entry))
          .setCause(entry.getThrown())
          .log(Objects.requireNonNullElse(entry.getMessage(), ""));
    }
  }

  private static org.slf4j.event.Level level(LogRecord entry) {
    return entry.getLevel().intValue() >= Level.SEVERE.intValue()
        ? org.slf4j.event.Level.ERROR
        : org.slf4j.event.Level.WARN;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
