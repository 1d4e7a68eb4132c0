package dev.ecroperator.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/** How the process logs: one line an entry, on standard error; what it may say: {@link LogLine}. */
public final class Logging {
  private static final JsonFactory JSON = new JsonFactory();

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private Logging() {}

  /**
   * Sets up logging.
   *
   * @param format {@code json} or {@code text}
   * @param level {@code error}, {@code warn}, {@code info} or {@code debug}: ours; the libraries
   *     say warnings and errors only
   */
  public static void start(String format, String level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var encoder = new Lines(format.equals("json") ? Logging::json : Logging::text);
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Level ours = Level.toLevel(level.toUpperCase(Locale.ROOT));
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
    context.getLogger("dev.ecroperator").setLevel(ours);
    // Tells of each try, with a stack trace; the lease tells itself when it cannot be used.
    context.getLogger("io.fabric8.kubernetes.client.extended.leaderelection").setLevel(Level.ERROR);
    // Warns at every start that v1alpha1 is no stable version.
    context
        .getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
        .setLevel(Level.ERROR);
    JdkWarnings.take();
  }

  /** Writes each event as one line. */
  private static final class Lines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};
    private final Function<LogLine, String> format;

    Lines(Function<LogLine, String> format) {
      this.format = format;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      return (format.apply(LogLine.of(event)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] headerBytes() {
      return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
      return NOTHING;
    }
  }

  /** For machines: an object without depth, but for the exception. */
  static String json(LogLine line) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("time", line.time().toString());
      out.writeStringField("level", line.level());
      out.writeStringField("logger", line.logger());
      out.writeStringField("message", line.message());
      for (Map.Entry<String, Object> field : line.fields().entrySet()) {
        out.writeObjectField(field.getKey(), field.getValue());
      }
      if (!line.exceptions().isEmpty()) {
        array(out, "exceptions", line.exceptions());
        array(out, "frames", line.frames());
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string writer does not fail
    }
    return text.toString();
  }

  private static void array(JsonGenerator out, String name, List<String> texts) throws IOException {
    out.writeArrayFieldStart(name);
    for (String text : texts) {
      out.writeString(text);
    }
    out.writeEndArray();
  }

  /** For people. */
  static String text(LogLine line) {
    StringBuilder text = new StringBuilder(CLOCK.format(line.time()));
    text.append(String.format(Locale.ROOT, " %-5s ", line.level()))
        .append(line.logger().substring(line.logger().lastIndexOf('.') + 1))
        .append(' ');
    line.fields().forEach((key, value) -> text.append(key).append('=').append(value).append(' '));
    text.append(line.message());
    if (!line.exceptions().isEmpty()) {
      text.append(" [")
          .append(String.join(" <- ", line.exceptions()))
          .append(" at ")
          .append(line.frames().isEmpty() ? "?" : line.frames().getFirst())
          .append(']');
    }
    return text.toString();
  }
}
