package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.kube.Api.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Takes requests off the wire and puts answers on it. */
final class Server {
  private static final String LONGEST_WATCH = "1800";

  private final Store store;
  private final Api api;
  private final Documents documents;
  private final RequestLog requests;
  private final Faults faults;

  Server(Store store, Api api, Documents documents, RequestLog requests, Faults faults) {
    this.store = store;
    this.api = api;
    this.documents = documents;
    this.requests = requests;
    this.faults = faults;
  }

  void handle(HttpExchange exchange) throws IOException {
    // An exchange that is closed before it is answered takes its connection with it.
    try (exchange) {
      Call call = Call.of(exchange);
      if (faults.turnsAway()) {
        return;
      }
      // Who would rather have a WebSocket falls back to a plain watch upon this, and at once.
      if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      answer(exchange, call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    LoggedRequest asked = call.request();
    Line line = faults.line();
    var request = asked.onTheLine();
    if (!line.carries(request)) {
      requests.add(asked, 0);
      return;
    }
    List<Fault> met = faults.meet(asked);
    Answer answer;
    try {
      for (Fault fault : met) {
        fault.strike();
      }
      if (asked.verb().equals("watch")) {
        watch(exchange, call);
        return;
      }
      answer = answer(call);
    } catch (Refusal refusal) {
      answer = new Answer(refusal.status().getCode(), refusal.status(), List.of());
    } catch (RuntimeException defect) {
      Refusal refusal = Refusal.of(500, "the simulator failed: " + defect);
      answer = new Answer(500, refusal.status(), List.of());
    }
    boolean lost = answer.code() < 300 && !line.returns(request);
    if (lost || met.stream().anyMatch(Fault::losesAnswer)) {
      requests.add(asked, 0);
      return;
    }
    // Logged before it is sent, so that who has the answer finds the request in the log.
    requests.add(asked, answer.code());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    for (String warning : answer.warnings()) {
      exchange
          .getResponseHeaders()
          .add("Warning", "299 - \"" + warning.replace("\"", "\\\"") + "\"");
    }
    byte[] body = Json.MAPPER.writeValueAsBytes(answer.body());
    exchange.sendResponseHeaders(answer.code(), body.length);
    exchange.getResponseBody().write(body);
  }

  private Answer answer(Call call) {
    return call.request().resource().isEmpty()
        ? documents
            .find(call.request().path())
            .map(document -> new Answer(200, document, List.of()))
            .orElseThrow(() -> Refusal.of(404, "the server could not find the requested resource"))
        : api.answer(call);
  }

  private void watch(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    Kind kind = api.kind(call);
    if (!call.parameter("sendInitialEvents").isEmpty()) {
      // As an older server, upon which clients list before they watch.
      String why =
          "Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is"
              + " enabled";
      throw Refusal.invalid(kind, "", "Forbidden", "sendInitialEvents", why);
    }
    Predicate<JsonNode> selection = Selection.of(kind, call);
    int generation = faults.watchGeneration();
    requests.add(call.request(), 200);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    // Clients wait for the headers before they believe in the watch.
    exchange.getResponseBody().flush();
    String seconds = call.request().query().getOrDefault("timeoutSeconds", LONGEST_WATCH);
    Instant end = Instant.now().plusSeconds(Long.parseLong(seconds));
    var watch = new Watch(kind, call, selection, exchange.getResponseBody());
    try {
      String from = call.parameter("resourceVersion");
      long seen = List.of("", "0").contains(from) ? watch.sendPresent(store) : Long.parseLong(from);
      while (faults.watchGeneration() == generation && Instant.now().isBefore(end)) {
        for (Store.Change change : store.after(seen, Duration.between(Instant.now(), end))) {
          seen = change.revision();
          if (faults.watchGeneration() == generation) {
            watch.send(change);
          }
        }
      }
    } catch (Refusal tooOld) {
      watch.send("ERROR", tooOld.status());
    }
  }

  /** One watch: tells what happens, one JSON document a line. */
  private record Watch(Kind kind, Call call, Predicate<JsonNode> selection, OutputStream out) {
    long sendPresent(Store store) throws IOException {
      Store.Listed present =
          store.alone(
              () -> store.firstPage(store.list(kind.plural(), call.request().namespace()), 0));
      for (ObjectNode object : present.items()) {
        if (selection.test(object)) {
          send("ADDED", object);
        }
      }
      return present.revision();
    }

    void send(Store.Change change) throws IOException {
      if (!change.key().isIn(kind.plural(), call.request().namespace())) {
        return;
      }
      ObjectNode before = chosen(change.before());
      ObjectNode after = chosen(change.after());
      if (after != null) {
        send(before == null ? "ADDED" : "MODIFIED", after);
      } else if (before != null) {
        ObjectNode last = before.deepCopy();
        Json.metadata(last).put("resourceVersion", Long.toString(change.revision()));
        send("DELETED", last);
      }
    }

    private @Nullable ObjectNode chosen(@Nullable ObjectNode object) {
      return object != null && selection.test(object) ? object : null;
    }

    private void send(String event, ObjectNode object) throws IOException {
      ObjectNode metadata = Json.object("resourceVersion", object.at("/metadata/resourceVersion"));
      send(
          event,
          (Object) (call.wantsTable() ? Api.table(kind, call, List.of(object), metadata) : object));
    }

    void send(String event, Object object) throws IOException {
      out.write(Json.MAPPER.writeValueAsBytes(Json.object("type", event, "object", object)));
      out.write('\n');
      out.flush();
    }
  }
}
