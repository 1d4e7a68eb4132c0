package dev.ecroperator.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ecroperator.simulator.ecr.Call;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Passes AWS's calls on to an emulator as they are, and remembers them. */
final class RecordingProxy implements AutoCloseable {
  private static final Pattern SCOPE =
      Pattern.compile(".*Credential=([^/,]+)/[0-9]{8}/([^/,]+)/([^/,]+)/aws4_request.*");
  private static final Pattern ACTION = Pattern.compile(".*\\bAction=([A-Za-z]+).*");
  private static final List<String> PASSED_ON =
      List.of("Authorization", "Content-Type", "X-Amz-Target", "X-Amz-Date");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI emulator;
  private final HttpServer server;

  RecordingProxy(URI emulator) throws IOException {
    this.emulator = emulator;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.createContext("/", this::pass);
    server.setExecutor(threads);
    server.start();
  }

  URI endpoint() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  /** The calls so far, in the order of their answers. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  private void pass(HttpExchange exchange) throws IOException {
    // An exchange that is closed without an answer is a connection lost.
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(emulator.resolve(exchange.getRequestURI()))
              .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
      for (String header : PASSED_ON) {
        String value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
          request.header(header, value);
        }
      }
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      calls.add(call(exchange, body, answer));
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

  private static Call call(HttpExchange exchange, byte[] body, HttpResponse<byte[]> answer)
      throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    Matcher scope = SCOPE.matcher(authorization == null ? "" : authorization);
    boolean signed = scope.matches();
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    return new Call(
        OperatorProcess.ACCOUNT,
        signed ? scope.group(2) : "",
        signed ? scope.group(3) : "",
        target == null ? action(body) : target.substring(target.indexOf('.') + 1),
        signed ? scope.group(1) : "",
        target == null ? null : repository(JSON.readTree(body)),
        answer.statusCode(),
        answer.headers().firstValue("X-Amzn-Errortype").orElse(null));
  }

  private static String action(byte[] form) {
    Matcher action = ACTION.matcher(new String(form, StandardCharsets.UTF_8));
    return action.matches() ? action.group(1) : "";
  }

  private static @Nullable String repository(JsonNode input) {
    if (input.path("repositoryName").isTextual()) {
      return input.path("repositoryName").asText();
    }
    String arn = input.path("resourceArn").asText();
    if (arn.contains(":repository/")) {
      return arn.substring(arn.indexOf(":repository/") + ":repository/".length());
    }
    JsonNode names = input.path("repositoryNames");
    return names.size() == 1 ? names.get(0).asText() : null;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
