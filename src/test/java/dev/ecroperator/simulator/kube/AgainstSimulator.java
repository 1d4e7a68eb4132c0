package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A simulator with gadgets, and the client that the operator uses. */
abstract class AgainstSimulator {
  private static final Path CRDS = Path.of("src/test/resources/simulator/crds");
  private static final ResourceDefinitionContext GADGET =
      new ResourceDefinitionContext.Builder()
          .withGroup("example.dev")
          .withVersion("v1alpha1")
          .withKind("Gadget")
          .withPlural("gadgets")
          .withNamespaced(true)
          .build();
  static final Duration PATIENCE = Duration.ofSeconds(30);

  KubeSimulator simulator;
  KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    simulator = KubeSimulator.start(CRDS);
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(simulator.endpoint().toString())
            .withNamespace("default")
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void stop() {
    client.close();
    simulator.close();
  }

  MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      gadgets() {
    return client.genericKubernetesResources(GADGET);
  }

  static GenericKubernetesResource gadget(String name, Map<String, Object> spec) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("example.dev/v1alpha1")
        .withKind("Gadget")
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  GenericKubernetesResource create(String name) {
    return gadgets().resource(gadget(name, Map.of("colour", "Red"))).create();
  }

  JsonNode stored(String name) {
    return simulator.get("gadgets", "default", name).orElseThrow();
  }

  static void refused(int code, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(code);
              assertThat(e.getMessage()).contains(message);
            });
  }

  void createIn(String namespace) {
    GenericKubernetesResource gadget = gadget("one", Map.of("colour", "Red"));
    gadget.getMetadata().setNamespace(namespace);
    gadgets().inNamespace(namespace).resource(gadget).create();
  }

  static GenericKubernetesResource annotated(
      GenericKubernetesResource gadget, String key, String value) {
    gadget.getMetadata().getAnnotations().put(key, value);
    return gadget;
  }

  static GenericKubernetesResource withSpec(
      GenericKubernetesResource gadget, Map<String, Object> spec) {
    gadget.setAdditionalProperty("spec", spec);
    return gadget;
  }

  void patch(String name, PatchType type, String patch) {
    gadgets().withName(name).patch(PatchContext.of(type), patch);
  }

  static List<String> names(List<GenericKubernetesResource> gadgets) {
    return gadgets.stream().map(g -> g.getMetadata().getName()).toList();
  }
}
