package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.aws.CallRates;
import dev.ecroperator.chart.Helm;
import dev.ecroperator.chart.RenderedObject;
import dev.ecroperator.replication.merge.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator reads what the chart sets, and the chart can set all that the operator reads. */
class ChartSettingsTest {
  private static final String EVERY_SETTING =
      """
      watchNamespaces: [payments, platform]
      kinds: [Repository]
      ownerId: blue
      httpPort: 9090
      replicas: 1
      leaderElection: {enabled: false}
      settings:
        concurrency: 7
        resync: 10m
        auditRate: 3/s
        awsRates: {CreateRepository: 10/20, DeleteRepository: 5/10}
        replicationLimits: {rules: 1, destinations: 2, filters: 3}
        logFormat: text
        logLevel: debug
      """;

  @TempDir Path directory;

  private Map<String, String> environment(String values) throws IOException {
    var file = Files.writeString(directory.resolve("values.yaml"), values);
    var deployment =
        RenderedObject.find(
            Helm.alone().template("--values", file.toString()), "Deployment", "ecr-operator");
    Map<String, String> environment = new HashMap<>();
    deployment
        .json()
        .at("/spec/template/spec/containers/0/env")
        .forEach(
            variable ->
                environment.put(variable.path("name").asText(), variable.path("value").asText()));
    return environment;
  }

  /** The settings that the operator has, by its source. */
  private static Set<String> variables() throws IOException {
    return Pattern.compile("\"(OPERATOR_[A-Z_]+)\"")
        .matcher(Files.readString(Path.of("src/main/java/dev/ecroperator/OperatorConfig.java")))
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everySettingOfTheOperatorCanBeSet() throws IOException {
    assertThat(variables()).hasSizeGreaterThanOrEqualTo(11);
    assertThat(environment(EVERY_SETTING)).containsKeys(variables().toArray(String[]::new));
  }

  @Test
  void whatIsSetIsWhatTheOperatorReads() throws IOException {
    Map<String, String> environment = environment(EVERY_SETTING);
    OperatorConfig config = OperatorConfig.from(environment);

    assertThat(config.unknown()).isEmpty();
    assertThat(config.kinds()).containsExactly("Repository");
    assertThat(config.watchNamespaces()).containsExactlyInAnyOrder("payments", "platform");
    assertThat(config.ownerId()).contains("blue");
    assertThat(config.httpPort()).isEqualTo(9090);
    assertThat(config.leaderElection()).isFalse();
    assertThat(config.concurrency()).isEqualTo(7);
    assertThat(config.resync()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.auditRate()).isEqualTo(3);
    assertThat(config.replicationLimits()).isEqualTo(new Limits(1, 2, 3));
    assertThat(config.logFormat()).isEqualTo("text");
    assertThat(config.logLevel()).isEqualTo("debug");
    assertThat(environment)
        .containsEntry("OPERATOR_AWS_RATES", "CreateRepository=10/20,DeleteRepository=5/10");
  }

  /** One that the operator does not call would end each pod with status 2, after the upgrade. */
  @Test
  void ratesAreAcceptedOfTheOperationsThatTheOperatorCalls() throws IOException {
    JsonNode names =
        new ObjectMapper()
            .readTree(Helm.CHART.resolve("values.schema.json").toFile())
            .at("/properties/settings/properties/awsRates/propertyNames/enum");

    assertThat(names).extracting(JsonNode::asText).isEqualTo(CallRates.OPERATIONS);
  }

  @Test
  void theChartsDefaultsAreTheOperators() throws IOException {
    Map<String, String> none = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");

    assertThat(OperatorConfig.from(environment("{}"))).isEqualTo(OperatorConfig.from(none));
  }
}
