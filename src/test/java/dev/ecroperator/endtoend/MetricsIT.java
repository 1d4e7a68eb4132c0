package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.real.Command;
import dev.ecroperator.simulator.real.Prometheus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

/**
 * What Prometheus gets of an operator that has seen something of everything: a repository in sync
 * with a setting put back, one refused, one that waits for AWS; images that arrived, that are under
 * way, and that did not arrive.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class MetricsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DASHBOARD = Path.of("helm/ecr-operator/files/dashboard.json");
  private static final Path ALERTS = Path.of("helm/ecr-operator/files/alerts.yaml");
  private static final Pattern OURS = Pattern.compile("ecr_operator_[a-z_]+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  /** The contract's own, and beside them what was added: name, type and labels. */
  private static final Map<String, String> CONTRACT =
      Map.ofEntries(
          Map.entry("ecr_operator_resources", "gauge kind ready reason"),
          Map.entry("ecr_operator_reconcile_seconds", "histogram kind outcome"),
          Map.entry("ecr_operator_aws_calls_total", "counter account code operation region"),
          Map.entry("ecr_operator_aws_call_seconds", "histogram operation"),
          Map.entry("ecr_operator_aws_wait_seconds", "histogram operation"),
          Map.entry("ecr_operator_drift_corrected_total", "counter field kind"),
          Map.entry("ecr_operator_leader", "gauge"),
          Map.entry("ecr_operator_verified_age_seconds", "gauge kind"),
          Map.entry(
              "ecr_operator_replication_images",
              "gauge destination_account destination_region state"),
          Map.entry(
              "ecr_operator_replication_lag_seconds",
              "gauge destination_account destination_region"),
          Map.entry("ecr_operator_build_info", "gauge version"),
          Map.entry("ecr_operator_pass_failures_total", "counter kind"),
          Map.entry("ecr_operator_kubernetes_refusals_total", "counter code kind"),
          Map.entry("ecr_operator_watches_refused", "gauge"),
          Map.entry("ecr_operator_resync_seconds", "gauge"));

  @RegisterExtension
  static final Scene scene = Scene.withResync("3s", "OPERATOR_AUDIT_RATE", "100/s");

  private static ReplicationManifest replication;

  @BeforeAll
  static void somethingOfEverything() {
    RepositoryObject drifted = scene.repository("drifted").create(EditIT.EVERYTHING);
    RepositoryObject elsewhere = scene.repository("elsewhere");
    elsewhere.create("{registry: {accountId: \"999999999999\"}}");
    RepositoryObject away = scene.repository("away");
    away.faultOfAny().throttled().always();
    away.create("{}");

    SourceRegistry source = scene.source("eu-west-2");
    destination("ap-east-1").arrivalsTake(Duration.ofDays(1));
    destination("ap-east-2").failArrivals("KMS_KEY_GONE");
    source.registry().create("team/api");
    replication =
        source
            .replication("replicates")
            .create(
                """
                repositories: [{prefix: team/}]
                destinations: [{region: ap-east-1}, {region: ap-east-2}, {region: ca-central-1}]
                """);
    replication.awaitInSync();
    source.registry().putImage("team/api", "v1");

    drifted.awaitInSync();
    scene.outsider().setMutability("drifted", ImageTagMutability.MUTABLE);
    drifted.awaitEvent("DriftCorrected");
    elsewhere.awaitReason("NotPermitted");
    away.awaitReason("Throttled");
    replication.awaitDestination("ap-east-1", "Replicating");
    replication.awaitDestination("ap-east-2", "Degraded");
    replication.awaitDestination("ca-central-1", "Synced");
  }

  private static BackDoor destination(String region) {
    return scene.ecrSimulator().backDoor(OperatorProcess.ACCOUNT, region);
  }

  private static String scraped() {
    return scene.get("/metrics").body();
  }

  @Test
  void theMetricsAreThoseOfTheContract() {
    String scraped = scraped();
    Map<String, String> types = new TreeMap<>();
    Map<String, Set<String>> labels = new TreeMap<>();
    Set<String> helped = new TreeSet<>();
    for (String line : scraped.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# TYPE ecr_operator_")) {
        types.put(words[2], words[3]);
      } else if (line.startsWith("# HELP ecr_operator_") && words.length == 4) {
        helped.add(words[2]);
      } else if (line.startsWith("ecr_operator_")) {
        String name = name(line, types.keySet());
        Matcher label = LABEL.matcher(line);
        Set<String> ofThis = labels.computeIfAbsent(name, key -> new TreeSet<>());
        while (label.find()) {
          if (!label.group(1).equals("le")) {
            ofThis.add(label.group(1));
          }
        }
      }
    }
    Map<String, String> found = new TreeMap<>();
    types.forEach(
        (name, type) ->
            found.put(
                name,
                String.join(" ", type, String.join(" ", labels.getOrDefault(name, Set.of())))
                    .strip()));
    // The longest of a while, which the library adds to each histogram.
    found.keySet().removeIf(name -> name.endsWith("_seconds_max"));
    assertThat(found).containsExactlyInAnyOrderEntriesOf(CONTRACT);
    assertThat(helped).containsAll(CONTRACT.keySet());
    assertThat(scraped)
        .contains(
            "jvm_memory_used_bytes",
            "jvm_gc_pause_seconds",
            "process_uptime_seconds",
            "process_start_time_seconds",
            "process_cpu_usage",
            "process_files_open_files");
  }

  private static String name(String line, Set<String> known) {
    String name = line.substring(0, line.indexOf(line.indexOf('{') < 0 ? ' ' : '{'));
    return known.contains(name) ? name : name.replaceAll("_(bucket|count|sum)$", "");
  }

  @Test
  void promtoolFindsNothingToComplainOf() {
    Command.Answer answer = Prometheus.promtool(scraped(), "check", "metrics");
    // Of the libraries' meters it says what they are called; of ours, nothing.
    assertThat(answer.output().lines().filter(line -> line.contains("ecr_operator_"))).isEmpty();
    assertThat(answer.output()).doesNotContain("error while linting");
  }

  @Test
  void noSeriesIsOfOneRepository() {
    assertThat(scraped()).doesNotContain("drifted", "elsewhere", "team/", "away");
  }

  @Test
  void alertsAndDashboardAskForWhatThereIs() throws IOException {
    String scraped = scraped();
    for (Path file : List.of(ALERTS, DASHBOARD)) {
      Matcher name = OURS.matcher(Files.readString(file));
      while (name.find()) {
        assertThat(scraped).as(file + ": " + name.group()).contains(name.group());
      }
    }
    // What the alerts tell apart by a word, the code spells so.
    JsonNode rules = Serialization.unmarshal(Files.readString(ALERTS), JsonNode.class);
    assertThat(rules.toString()).contains("state=\\\"failed\\\"", "ready=\\\"false\\\"");
    assertThat(scraped).contains("state=\"failed\"", "ready=\"false\"");
  }

  /** Grafana fills in the variables; all the rest is Prometheus'. */
  private static String filledIn(String expression) {
    return expression.replace("$__rate_interval", "1m").replace("$namespace", ".*");
  }

  @Test
  void everyPanelOfTheDashboardShowsSomething() throws IOException {
    scene.operator().awaitPort();
    List<String> queries = new ArrayList<>();
    JsonNode dashboard = JSON.readTree(DASHBOARD.toFile());
    for (JsonNode panel : dashboard.path("panels")) {
      panel.path("targets").forEach(t -> queries.add(filledIn(t.path("expr").asText())));
    }
    assertThat(queries).hasSizeGreaterThan(20);

    try (Prometheus prometheus =
        Prometheus.scraping(
            scene.operator().awaitPort(), Files.createTempDirectory("prometheus"))) {
      Patience.await("Prometheus", () -> prometheus.query("up"), MetricsIT::hasData);
      for (String query : queries) {
        JsonNode answer =
            Patience.await(
                query,
                () -> prometheus.query(query),
                said -> hasData(said) || said.path("status").asText().equals("error"));
        assertThat(answer.path("status").asText()).as(query + ": " + answer).isEqualTo("success");
      }
      // The same Prometheus has read the alerts; what is wrong here is pending or fires.
      JsonNode rules = prometheus.ask("rules");
      List<String> unhealthy = new ArrayList<>();
      List<String> noticed = new ArrayList<>();
      rules
          .at("/data/groups")
          .forEach(
              group ->
                  group
                      .path("rules")
                      .forEach(
                          rule -> {
                            if (!rule.path("lastError").asText().isEmpty()) {
                              unhealthy.add(rule.path("name").asText());
                            }
                          }));
      assertThat(unhealthy).isEmpty();
      Patience.await(
          "the alerts",
          () -> {
            noticed.clear();
            prometheus
                .ask("alerts")
                .at("/data/alerts")
                .forEach(alert -> noticed.add(alert.at("/labels/alertname").asText()));
            return noticed;
          },
          all ->
              all.containsAll(
                  List.of("EcrResourceNotReady", "EcrAwsNotReachable", "EcrReplicationFailed")));
      assertThat(noticed).doesNotContain("EcrOperatorNoLeader", "EcrOperatorSeveralLeaders");
    }
  }

  /** A number, that is: NaN is what Prometheus makes of nothing divided by nothing. */
  private static boolean hasData(JsonNode answer) {
    return answer
        .at("/data/result")
        .valueStream()
        .map(series -> series.at("/value/1").asText())
        .anyMatch(value -> !Set.of("NaN", "").contains(value));
  }

  @Test
  void theDashboardIsOneThatGrafanaImports() throws IOException {
    JsonNode dashboard = JSON.readTree(DASHBOARD.toFile());
    assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(41);
    assertThat(dashboard.at("/templating/list").valueStream().map(v -> v.path("name").asText()))
        .containsExactly("datasource", "namespace");
    Set<Integer> ids = new TreeSet<>();
    boolean[][] taken = new boolean[200][24];
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).as("one id each").isTrue();
      JsonNode at = panel.path("gridPos");
      for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
        for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
          assertThat(taken[y][x]).as("panels overlap at " + x + "," + y).isFalse();
          taken[y][x] = true;
        }
      }
      if (!panel.path("type").asText().equals("row")) {
        assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
        assertThat(panel.path("title").asText()).isNotEmpty();
        assertThat(panel.path("description").asText()).isNotEmpty();
        assertThat(Arrays.asList("timeseries", "stat").contains(panel.path("type").asText()))
            .isTrue();
        // Else a stat shows what was last true, of an operator that is gone.
        if (panel.path("type").asText().equals("stat")) {
          assertThat(panel.path("targets"))
              .allSatisfy(target -> assertThat(target.path("instant").asBoolean()).isTrue());
        }
      }
    }
  }

  @Test
  void whatIsGoneCountsNoMore() {
    try (Scene own = Scene.withResync("3s", "OPERATOR_AUDIT_RATE", "100/s").open()) {
      own.startOperator(Map.of()).awaitPort();
      SourceRegistry source = own.source("eu-west-2");
      own.ecrSimulator()
          .backDoor(OperatorProcess.ACCOUNT, "ap-east-1")
          .arrivalsTake(Duration.ofDays(1));
      source.registry().create("team/api");
      ReplicationManifest object =
          source
              .replication("goes")
              .create("repositories: [{prefix: team/}]\ndestinations: [{region: ap-east-1}]\n");
      object.awaitInSync();
      source.registry().putImage("team/api", "v1");
      object.awaitDestination("ap-east-1", "Replicating");
      String underWay =
          "ecr_operator_replication_images{destination_account=\"111122223333\","
              + "destination_region=\"ap-east-1\",state=\"inProgress\"} ";
      Patience.await(
          "the image", () -> own.get("/metrics").body(), text -> text.contains(underWay + "1.0"));

      object.delete();
      object.awaitGone();

      // The gauges fall one after the other: one scrape shall have them all at zero.
      Patience.await(
          "its end",
          () -> counting(own.get("/metrics").body()),
          counted ->
              counted.stream().anyMatch(line -> line.startsWith(underWay))
                  && counted.stream().allMatch(line -> line.endsWith(" 0.0")));
    }
  }

  /** What counts objects, looks and images. */
  private static List<String> counting(String scrape) {
    return scrape
        .lines()
        .filter(
            line ->
                line.startsWith("ecr_operator_resources")
                    || line.startsWith("ecr_operator_verified_age")
                    || line.startsWith("ecr_operator_replication"))
        .toList();
  }
}
