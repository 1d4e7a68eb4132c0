package dev.ecroperator.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.ecr.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * EKS's Pod Identity agent on loopback: gives a pod, which it knows by its token, the credentials
 * of the role that its service account is associated with.
 */
final class PodIdentityAgent implements AutoCloseable {
  private final EcrSimulator aws;
  private final HttpServer server;
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger given = new AtomicInteger();
  private volatile int refusal = 404;
  private volatile @Nullable String token;

  /** An agent that knows of no association yet. */
  PodIdentityAgent(EcrSimulator aws) {
    this.aws = aws;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/credentials", this::answer);
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/credentials";
  }

  /** From now on answers nobody, and this status. */
  void refuse(int status) {
    token = null;
    refusal = status;
  }

  /** From now on gives credentials to the pod with this token, and to no other. */
  void associate(String podsToken) {
    token = podsToken;
  }

  /** How often it has answered without credentials. */
  int refusals() {
    return refusals.get();
  }

  /** How often it has given credentials. */
  int given() {
    return given.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String known = token;
      String asks = exchange.getRequestHeaders().getFirst("Authorization");
      if (known == null || !known.equals(asks)) {
        refusals.incrementAndGet();
        send(
            exchange,
            known == null ? refusal : 400,
            """
            {"code": "ResourceNotFoundException", "message": "no association for this pod"}\
            """);
        return;
      }
      Session session = aws.assume("arn:aws:iam::111122223333:role/ecr-operator");
      given.incrementAndGet();
      send(
          exchange,
          200,
          """
          {"AccessKeyId": "%s", "SecretAccessKey": "%s", "Token": "%s", "AccountId": "111122223333",
           "Expiration": "%s"}
          """
              .formatted(
                  session.accessKeyId(),
                  session.secretAccessKey(),
                  session.token(),
                  session.expiration()));
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
