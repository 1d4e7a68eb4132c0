package dev.ecroperator.simulator.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.function.Predicate;

/** Takes requests off the wire and puts answers on it. */
record Server(Store store, Api api, Documents documents, RequestLog requests) {

  void handle(HttpExchange exchange) throws IOException {
    // An exchange that is closed before it is answered takes its connection with it.
    try (exchange) {
      Call call = Call.of(exchange);
      if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
        // Who would rather have one falls back to a plain watch upon this, and at once.
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      answer(exchange, call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    String verb = call.request().verb();
    int code = verb.equals("create") ? 201 : 200;
    ObjectNode body;
    try {
      if (verb.equals("watch")) {
        watch(exchange, call);
        return;
      }
      body = verb.isEmpty() ? documents.at(call.path()) : api.answer(call);
    } catch (Refusal refusal) {
      code = refusal.code();
      body = refusal.status();
    } catch (RuntimeException defect) {
      code = 500;
      body = Refusal.of(code, "the simulator failed: " + defect).status();
    }
    // Logged before it is sent, so that who has the answer finds the request in the log.
    requests.add(call);
    byte[] bytes = Json.MAPPER.writeValueAsBytes(body);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void watch(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    Kind kind = api.kind(call);
    if (!call.parameter("sendInitialEvents").isEmpty()) {
      // As an older server, upon which clients list before they watch.
      throw Refusal.of(422, "sendInitialEvents: Forbidden: list before you watch");
    }
    Predicate<JsonNode> selection = call.selection();
    BlockingQueue<Store.Change> watch = store.watch(call.number("resourceVersion"));
    try {
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      // Clients wait for the headers before they believe in the watch.
      out.flush();
      for (var change = watch.take(); !change.equals(Store.END); change = watch.take()) {
        if (change.key().isIn(kind.plural(), call.request().namespace())
            && selection.test(change.object())) {
          ObjectNode shown = Api.shown(kind, call, change.object());
          // One JSON document a line.
          out.write(
              Json.object("type", change.event(), "object", shown).toString().getBytes(UTF_8));
          out.write('\n');
          out.flush();
        }
      }
    } finally {
      store.unwatch(watch);
    }
  }
}
