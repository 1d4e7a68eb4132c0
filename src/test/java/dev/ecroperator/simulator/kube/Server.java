package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.kube.Api.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Takes requests off the wire and puts answers on it. */
final class Server {
  private final Store store;
  private final Api api;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final RequestLog requests;
  private final Faults faults;

  Server(Store store, Types types, RequestLog requests, Faults faults) {
    this.store = store;
    this.api = new Api(store, types);
    this.discovery = new Discovery(types);
    this.openApi = new OpenApi(types);
    this.requests = requests;
    this.faults = faults;
  }

  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      String body =
          Protobuf.is(bytes)
              ? Protobuf.read(bytes).toString()
              : new String(bytes, StandardCharsets.UTF_8);
      // An exchange that is closed before it is answered takes its connection with it.
      if (faults.turnsAway()) {
        return;
      }
      var headers = exchange.getRequestHeaders();
      // Clients that would rather have a WebSocket fall back to a plain watch upon this.
      if ("websocket".equalsIgnoreCase(headers.getFirst("Upgrade"))) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      answer(
          exchange,
          Call.of(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              headers.getFirst("Content-Type"),
              headers.getFirst("Accept"),
              headers.getFirst("User-Agent"),
              body));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    Line line = faults.line();
    Line.Request request = request(call);
    if (!line.carries(request)) {
      requests.add(call, 0);
      return;
    }
    List<Fault> met = faults.meet(call);
    for (Fault fault : met) {
      fault.pause();
    }
    Answer answer;
    try {
      met.forEach(Fault::beforeCommit);
      if (call.isWatch() && !call.resource().isEmpty()) {
        watch(exchange, call);
        return;
      }
      answer = answer(call);
      met.forEach(Fault::afterCommit);
    } catch (ApiFailure failure) {
      answer = new Answer(failure.code(), failure.status(), List.of());
      JsonNode retryAfter = failure.status().at("/details/retryAfterSeconds");
      if (retryAfter.isNumber()) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter.asText());
      }
    } catch (RuntimeException defect) {
      ApiFailure failure = ApiFailure.of(500, "the simulator failed: " + defect);
      answer = new Answer(500, failure.status(), List.of());
    }
    boolean lost = answer.code() < 300 && !line.returns(request);
    if (lost || met.stream().anyMatch(Fault::losesAnswer)) {
      requests.add(call, 0);
      return;
    }
    // Logged before it is sent, so that who has the answer finds the request in the log.
    requests.add(call, answer.code());
    send(exchange, answer);
  }

  private static Line.Request request(Call call) {
    String subresource = call.subresource().isEmpty() ? "" : "/" + call.subresource();
    boolean changes =
        List.of("create", "update", "patch", "delete", "deletecollection").contains(call.verb())
            && !call.isDryRun()
            && !call.resource().equals("selfsubjectaccessreviews");
    return new Line.Request(
        "kube", call.verb() + " " + call.resource() + subresource, changes, call.userAgent());
  }

  private Answer answer(Call call) {
    Optional<ObjectNode> document = Optional.empty();
    if (call.resource().isEmpty() && call.method().equals("GET")) {
      document = openApi.find(call).or(() -> discovery.find(call.path()));
    }
    return document.map(Answer::ok).orElseGet(() -> api.answer(call));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    for (String warning : answer.warnings()) {
      headers.add("Warning", "299 - \"" + warning.replace("\"", "\\\"") + "\"");
    }
    byte[] body = Json.write(answer.body());
    exchange.sendResponseHeaders(answer.code(), body.length);
    exchange.getResponseBody().write(body);
  }

  private void watch(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    ResourceType type = api.type(call);
    WatchStream.check(type, call);
    int generation = faults.watchGeneration();
    requests.add(call, 200);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    // Clients wait for the headers before they believe in the watch.
    out.flush();
    new WatchStream(store, faults, type, call, out).run(generation);
  }
}
