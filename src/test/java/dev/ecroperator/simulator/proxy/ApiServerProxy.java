package dev.ecroperator.simulator.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.kube.Call;
import dev.ecroperator.simulator.kube.Refusal;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before an API server, the simulated or the real one, and passes requests on as they are
 * but for what a test has go wrong. It speaks HTTP without TLS, and a watch has no WebSocket.
 */
public final class ApiServerProxy implements AutoCloseable {
  private final URI server;
  private final HttpClient client;
  private final Watches watches = new Watches();
  private final Faults faults = new Faults(watches);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;

  private ApiServerProxy(URI server, HttpClient.Builder client) {
    this.server = server;
    this.client = client.version(HttpClient.Version.HTTP_1_1).build();
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::handle);
    http.setExecutor(threads);
    http.start();
  }

  /** Stands before a server that speaks HTTP without TLS. */
  public static ApiServerProxy before(URI server) {
    return new ApiServerProxy(server, HttpClient.newBuilder());
  }

  /** Stands before the kubeconfig's server. */
  public static ApiServerProxy before(Kubeconfig kubeconfig) {
    try {
      return new ApiServerProxy(
          kubeconfig.server(),
          HttpClient.newBuilder()
              .sslContext(SSLUtils.sslContext(Config.fromKubeconfig(kubeconfig.text()))));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where it listens. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** What is to go wrong. */
  public Faults faults() {
    return faults;
  }

  private void handle(HttpExchange exchange) throws IOException {
    // An exchange that is closed before it is answered takes its connection with it.
    try (exchange) {
      Call call = Call.of(exchange);
      if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
        // Who would rather have one falls back to a plain watch upon this, and at once.
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      answer(exchange, call);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    Line line = faults.line();
    Line.Request request = call.onTheLine();
    if (!line.carries(request)) {
      return;
    }
    List<Fault> met = faults.meet(call.request());
    try {
      for (Fault fault : met) {
        fault.strike();
      }
      if (watches.isFromThePast(call.request())) {
        throw Refusal.of(410, "too old resource version");
      }
    } catch (Refusal refusal) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      send(exchange, refusal.code(), refusal.status().toString().getBytes(UTF_8));
      return;
    }
    if (call.request().verb().equals("watch")) {
      watch(exchange, call);
      return;
    }
    HttpResponse<byte[]> answer =
        client.send(passedOn(exchange, call), HttpResponse.BodyHandlers.ofByteArray());
    boolean lost = answer.statusCode() < 300 && !line.returns(request);
    if (!lost && met.stream().noneMatch(Fault::losesAnswer)) {
      copyHeaders(answer, exchange);
      send(exchange, answer.statusCode(), answer.body());
    }
  }

  private void watch(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        client.send(passedOn(exchange, call), HttpResponse.BodyHandlers.ofInputStream());
    InputStream in = answer.body();
    watches.opened(in);
    try (in) {
      copyHeaders(answer, exchange);
      exchange.sendResponseHeaders(answer.statusCode(), 0);
      OutputStream out = exchange.getResponseBody();
      // Clients wait for the headers before they believe in the watch.
      out.flush();
      byte[] buffer = new byte[16 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    } finally {
      watches.ended(in);
    }
  }

  private HttpRequest passedOn(HttpExchange exchange, Call call) {
    return Forwarding.to(server, exchange, call.body().getBytes(UTF_8));
  }

  private static void copyHeaders(HttpResponse<?> answer, HttpExchange exchange) {
    answer
        .headers()
        .map()
        .forEach(
            (header, values) -> {
              if (Forwarding.isPassedOn(header)) {
                values.forEach(value -> exchange.getResponseHeaders().add(header, value));
              }
            });
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Ends all watches and stops listening. */
  @Override
  public void close() {
    faults.clear();
    watches.drop();
    http.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }
}
