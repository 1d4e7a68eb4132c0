package dev.ecroperator.crd;

import static java.util.Objects.requireNonNull;

import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A kind on a real API server of its own, which runs while the tests of a class do. */
final class KindOnApiServer implements BeforeAllCallback, AfterAllCallback {

  private final String kind;
  private @Nullable RealKubeApiServer server;

  KindOnApiServer(String kind) {
    this.kind = kind;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    server = RealKubeApiServer.start().withCustomResourceDefinitions();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (server != null) {
      server.close();
    }
  }

  RealKubeApiServer server() {
    return requireNonNull(server);
  }

  KubernetesClient client() {
    return server().client();
  }

  /** An object of the default namespace as its owner writes it; its spec is YAML in one line. */
  GenericKubernetesResource object(String name, String spec) {
    return client()
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: ecroperator.dev/v1alpha1
            kind: %s
            metadata: {name: %s, namespace: default}
            spec: %s
            """
                .formatted(kind, name, spec),
            GenericKubernetesResource.class);
  }

  /** The same, at hand to be sent. */
  Resource<GenericKubernetesResource> resource(String name, String spec) {
    return client().resource(object(name, spec));
  }
}
