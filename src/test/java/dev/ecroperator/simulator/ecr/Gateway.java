package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.ecroperator.simulator.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The door: reads a request off the wire, lets faults have their way, and writes and logs the
 * answer.
 */
final class Gateway implements HttpHandler {
  private final AtomicLong requestIds = new AtomicLong();
  private final Services services;
  private final Identities identities;
  private final Faults faults;
  private final CallLog log;
  final RateLimit rateLimit = new RateLimit();
  volatile Duration latency = Duration.ZERO;

  Gateway(Services services, Identities identities, Faults faults, CallLog log) {
    this.services = services;
    this.identities = identities;
    this.faults = faults;
    this.log = log;
  }

  /** Thrown where the connection is to be closed without an answer. */
  private static final class Silence extends Exception {
    private static final long serialVersionUID = 1;

    Silence() {
      super("no answer", null, false, false);
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    // Closing an exchange that was not answered closes its connection: that is how an answer gets
    // lost.
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Target target = Target.of(exchange.getRequestHeaders().getFirst("X-Amz-Target"), body);
      answer(exchange, target, body);
    } catch (Silence lost) {
      // The caller gets nothing.
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, Target target, byte[] body)
      throws Silence, InterruptedException, IOException {
    Protocol protocol = Protocol.of(target.service());
    Attempt attempt =
        new Attempt(new Call("", "", target.service(), target.operation(), "", null, 0, null));
    try {
      ObjectNode answer = attempt.run(protocol, target, exchange, body);
      attempt.log(200, null);
      send(exchange, 200, protocol, protocol.success(target.operation(), answer));
    } catch (AwsError error) {
      attempt.log(error.status(), error.code());
      send(exchange, error.status(), protocol, protocol.error(error));
    }
  }

  private void send(HttpExchange exchange, int status, Protocol protocol, byte[] body)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", protocol.contentType());
    headers.set("x-amzn-RequestId", new UUID(0, requestIds.incrementAndGet()).toString());
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** One call on its way; what is known of it grows. */
  private final class Attempt {
    private Call call;
    private boolean logged;

    Attempt(Call call) {
      this.call = call;
    }

    void log(int status, @Nullable String errorCode) {
      if (!logged) {
        logged = true;
        log.add(call.answered(status, errorCode));
      }
    }

    ObjectNode run(Protocol protocol, Target target, HttpExchange exchange, byte[] body)
        throws Silence, InterruptedException {
      Identities.Caller caller = identities.authenticate(target, exchange.getRequestHeaders());
      ObjectNode input = input(protocol, body);
      List<String> names = Services.repositoryNames(input);
      call =
          new Call(
              caller.account(),
              caller.region(),
              call.service(),
              call.operation(),
              caller.accessKeyId(),
              names.size() == 1 ? names.getFirst() : null,
              0,
              null);
      services.checkScope(call, caller);
      identities.checkSignature(target, caller, exchange, body);
      Line line = faults.line();
      if (!line.carries(request())) {
        lose();
      }
      Faults.Blow blow = faults.next(call, names);
      sleep(latency.plus(blow.latency()));
      rateLimit.take(call);
      strike(blow, false, input);
      ObjectNode answer;
      try {
        answer = services.answer(call, caller, input, body, blow.stale());
      } finally {
        strike(blow, true, input);
      }
      if (!line.returns(request())) {
        lose();
      }
      return answer;
    }

    private Line.Request request() {
      return new Line.Request("ecr", call.operation(), call.isMutation(), call.accessKeyId());
    }

    private void lose() throws Silence {
      log(0, null);
      throw new Silence();
    }

    /** Lets the fault strike if this is its moment: before the effect, or after. */
    private void strike(Faults.Blow blow, boolean committed, ObjectNode input)
        throws Silence, InterruptedException {
      Fault fault = blow.fault();
      if (fault == null) {
        return;
      }
      switch (fault.kind()) {
        case Fault.Kind.Refusal refusal when refusal.committed() == committed ->
            throw refusal.error();
        case Fault.Kind.Denied() when !committed -> throw services.denied(call, input);
        case Fault.Kind.RoleDenied() when !committed -> throw services.replicationRoleDenied(call);
        case Fault.Kind.Silence silence when silence.committed() == committed -> {
          log(0, null);
          throw new Silence();
        }
        case Fault.Kind.Hang hang when hang.committed() == committed -> {
          log(0, null);
          fault.awaitRelease();
        }
        default -> {}
      }
    }

    private static ObjectNode input(Protocol protocol, byte[] body) {
      try {
        return protocol.input(body);
      } catch (IOException | IllegalArgumentException malformed) {
        throw AwsError.refused("SerializationException", "The request body could not be read");
      }
    }

    /** Takes as long as AWS is scripted to take: time that passes is the effect, not a means. */
    private static void sleep(Duration duration) throws InterruptedException {
      if (duration.isPositive()) {
        Thread.sleep(duration);
      }
    }
  }
}
