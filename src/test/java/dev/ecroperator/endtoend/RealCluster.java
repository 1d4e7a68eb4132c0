package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.kube.LoggedRequest;
import dev.ecroperator.simulator.real.Access;
import dev.ecroperator.simulator.real.OperatorAccount;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The real kube-apiserver: one for all scenes, which is quick, with a namespace for each; or one of
 * its own. The operator has the chart's service account in the scene's namespace, and may do what
 * the chart says, no more.
 */
final class RealCluster implements KubernetesCluster {
  private static final AtomicInteger scenes = new AtomicInteger();
  private static @Nullable RealKubeApiServer shared;

  private final RealKubeApiServer server;
  private final String namespace;
  private final boolean own;
  private final KubernetesClient client;
  private final OperatorAccount account;

  private RealCluster(RealKubeApiServer server, String namespace, boolean own) {
    try {
      this.server = server;
      this.namespace = namespace;
      this.own = own;
      this.client = Backends.client(server.kubeconfig());
      this.account = OperatorAccount.plainIn(server, namespace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fresh namespace, to which its operator keeps. */
  static RealCluster namespaceOfTheSharedOne() {
    RealKubeApiServer server = shared();
    String namespace = "scene-" + scenes.incrementAndGet();
    server
        .client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    return new RealCluster(server, namespace, false);
  }

  // The server ends with the JVM.
  private static synchronized RealKubeApiServer shared() {
    RealKubeApiServer running = shared;
    if (running == null) {
      running = RealKubeApiServer.start().withCustomResourceDefinitions();
      shared = running;
    }
    return running;
  }

  /** A server of its own, with the CRDs of the directory. */
  static RealCluster separate(Path crds) {
    RealKubeApiServer server = RealKubeApiServer.start().withCustomResourceDefinitions(crds);
    return new RealCluster(server, "default", true);
  }

  @Override
  public Path kubeconfig() {
    return account.kubeconfig();
  }

  @Override
  public Path administratorsKubeconfig() {
    return server.kubeconfig();
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public Map<String, String> settings() {
    return own ? Map.of() : Map.of("OPERATOR_WATCH_NAMESPACES", namespace);
  }

  @Override
  public List<LoggedRequest> writes() {
    // A request is logged after it was answered, and its effect seen still earlier.
    return Patience.atRest(
        Duration.ofMillis(250),
        () -> server.writes().stream().filter(r -> r.namespace().equals(namespace)).toList());
  }

  @Override
  public boolean evaluatesRules() {
    return true;
  }

  @Override
  public void storeUnchecked(String object) {
    if (!own) {
      throw new IllegalStateException("the CRDs are changed for it: take a separate cluster");
    }
    server.storeUnchecked(Serialization.unmarshal(object, GenericKubernetesResource.class));
  }

  @Override
  public void close() {
    List<Access> refused =
        server.accesses().stream()
            .filter(access -> access.user().equals(account.user()) && access.isForbidden())
            .toList();
    client.close();
    if (own) {
      server.close();
    }
    assertThat(refused).as("what the chart's permissions do not allow").isEmpty();
  }
}
