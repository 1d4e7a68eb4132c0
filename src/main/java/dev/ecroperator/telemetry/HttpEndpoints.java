package dev.ecroperator.telemetry;

import static java.net.HttpURLConnection.HTTP_OK;
import static java.net.HttpURLConnection.HTTP_UNAVAILABLE;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * What a kubelet and Prometheus ask the process: {@code /healthz}, {@code /readyz} and {@code
 * /metrics}.
 */
public final class HttpEndpoints implements AutoCloseable {
  /** What the JDK's server takes for a length where no body follows. */
  private static final int NO_BODY = -1;

  private final HttpServer server;

  private HttpEndpoints(HttpServer server) {
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param port 0 for any free one
   * @param readiness what {@code /readyz} answers
   * @throws IOException where the port is taken
   */
  public static HttpEndpoints start(int port, PrometheusMeterRegistry metrics, Readiness readiness)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/healthz", exchange -> answer(exchange, HTTP_OK, "ok\n"));
    server.createContext(
        "/readyz",
        exchange -> {
          Readiness.Answer answer = readiness.answer();
          answer(exchange, answer.ready() ? HTTP_OK : HTTP_UNAVAILABLE, answer.text() + "\n");
        });
    server.createContext("/metrics", exchange -> answer(exchange, HTTP_OK, metrics.scrape()));
    server.start();
    return new HttpEndpoints(server);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, NO_BODY);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
