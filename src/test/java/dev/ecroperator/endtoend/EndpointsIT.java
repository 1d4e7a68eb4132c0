package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The SDK's and the JVM's own settings of where AWS is, and whom to trust, reach the jar. */
@Execution(ExecutionMode.CONCURRENT)
class EndpointsIT {
  private static List<String> services(EcrSimulator aws) {
    return aws.log().calls().stream().map(Call::service).distinct().toList();
  }

  @Test
  void eachServiceIsAskedAtItsOwnEndpoint() {
    try (Scene scene = Scene.withResync("24h").open();
        EcrSimulator ecr = EcrSimulator.start();
        EcrSimulator gallery = EcrSimulator.start();
        EcrSimulator sts = EcrSimulator.start()) {
      // AWS_ENDPOINT_URL is set too, to the scene's, and comes second.
      scene.startOperator(
          Map.of(
              "AWS_ENDPOINT_URL_ECR", ecr.endpoint().toString(),
              "AWS_ENDPOINT_URL_ECR_PUBLIC", gallery.endpoint().toString(),
              "AWS_ENDPOINT_URL_STS", sts.endpoint().toString()));

      scene.repository("somewhere").create("{}").awaitInSync();
      scene.repository("in-the-gallery").create("visibility: Public").awaitInSync();

      assertThat(ecr.repositories(OperatorProcess.ACCOUNT, Scene.REGION))
          .containsOnlyKeys("somewhere");
      assertThat(gallery.publicRepositories(OperatorProcess.ACCOUNT))
          .containsOnlyKeys("in-the-gallery");
      assertThat(services(ecr)).containsExactly("ecr");
      assertThat(services(gallery)).containsExactly("ecr-public");
      assertThat(services(sts)).containsExactly("sts");
      assertThat(scene.calls()).isEmpty();
    }
  }

  @Test
  void anEndpointIsReachedWhoseCertificateTheTrustStoreHas() throws Exception {
    try (Scene scene = Scene.withResync("24h").open()) {
      Certificate certificate = Certificate.ofLoopback(scene.directory());
      try (var proxy = new RecordingProxy(scene.ecr().endpoint(), certificate.serverContext())) {
        scene.startOperator(
            Map.of(
                "AWS_ENDPOINT_URL",
                proxy.endpoint().toString(),
                "JAVA_TOOL_OPTIONS",
                certificate.jvmOptions()));

        scene.repository("trusting").create("{}").awaitInSync();

        assertThat(proxy.calls()).extracting(Call::operation).contains("CreateRepository");
      }
    }
  }

  @Test
  void anEndpointWhoseCertificateNobodyTrustsIsNotAsked() throws Exception {
    try (Scene scene = Scene.withResync("24h").open()) {
      Certificate certificate = Certificate.ofLoopback(scene.directory());
      try (var proxy = new RecordingProxy(scene.ecr().endpoint(), certificate.serverContext())) {
        scene.startOperator(Map.of("AWS_ENDPOINT_URL", proxy.endpoint().toString()));

        RepositoryObject object = scene.repository("distrusting").create("{}");

        assertThat(object.awaitMessage("Unavailable")).contains("certif");
        assertThat(proxy.calls()).isEmpty();
        assertThat(scene.calls()).isEmpty();
      }
    }
  }

  /** Connections to one that is down are neither taken nor refused. */
  @Test
  void anEndpointOfWhichOneAddressIsDownIsReachedByAnother() throws Exception {
    try (Scene scene = Scene.withResync("24h").open();
        var hole = new ServerSocket()) {
      int port = scene.ecr().endpoint().getPort();
      hole.bind(new InetSocketAddress("127.0.0.2", port), 1);
      List<Socket> full = fill(hole);
      Path hosts =
          Files.writeString(
              scene.directory().resolve("hosts"), "127.0.0.2 ecr.test\n127.0.0.1 ecr.test\n");
      scene.startOperator(
          Map.of(
              "AWS_ENDPOINT_URL",
              "http://ecr.test:" + port,
              "JAVA_TOOL_OPTIONS",
              "-Djdk.net.hosts.file=" + hosts.toAbsolutePath()));

      scene.repository("failing-over").create("{}").awaitInSync();

      for (Socket each : full) {
        each.close();
      }
    }
  }

  /** Connects until nobody else can. */
  private static List<Socket> fill(ServerSocket hole) throws IOException {
    List<Socket> full = new ArrayList<>();
    while (true) {
      Socket socket = new Socket();
      full.add(socket);
      try {
        socket.connect(hole.getLocalSocketAddress(), 1_000);
      } catch (SocketTimeoutException e) {
        return full;
      }
    }
  }
}
