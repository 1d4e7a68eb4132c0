package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.kube.LoggedRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Kubernetes API server with the CRDs installed, as the operator and a test see it. */
public interface KubernetesCluster extends AutoCloseable {
  /** The user agent of {@link #client()}: its requests are not the operator's. */
  String TEST_USER_AGENT = "end-to-end-test";

  /** The kubeconfig for the operator. */
  Path kubeconfig();

  /** A kubeconfig for the test's own commands, of somebody who may do everything. */
  default Path administratorsKubeconfig() {
    return kubeconfig();
  }

  /** The test's own client, which may do everything. */
  KubernetesClient client();

  /** Where the test's objects are. */
  String namespace();

  /** What an operator of this cluster needs to be told, that it may look at these objects alone. */
  default Map<String, String> settings() {
    return Map.of();
  }

  /** The requests for a change so far, oldest first: of all kinds that the operator reconciles. */
  List<LoggedRequest> writes();

  /** Stores a Repository, in YAML, that the CRD refuses: an earlier one let it in. */
  void storeUnchecked(String object);

  /** Whether it evaluates the CRDs' CEL rules; the simulator does not. */
  boolean evaluatesRules();

  @Override
  void close();
}
