package dev.ecroperator.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.cluster.LenientReading;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.kube.KubeSimulator;
import dev.ecroperator.simulator.kube.LoggedRequest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which cluster and which ECR the end-to-end tests run against: the system properties {@code
 * e2e.cluster} ({@code simulator} or {@code real}) and {@code e2e.ecr} ({@code simulator} or {@code
 * moto}); {@code simulator} unless set. Others are added here.
 */
final class Backends {
  private Backends() {}

  /** Fresh room for a scene in a cluster with our CRDs. */
  static KubernetesCluster cluster(Path workDirectory) {
    return switch (chosen("e2e.cluster", "real")) {
      case "real" -> RealCluster.namespaceOfTheSharedOne();
      default -> new SimulatedCluster(Path.of("crds"), workDirectory);
    };
  }

  /** A cluster that nobody else uses, with the CRDs of the directory. */
  static KubernetesCluster separateCluster(Path crds, Path workDirectory) {
    return switch (chosen("e2e.cluster", "real")) {
      case "real" -> RealCluster.separate(crds);
      default -> new SimulatedCluster(crds, workDirectory);
    };
  }

  private static String chosen(String property, String other) {
    String chosen = System.getProperty(property, "simulator");
    if (!List.of("simulator", other).contains(chosen)) {
      throw new IllegalArgumentException(property + "=" + chosen + ": not known");
    }
    return chosen;
  }

  /** A fresh ECR. */
  static EcrService ecr(Path workDirectory) {
    return onMoto() ? Moto.start(workDirectory) : new SimulatedEcr();
  }

  /** Whether the ECR is moto. */
  static boolean onMoto() {
    return chosen("e2e.ecr", "moto").equals("moto");
  }

  /** A client that is told from the operator's by its user agent. */
  static KubernetesClient client(Path kubeconfig) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
    config.setUserAgent(KubernetesCluster.TEST_USER_AGENT);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(LenientReading.serialization())
        .build();
  }

  private static final class SimulatedCluster implements KubernetesCluster {
    private final KubeSimulator simulator;
    private final Path kubeconfig;
    private final KubernetesClient client;

    SimulatedCluster(Path crds, Path workDirectory) {
      try {
        simulator = KubeSimulator.start(crds);
        kubeconfig =
            simulator.writeKubeconfig(Files.createTempFile(workDirectory, "kubeconfig", ""));
        client = Backends.client(kubeconfig);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Path kubeconfig() {
      return kubeconfig;
    }

    @Override
    public KubernetesClient client() {
      return client;
    }

    @Override
    public String namespace() {
      return "default";
    }

    @Override
    public List<LoggedRequest> writes() {
      return simulator.requests().writes();
    }

    @Override
    public void storeUnchecked(String object) {
      simulator.put(Serialization.unmarshal(object, JsonNode.class));
    }

    @Override
    public boolean evaluatesRules() {
      return false;
    }

    @Override
    public void close() {
      client.close();
      simulator.close();
    }
  }

  private static final class SimulatedEcr implements EcrService {
    private final EcrSimulator simulator = EcrSimulator.start();

    @Override
    public URI endpoint() {
      return simulator.endpoint();
    }

    @Override
    public List<Call> calls() {
      return simulator.log().calls();
    }

    @Override
    public Optional<EcrSimulator> simulator() {
      return Optional.of(simulator);
    }

    @Override
    public void close() {
      simulator.close();
    }
  }
}
