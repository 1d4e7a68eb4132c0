package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ClusterTest {

  @Test
  void aConnectionThatIsDeadIsGivenUpForANewOne() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (var relay = new Relay(apiServer(vertx))) {
      Config config =
          new ConfigBuilder(Cluster.config(2_000, 2))
              .withMasterUrl("https://localhost:" + relay.port())
              .withTrustCerts(true)
              .withDisableHostnameVerification(true)
              .build();
      try (KubernetesClient client = Cluster.answering(config, new WatchRefusals(() -> 0))) {
        relay.freeze();

        assertThat(client.getKubernetesVersion().getMajor()).isEqualTo("1");
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get();
    }
  }

  /** An API server by HTTP/2, as real ones are, that knows its version only; its port. */
  private static int apiServer(Vertx vertx) throws Exception {
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(SelfSignedCertificate.create("localhost").keyCertOptions()));
    server.requestHandler(
        request ->
            request
                .response()
                .putHeader("Content-Type", "application/json")
                .end("{\"major\": \"1\", \"minor\": \"36\"}"));
    return server
        .listen(0, "localhost")
        .toCompletionStage()
        .toCompletableFuture()
        .get()
        .actualPort();
  }

  /** Passes connections on, until it is told to keep those that there are open and silent. */
  private static final class Relay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Socket> frozen = new CopyOnWriteArrayList<>();

    Relay(int target) throws IOException {
      Thread.ofVirtual().start(() -> accept(target));
    }

    int port() {
      return server.getLocalPort();
    }

    void freeze() {
      frozen.addAll(sockets);
    }

    private void accept(int target) {
      try {
        while (true) {
          Socket caller = server.accept();
          Socket called = new Socket(InetAddress.getLoopbackAddress(), target);
          sockets.addAll(List.of(caller, called));
          Thread.ofVirtual().start(() -> pass(caller, called));
          Thread.ofVirtual().start(() -> pass(called, caller));
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    private void pass(Socket from, Socket to) {
      try {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[8_192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!frozen.contains(from)) {
            to.getOutputStream().write(buffer, 0, read);
          }
        }
      } catch (IOException closed) {
        // One of both sides is gone.
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
