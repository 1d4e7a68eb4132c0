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
import java.util.concurrent.atomic.AtomicReference;
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
  void driftIsCountedByFieldAndTagsByNoKey() {
    metrics.driftCorrected("Repository", "tags/team");
    metrics.driftCorrected("Repository", "tags/stage");
    metrics.driftCorrected("Repository", "lifecyclePolicy");
    assertThat(registry.scrape())
        .contains(
            "ecr_operator_drift_corrected_total{field=\"tags\",kind=\"Repository\"} 2.0",
            "ecr_operator_drift_corrected_total{field=\"lifecyclePolicy\",kind=\"Repository\"}"
                + " 1.0");
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
    var because = new AtomicReference<>("starting");
    metrics.state("Repository", "a", true, "InSync");
    try (HttpEndpoints endpoints = HttpEndpoints.start(0, registry, because::get);
        HttpClient http = HttpClient.newHttpClient()) {
      assertThat(get(http, endpoints, "/healthz").statusCode()).isEqualTo(200);
      HttpResponse<String> unready = get(http, endpoints, "/readyz");
      assertThat(unready.statusCode()).isEqualTo(503);
      assertThat(unready.body()).isEqualTo("starting\n");
      because.set("");
      assertThat(get(http, endpoints, "/readyz").statusCode()).isEqualTo(200);
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
