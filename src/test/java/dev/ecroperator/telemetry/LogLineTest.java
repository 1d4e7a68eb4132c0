package dev.ecroperator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** What a log line may say, and what it may not. */
class LogLineTest {
  private static final String SECRET = "wJalrXUtnFEMI";
  private static final Pattern FIELD = Pattern.compile("addKeyValue\\(\\s*\"([^\"]+)\"");

  private static LoggingEvent event(
      String logger, String message, @Nullable Throwable thrown, Object... arguments) {
    var context = new LoggerContext();
    return new LoggingEvent(
        "caller", context.getLogger(logger), Level.WARN, message, thrown, arguments);
  }

  private static LoggingEvent ours(String message, Object... arguments) {
    return event("dev.ecroperator.cluster.ReportWriter", message, null, arguments);
  }

  @Test
  void theManualListsEachFieldAndNoOther() throws IOException {
    String manual = Files.readString(Path.of("docs", "observability.md"));
    String table = manual.substring(manual.indexOf("| field | of |"));
    var told = new TreeSet<String>();
    table
        .lines()
        .skip(2)
        .takeWhile(row -> row.startsWith("|"))
        .map(row -> row.substring(1, row.indexOf('|', 1)))
        .forEach(names -> told.addAll(List.of(names.strip().split(", "))));

    var lines = new TreeSet<>(LogLine.FIELDS);
    lines.addAll(List.of("time", "level", "logger", "message", "exceptions", "frames"));
    assertThat(told).isEqualTo(lines);
  }

  @Test
  void aFieldThatIsNotListedIsDropped() throws IOException {
    LoggingEvent event = ours("Repository is {}", "InSync");
    event.addKeyValuePair(new KeyValuePair("resource", "team/api"));
    event.addKeyValuePair(new KeyValuePair("generation", 3L));
    event.addKeyValuePair(new KeyValuePair("policy", SECRET));
    event.addKeyValuePair(new KeyValuePair("requestId", null));

    JsonNode line = new ObjectMapper().readTree(Logging.json(LogLine.of(event)));

    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly("time", "level", "logger", "message", "resource", "generation");
    assertThat(line.path("message").asText()).isEqualTo("Repository is InSync");
    assertThat(line.path("generation").isNumber()).isTrue();
    assertThat(Logging.text(LogLine.of(event)))
        .endsWith(" WARN  ReportWriter resource=team/api generation=3 Repository is InSync");
  }

  @Test
  void aMessageIsOneLineOfBoundedLength() {
    LogLine line = LogLine.of(ours("a{}b{}", "\r\n\u2028\u0007", "x".repeat(2_000)));

    assertThat(line.message()).startsWith("a    bxxx").hasSize(LogLine.LONGEST_MESSAGE);
    assertThat(Logging.text(line).lines()).hasSize(1);
    assertThat(Logging.json(line).lines()).hasSize(1);
  }

  @Test
  void aFieldIsOneLineOfBoundedLengthToo() {
    LoggingEvent event = ours("so");
    event.addKeyValuePair(new KeyValuePair("reason", "a\nb" + "x".repeat(2_000)));

    assertThat(String.valueOf(LogLine.of(event).fields().get("reason")))
        .startsWith("a bxxx")
        .hasSize(LogLine.LONGEST_FIELD);
  }

  @Test
  void whatALibraryFillsInIsLeftOut() {
    LoggingEvent event =
        event(
            "io.fabric8.kubernetes.client.dsl.internal.AbstractWatchManager",
            "Could not deserialize watch event: {}",
            new IllegalArgumentException(SECRET),
            "{\"spec\":{\"accessPolicy\":\"" + SECRET + "\"}}");
    event.addKeyValuePair(new KeyValuePair("resource", SECRET));

    LogLine line = LogLine.of(event);

    assertThat(line.message()).isEqualTo("Could not deserialize watch event: {}");
    assertThat(Logging.json(line) + Logging.text(line)).doesNotContain(SECRET);
  }

  @Test
  void anExceptionIsToldByItsClassesAndPlaceAndNotByItsMessage() throws IOException {
    LoggingEvent event =
        event(
            "dev.ecroperator.repository.RepositoryReconciler",
            "a pass failed",
            new IllegalStateException(SECRET, new IllegalArgumentException(SECRET)));

    String text = Logging.json(LogLine.of(event));

    JsonNode line = new ObjectMapper().readTree(text);
    assertThat(line.path("exceptions").valueStream().map(JsonNode::asText))
        .containsExactly("java.lang.IllegalStateException", "java.lang.IllegalArgumentException");
    assertThat(line.at("/frames/0").asText()).contains("LogLineTest");
    assertThat(text + Logging.text(LogLine.of(event))).doesNotContain(SECRET);
  }

  /** One that is missing in the list would be lost without a word. */
  @Test
  void everyFieldThatTheCodeLogsIsListed() throws IOException {
    Set<String> logged = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> FIELD.matcher(text(file)).results())
          .forEach(match -> logged.add(match.group(1)));
    }
    assertThat(logged).isNotEmpty();
    assertThat(LogLine.FIELDS).containsAll(logged);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
