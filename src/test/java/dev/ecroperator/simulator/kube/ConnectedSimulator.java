package dev.ecroperator.simulator.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A simulated API server with this project's CRDs, and a client of it that asks each thing once:
 * what a test has fail fails.
 */
public record ConnectedSimulator(KubeSimulator server, KubernetesClient client)
    implements AutoCloseable {

  /** Starts one on a free port. */
  public static ConnectedSimulator start() throws IOException {
    KubeSimulator server = KubeSimulator.start(Path.of("crds"));
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.endpoint().toString())
            .withNamespace("default")
            .withRequestRetryBackoffLimit(0)
            .build();
    return new ConnectedSimulator(server, new KubernetesClientBuilder().withConfig(config).build());
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
