package dev.ecroperator.simulator.proxy;

import dev.ecroperator.simulator.kube.KubeSimulator;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * A simulated API server with this project's CRDs, and a client that reaches it by a proxy and asks
 * each thing once: what a test has fail fails.
 *
 * @param direct another client, which nothing fails for
 */
public record ConnectedSimulator(
    KubeSimulator server, ApiServerProxy proxy, KubernetesClient client, KubernetesClient direct)
    implements AutoCloseable {

  /** Starts one on a free port. */
  public static ConnectedSimulator start() throws IOException {
    KubeSimulator server = KubeSimulator.start(Path.of("crds"));
    ApiServerProxy proxy = ApiServerProxy.before(server.endpoint());
    return new ConnectedSimulator(
        server, proxy, clientOf(proxy.endpoint()), clientOf(server.endpoint()));
  }

  private static KubernetesClient clientOf(URI server) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.toString())
            .withNamespace("default")
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** What is to go wrong with the client's requests. */
  public Faults faults() {
    return proxy.faults();
  }

  @Override
  public void close() {
    direct.close();
    client.close();
    proxy.close();
    server.close();
  }
}
