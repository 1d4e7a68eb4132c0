package dev.ecroperator.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import dev.ecroperator.convergence.Excerpt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/**
 * What one log line may say, whoever logs it: never a token, a policy or another document of a
 * user.
 *
 * <ul>
 *   <li>Of the fields, those of {@link #FIELDS}; the others are dropped.
 *   <li>Of our own messages, a bounded length on one line. Of the libraries' messages, the text as
 *       it stands in their code: what they fill in may be a whole object, as in "could not
 *       deserialize" and what.
 *   <li>Of exceptions, the classes and where in the code; no message, for it may quote the same.
 * </ul>
 *
 * @param time when
 * @param level how grave
 * @param logger who says it
 * @param message what is said
 * @param fields the rest, numbers as numbers
 * @param exceptions the exceptions' classes, the outermost first; empty for none
 * @param frames where the innermost exception was thrown; empty for none
 */
record LogLine(
    Instant time,
    String level,
    String logger,
    String message,
    Map<String, Object> fields,
    List<String> exceptions,
    List<String> frames) {

  /** The fields that a line may have, beside those of every line. */
  static final Set<String> FIELDS =
      Set.of(
          // Of a resource and of what was done about it.
          "resource",
          "generation",
          "reason",
          // Of a call to AWS.
          "operation",
          "code",
          "requestId",
          // Of the process.
          "region",
          "ownerId",
          "port",
          "setting");

  static final int LONGEST_MESSAGE = 500;
  static final int LONGEST_FIELD = 300;
  private static final int MOST_EXCEPTIONS = 5;
  private static final int MOST_FRAMES = 20;
  private static final String OURS = "dev.ecroperator";

  /** What may be said of an event. */
  static LogLine of(ILoggingEvent event) {
    boolean ours = event.getLoggerName().startsWith(OURS);
    Map<String, Object> fields = new LinkedHashMap<>();
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    for (KeyValuePair pair : pairs == null ? List.<KeyValuePair>of() : pairs) {
      if (ours && pair.value != null && FIELDS.contains(pair.key)) {
        fields.put(
            pair.key,
            pair.value instanceof Number number
                ? number
                : bounded(pair.value.toString(), LONGEST_FIELD));
      }
    }
    List<String> exceptions = new ArrayList<>();
    List<String> frames = new ArrayList<>();
    for (IThrowableProxy thrown = event.getThrowableProxy();
        thrown != null && exceptions.size() < MOST_EXCEPTIONS;
        thrown = thrown.getCause()) {
      exceptions.add(thrown.getClassName());
      frames.clear();
      Arrays.stream(thrown.getStackTraceElementProxyArray())
          .limit(MOST_FRAMES)
          .map(StackTraceElementProxy::getStackTraceElement)
          .map(StackTraceElement::toString)
          .forEach(frames::add);
    }
    return new LogLine(
        event.getInstant(),
        event.getLevel().toString(),
        event.getLoggerName(),
        bounded(ours ? event.getFormattedMessage() : event.getMessage(), LONGEST_MESSAGE),
        fields,
        exceptions,
        frames);
  }

  /** One line of it: a message with a line break in it would be taken for two entries. */
  private static String bounded(String text, int longest) {
    return Excerpt.of(OneLine.of(text), longest);
  }
}
