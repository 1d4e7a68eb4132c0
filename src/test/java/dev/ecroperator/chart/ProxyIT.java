package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.real.OperatorAccount;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the chart's {@code proxy.https}, AWS is reached by the proxy, and the API server is not. */
class ProxyIT {
  private static final String NAMESPACE = "proxied";

  @TempDir Path directory;

  @Test
  void withWhatTheChartSetsAwsIsReachedByTheProxyAndTheApiServerIsNot() throws Exception {
    assertReachedByTheProxy(ProxyIT::settings);
  }

  @Test
  void withHttpsProxyAloneItIsTheSame() throws Exception {
    assertReachedByTheProxy(
        port ->
            new String[] {
              "AWS_ENDPOINT_URL", "",
              "HTTPS_PROXY", "http://127.0.0.1:" + port,
              "NO_PROXY", "127.0.0.1"
            });
  }

  @Test
  void withFipsEndpointsAskedForNoOtherIsReached() throws Exception {
    List<String> asked =
        assertReachedByTheProxy(
            port ->
                new String[] {
                  "AWS_ENDPOINT_URL", "",
                  "AWS_USE_FIPS_ENDPOINT", "true",
                  "HTTPS_PROXY", "http://127.0.0.1:" + port,
                  "NO_PROXY", "127.0.0.1"
                });
    assertThat(asked)
        .allMatch(line -> line.matches("CONNECT [^ ]*fips[^ ]*\\.amazonaws\\.com:443 .*"));
  }

  /** All that the proxy was asked for. */
  private List<String> assertReachedByTheProxy(IntFunction<String[]> settings) throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    try (var proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var server = RealKubeApiServer.start().withCustomResourceDefinitions()) {
      Thread.ofPlatform().daemon().start(() -> refuse(proxy, asked));
      server
          .client()
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
          .create();
      var account = OperatorAccount.plainIn(server, NAMESPACE);
      try (var life =
          new OperatorLife(
              server, account, directory, NAMESPACE, "", settings.apply(proxy.getLocalPort()))) {
        life.await(Achievement.RUNS);
        life.pursue(Achievement.READY);

        life.awaitTrue(
            "a call of AWS by the proxy",
            () ->
                asked.stream()
                    .anyMatch(
                        line -> line.matches("CONNECT [a-z.0-9-]+\\.amazonaws\\.com:443 .*")));
        assertThat(asked).allMatch(line -> line.contains(".amazonaws.com:443 "));
      }
    }
    return asked;
  }

  /** What the chart sets, and no endpoint of AWS. */
  private static String[] settings(int port) {
    var deployment =
        RenderedObject.find(
            Helm.alone().template("--set", "proxy.https=http://127.0.0.1:" + port),
            "Deployment",
            "ecr-operator");
    var settings = new ArrayList<>(List.of("AWS_ENDPOINT_URL", ""));
    deployment
        .at("/spec/template/spec/containers/0/env")
        .forEach(
            variable -> {
              if (variable.path("name").asText().endsWith("_PROXY")) {
                settings.add(variable.path("name").asText());
                // As the kubelet replaces it.
                settings.add(
                    variable
                        .path("value")
                        .asText()
                        .replace("$(KUBERNETES_SERVICE_HOST)", "10.0.0.1"));
              }
            });
    assertThat(settings).hasSize(8);
    return settings.toArray(String[]::new);
  }

  private static void refuse(ServerSocket proxy, List<String> asked) {
    while (true) {
      try (var connection = proxy.accept();
          var reader =
              new BufferedReader(
                  new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))) {
        var line = reader.readLine();
        if (line != null) {
          asked.add(line);
        }
        connection
            .getOutputStream()
            .write("HTTP/1.1 503 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (SocketException e) {
        return; // closed
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
