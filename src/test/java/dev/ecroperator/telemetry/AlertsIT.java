package dev.ecroperator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.simulator.real.Command;
import dev.ecroperator.simulator.real.Prometheus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts that the chart ships, by promtool's own tests. */
class AlertsIT {
  private static final Path RULES = Path.of("helm/ecr-operator/files/alerts.yaml");
  private static final Path TESTS = Path.of("src/test/prometheus");

  private static JsonNode yaml(Path file) {
    try {
      return Serialization.unmarshal("---\n" + Files.readString(file), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> alerts() {
    return yaml(RULES)
        .path("groups")
        .valueStream()
        .flatMap(group -> group.path("rules").valueStream())
        .toList();
  }

  private static List<Path> tests() throws IOException {
    try (Stream<Path> files = Files.list(TESTS)) {
      return files.filter(file -> file.toString().endsWith(".test.yaml")).sorted().toList();
    }
  }

  @Test
  void promtoolReadsTheRules() {
    Command.Answer answer = Prometheus.promtool("", "check", "rules", RULES.toString());
    assertThat(answer.exitCode()).as(answer.output()).isZero();
    assertThat(answer.output()).contains("SUCCESS: " + alerts().size() + " rules found");
  }

  @Test
  void theAlertsFireAndAreSilentAsTheirTestsSay() throws IOException {
    String[] arguments =
        Stream.concat(Stream.of("test", "rules"), tests().stream().map(Path::toString))
            .toArray(String[]::new);
    Command.Answer answer = Prometheus.promtool("", arguments);
    assertThat(answer.exitCode()).as(answer.output()).isZero();
  }

  @Test
  void everyAlertHasATestThatItFiresAndOneThatItIsSilent() throws IOException {
    Set<String> firing = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    for (Path file : tests()) {
      for (JsonNode test : yaml(file).path("tests")) {
        Set<String> firesHere = new TreeSet<>();
        Set<String> silentHere = new TreeSet<>();
        for (JsonNode one : test.path("alert_rule_test")) {
          String alert = one.path("alertname").asText();
          (one.path("exp_alerts").isEmpty() ? silentHere : firesHere).add(alert);
        }
        // A silence before the alert's time is up shows the time, and not what it is silent about.
        silentHere.removeAll(firesHere);
        firing.addAll(firesHere);
        silent.addAll(silentHere);
      }
    }
    List<String> all = alerts().stream().map(alert -> alert.path("alert").asText()).toList();
    assertThat(firing).containsExactlyInAnyOrderElementsOf(all);
    assertThat(silent).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void everyAlertSaysWhatToDoAndIsDocumented() throws IOException {
    String manual = Files.readString(Path.of("docs/observability.md"));
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      JsonNode says = alert.path("annotations");
      assertThat(alert.at("/labels/severity").asText()).as(name).isIn("warning", "critical");
      assertThat(says.path("summary").asText()).as(name).isNotEmpty();
      assertThat(says.path("description").asText()).as(name).hasSizeGreaterThan(100);
      assertThat(says.path("runbook_url").asText())
          .endsWith("/docs/observability.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(manual).contains("### " + name + "\n");
    }
  }
}
