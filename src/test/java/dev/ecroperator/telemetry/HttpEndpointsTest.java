package dev.ecroperator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointsTest {
  private final Readiness readiness = new Readiness();

  private HttpResponse<String> ask(String method, String path) throws Exception {
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (var endpoints = HttpEndpoints.start(0, metrics, readiness);
        HttpClient client = HttpClient.newHttpClient()) {
      var address = URI.create("http://127.0.0.1:" + endpoints.port() + path);
      return client.send(
          HttpRequest.newBuilder(address)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void whatIsAskedForIsAnswered() throws Exception {
    readiness.notReady("stopping");

    assertThat(ask("GET", "/healthz").body()).isEqualTo("ok\n");
    HttpResponse<String> notReady = ask("GET", "/readyz");
    assertThat(notReady.statusCode()).isEqualTo(503);
    assertThat(notReady.body()).isEqualTo("stopping\n");
  }

  /** The JDK's server warns of a body that it cannot send. */
  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/metrics"})
  void whoAsksForTheHeadAloneGetsNoMoreAndCausesNoWarning(String path) throws Exception {
    var heard = new Heard();
    Logger root = Logger.getLogger("");
    root.addHandler(heard);
    try {
      HttpResponse<String> answer = ask("HEAD", path);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).isPresent();
      assertThat(answer.body()).isEmpty();
    } finally {
      root.removeHandler(heard);
    }
    assertThat(heard.warnings).isEmpty();
  }

  /** What the JDK's server says. */
  private static final class Heard extends Handler {
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLoggerName().startsWith("com.sun.net.httpserver")) {
        warnings.add(entry.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
