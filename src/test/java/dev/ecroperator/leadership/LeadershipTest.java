package dev.ecroperator.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.kube.KubeSimulator;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadershipTest {
  @TempDir Path directory;

  @Test
  void whoGotTheLeaseAndNotTheAnswerLeadsAllTheSame() throws Exception {
    try (KubeSimulator cluster = KubeSimulator.start(Path.of("crds"))) {
      Path kubeconfig = cluster.writeKubeconfig(directory.resolve("kubeconfig"));
      Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
      config.setRequestRetryBackoffLimit(0);
      KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
      cluster.faults().on("create", "leases").loseAnswer();
      var fence = new Fence(System::nanoTime);
      try (var leadership =
          Leadership.contend(
              client, "default", "ecr-operator", "us", fence, InstantSource.system(), () -> {})) {
        assertThat(leadership.await()).isTrue();
        assertThat(leadership.role()).isEqualTo("ok: leads");
      }
    }
  }
}
