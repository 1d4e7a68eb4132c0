package dev.ecroperator.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.proxy.Forwarding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Passes AWS's calls on to an emulator as they are, and remembers them. */
final class RecordingProxy implements AutoCloseable {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI emulator;
  private final HttpServer server;

  /** One that speaks HTTP. */
  RecordingProxy(URI emulator) throws IOException {
    this(emulator, HttpServer.create(ANY_PORT, 1024));
  }

  /** One that speaks HTTPS. */
  RecordingProxy(URI emulator, SSLContext tls) throws IOException {
    this(emulator, https(tls));
  }

  private RecordingProxy(URI emulator, HttpServer server) {
    this.emulator = emulator;
    this.server = server;
    server.createContext("/", this::pass);
    server.setExecutor(threads);
    server.start();
  }

  private static HttpServer https(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(ANY_PORT, 1024);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
  }

  URI endpoint() {
    InetSocketAddress address = server.getAddress();
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return URI.create(
        scheme + "://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  /** The calls so far, in the order of their answers. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  private void pass(HttpExchange exchange) throws IOException {
    // An exchange that is closed without an answer is a connection lost.
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpResponse<byte[]> answer =
          http.send(
              Forwarding.to(emulator, exchange, body), HttpResponse.BodyHandlers.ofByteArray());
      calls.add(
          Call.sent(OperatorProcess.ACCOUNT, exchange.getRequestHeaders(), body)
              .answered(
                  answer.statusCode(),
                  answer.headers().firstValue("X-Amzn-Errortype").orElse(null)));
      for (String header : List.of("Content-Type", "X-Amzn-Errortype", "x-amzn-requestid")) {
        answer
            .headers()
            .firstValue(header)
            .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
      }
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
