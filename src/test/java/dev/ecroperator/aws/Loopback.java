package dev.ecroperator.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP servers on loopback that answer as those who give credentials do. */
final class Loopback implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpServer> servers = new ArrayList<>();

  /** Who knows what is answered. */
  @FunctionalInterface
  interface Answers {
    Answer to(HttpExchange asked) throws InterruptedException;
  }

  record Answer(int status, String body) {
    static Answer ok(String body) {
      return new Answer(200, body);
    }
  }

  /** Starts a server, and returns its URL. */
  String serve(Answers answers) {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    servers.add(server);
    server.setExecutor(threads);
    server.createContext(
        "/",
        asked -> {
          try (asked) {
            Answer answer = answers.to(asked);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            // Without it the metadata of a node is not believed.
            asked.getResponseHeaders().set("x-aws-ec2-metadata-token-ttl-seconds", "600");
            asked.sendResponseHeaders(answer.status(), bytes.length);
            asked.getResponseBody().write(bytes);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** As the agent of EKS Pod Identity, ECS and the metadata of a node give credentials. */
  static Answer json(String keyId) {
    return Answer.ok(
        """
        {"Code": "Success", "AccessKeyId": "%s", "SecretAccessKey": "secret",
         "Token": "token", "Expiration": "2099-01-01T00:00:00Z"}
        """
            .formatted(keyId));
  }

  /** As STS gives them for a web identity. */
  static Answer xml(String keyId) {
    return Answer.ok(
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
         <AssumeRoleWithWebIdentityResult>
          <Credentials>
           <AccessKeyId>%s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
           <SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
          </Credentials>
         </AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """
            .formatted(keyId));
  }

  /** As STS refuses, once and for all. */
  static Answer denied() {
    return new Answer(
        403,
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
         <Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized</Message></Error>
        </ErrorResponse>
        """);
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }
}
