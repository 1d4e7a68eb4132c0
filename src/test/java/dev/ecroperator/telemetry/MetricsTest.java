package dev.ecroperator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The names of the contract, as Prometheus reads them. */
class MetricsTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ReconcileMetrics metrics =
      new ReconcileMetrics(registry, Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void resourcesAreCountedByHowTheyStand() {
    metrics.state("Repository", "a", true, "InSync");
    metrics.state("Repository", "b", false, "Conflict");
    metrics.state("Repository", "c", true, "InSync");
    assertThat(registry.scrape())
        .contains(
            "ecr_operator_resources{kind=\"Repository\",ready=\"true\",reason=\"InSync\"} 2.0",
            "ecr_operator_resources{kind=\"Repository\",ready=\"false\",reason=\"Conflict\"} 1.0");
    metrics.state("Repository", "b", true, "InSync");
    metrics.forget("a");
    assertThat(registry.scrape())
        .contains(
            "ecr_operator_resources{kind=\"Repository\",ready=\"true\",reason=\"InSync\"} 2.0",
            "ecr_operator_resources{kind=\"Repository\",ready=\"false\",reason=\"Conflict\"} 0.0");
  }

  @Test
  void passesAreTimedByOutcome() {
    metrics.state("Repository", "a", true, "InSync");
    metrics.reconciled("Repository", "a", Duration.ofMillis(250));
    assertThat(registry.scrape())
        .contains(
            "ecr_operator_reconcile_seconds_count{kind=\"Repository\",outcome=\"InSync\"} 1",
            "ecr_operator_reconcile_seconds_sum{kind=\"Repository\",outcome=\"InSync\"} 0.25");
  }

  @Test
  void driftIsCountedByFieldAndAllTagsOfAPassAsOne() {
    metrics.driftCorrected("Repository", List.of("tags/team", "tags/stage", "lifecyclePolicy"));
    metrics.driftCorrected("Repository", List.of("tags/team"));
    assertThat(registry.scrape())
        .contains(
            "ecr_operator_drift_corrected_total{field=\"tags\",kind=\"Repository\"} 2.0",
            "ecr_operator_drift_corrected_total{field=\"lifecyclePolicy\",kind=\"Repository\"}"
                + " 1.0");
  }

  @Test
  void whatMayComeReadsNoneFromTheStart() {
    metrics.begin("Repository", List.of("scanning", "tags"));
    assertThat(registry.scrape())
        .contains(
            "ecr_operator_drift_corrected_total{field=\"scanning\",kind=\"Repository\"} 0.0",
            "ecr_operator_drift_corrected_total{field=\"tags\",kind=\"Repository\"} 0.0",
            "ecr_operator_pass_failures_total{kind=\"Repository\"} 0.0",
            "ecr_operator_kubernetes_refusals_total{code=\"403\",kind=\"Repository\"} 0.0");
  }

  @Test
  void refusalsOfTheApiServerAreCountedByCode() {
    metrics.refused("Repository", 500);
    assertThat(registry.scrape())
        .contains("ecr_operator_kubernetes_refusals_total{code=\"500\",kind=\"Repository\"} 1.0");
  }

  @Test
  void theOldestVerificationIsTold() {
    metrics.verified("Repository", "a", NOW.minusSeconds(90));
    metrics.verified("Repository", "b", NOW.minusSeconds(10));
    assertThat(registry.scrape())
        .contains("ecr_operator_verified_age_seconds{kind=\"Repository\"} 90.0");
    metrics.forget("a");
    assertThat(registry.scrape())
        .contains("ecr_operator_verified_age_seconds{kind=\"Repository\"} 10.0");
  }

  @Test
  void whatNeverCouldBeComparedAgesTooAndWhatShallNotBeDoesNot() {
    metrics.verified("Repository", "a", NOW.minusSeconds(90));
    metrics.due("Repository", "a");
    assertThat(registry.scrape())
        .contains("ecr_operator_verified_age_seconds{kind=\"Repository\"} 90.0");
    metrics.notDue("a");
    metrics.due("ImageReplication", "b");
    assertThat(registry.scrape())
        .contains(
            "ecr_operator_verified_age_seconds{kind=\"Repository\"} 0.0",
            "ecr_operator_verified_age_seconds{kind=\"ImageReplication\"} 0.0");
  }

  @Test
  void replicationCountsWhileAnObjectReplicates() {
    var replication = new ReplicationMetrics(registry, Clock.fixed(NOW, ZoneOffset.UTC));
    String images =
        "ecr_operator_replication_images{destination_account=\"111122223333\","
            + "destination_region=\"eu-central-1\",state=\"inProgress\"} ";
    String lag =
        "ecr_operator_replication_lag_seconds{destination_account=\"111122223333\","
            + "destination_region=\"eu-central-1\"} ";
    replication.replicates("a", "111122223333/eu-west-1", Set.of("111122223333/eu-central-1"));
    replication.sampled(
        "111122223333/eu-west-1",
        List.of(
            new ReplicationMetrics.Destination(
                "111122223333", "eu-central-1", 1, 2, 0, NOW.minusSeconds(60))));
    assertThat(registry.scrape()).contains(images + "2.0", lag + "60.0");

    // Another object goes elsewhere: what the sample tells of the first one's destination is past.
    replication.replicates("b", "111122223333/eu-west-1", Set.of("111122223333/us-east-1"));
    replication.forget("a");
    assertThat(registry.scrape()).contains(images + "0.0", lag + "0.0");
  }

  @Test
  void durationsAreHistogramsOfFewBuckets() {
    metrics.reconciled("Repository", "a", Duration.ofMillis(80));
    var calls = new AwsCallMetrics(registry);
    calls.called("111122223333", "eu-west-1", "CreateRepository", "OK", Duration.ofMillis(80));
    calls.waited("CreateRepository", Duration.ofMillis(80));
    String scraped = registry.scrape();
    assertThat(scraped)
        .contains(
            "ecr_operator_reconcile_seconds_bucket{kind=\"Repository\",outcome=\"Gone\",le=\"0.1\"}"
                + " 1",
            "ecr_operator_aws_call_seconds_bucket{operation=\"CreateRepository\",le=\"0.05\"} 0",
            "ecr_operator_aws_wait_seconds_bucket{operation=\"CreateRepository\",le=\"0.1\"} 1");
    assertThat(scraped.lines().filter(line -> line.contains("_bucket{"))).hasSizeLessThan(35);
  }

  @Test
  void callsToAwsAreCountedAndTimed() {
    var calls = new AwsCallMetrics(registry);
    calls.called("111122223333", "eu-west-1", "CreateRepository", "OK", Duration.ofMillis(500));
    calls.waited("CreateRepository", Duration.ofMillis(250));
    assertThat(registry.scrape())
        .contains(
            "ecr_operator_aws_calls_total{account=\"111122223333\",code=\"OK\","
                + "operation=\"CreateRepository\",region=\"eu-west-1\"} 1.0",
            "ecr_operator_aws_call_seconds_sum{operation=\"CreateRepository\"} 0.5",
            "ecr_operator_aws_wait_seconds_sum{operation=\"CreateRepository\"} 0.25");
  }

  @Test
  void healthReadinessAndMetricsAreServed() throws Exception {
    var readiness = new Readiness();
    readiness.notReady("starting");
    metrics.state("Repository", "a", true, "InSync");
    try (HttpEndpoints endpoints = HttpEndpoints.start(0, registry, readiness);
        HttpClient http = HttpClient.newHttpClient()) {
      assertThat(get(http, endpoints, "/healthz").statusCode()).isEqualTo(200);
      HttpResponse<String> unready = get(http, endpoints, "/readyz");
      assertThat(unready.statusCode()).isEqualTo(503);
      assertThat(unready.body()).isEqualTo("starting\n");
      readiness.ready(() -> "standby: blue-1 leads");
      HttpResponse<String> ready = get(http, endpoints, "/readyz");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body()).isEqualTo("standby: blue-1 leads\n");
      List<String> down = new ArrayList<>();
      readiness.unless(() -> down);
      down.add("a watch of the repositories has ended");
      HttpResponse<String> blind = get(http, endpoints, "/readyz");
      assertThat(blind.statusCode()).isEqualTo(503);
      assertThat(blind.body()).isEqualTo("a watch of the repositories has ended\n");
      down.clear();
      assertThat(get(http, endpoints, "/readyz").statusCode()).isEqualTo(200);
      readiness.notReady("stopping");
      assertThat(get(http, endpoints, "/readyz").body()).isEqualTo("stopping\n");
      HttpResponse<String> scraped = get(http, endpoints, "/metrics");
      assertThat(scraped.body()).contains("# TYPE ecr_operator_resources gauge");
      assertThat(scraped.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/plain; version=0.0.4");
      assertThat(get(http, endpoints, "/other").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(HttpClient http, HttpEndpoints endpoints, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + endpoints.port() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
