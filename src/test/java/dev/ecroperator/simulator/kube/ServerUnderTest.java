package dev.ecroperator.simulator.kube;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An API server with our CRDs, one for a class, and a namespace of its own for each test: the
 * simulator, or the real one where the system property {@code e2e.cluster} says {@code real}.
 */
final class ServerUnderTest
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final ResourceDefinitionContext REPOSITORY =
      new ResourceDefinitionContext.Builder()
          .withGroup("ecroperator.dev")
          .withVersion("v1alpha1")
          .withKind("Repository")
          .withPlural("repositories")
          .withNamespaced(true)
          .build();

  private @Nullable AutoCloseable server;
  private @Nullable Path kubeconfig;
  private @Nullable KubernetesClient client;
  private int tests;

  static boolean isReal() {
    return System.getProperty("e2e.cluster", "simulator").equals("real");
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    if (isReal()) {
      var real = RealKubeApiServer.start().withCustomResourceDefinitions();
      server = real;
      kubeconfig = real.kubeconfig();
    } else {
      var simulator = KubeSimulator.start(Path.of("crds"));
      server = simulator;
      kubeconfig = simulator.writeKubeconfig(Files.createTempFile("kubeconfig", ""));
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    tests++;
    Config config = Config.fromKubeconfig(Files.readString(kubeconfig()));
    config.setNamespace("test-" + tests);
    config.setUserAgent("conformance/1");
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
    createNamespace(namespace());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (client != null) {
      client.close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (server != null) {
      server.close();
    }
    if (!isReal() && kubeconfig != null) {
      Files.delete(kubeconfig);
    }
  }

  /** The server, where it is the simulator. */
  KubeSimulator simulator() {
    return (KubeSimulator) requireNonNull(server);
  }

  Path kubeconfig() {
    return requireNonNull(kubeconfig);
  }

  KubernetesClient client() {
    return requireNonNull(client);
  }

  /** The namespace of the test. */
  String namespace() {
    return client().getConfiguration().getNamespace();
  }

  void createNamespace(String name) {
    var namespace = new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build();
    client().resource(namespace).create();
  }

  /** What a kubectl printed, and its exit status. */
  record Outcome(int exit, String text) {}

  /** Starts the kubectl of the real part, or else that of the PATH; without one, skips the test. */
  Process launch(Path output, String... arguments) throws IOException {
    return launch(output, Map.of(), arguments);
  }

  private Process launch(Path output, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(RealKubeApiServer.kubectlBinary().toString()));
    command.addAll(List.of("--kubeconfig", kubeconfig().toString(), "-n", namespace()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().put("HOME", requireNonNull(output.getParent()).toString());
    return builder.redirectOutput(output.toFile()).start();
  }

  /** Runs kubectl to its end in the namespace of the test. */
  Outcome kubectl(Path directory, String... arguments) throws IOException, InterruptedException {
    return kubectl(directory, Map.of(), arguments);
  }

  /** The same, with environment variables. */
  Outcome kubectl(Path directory, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "output", ".txt");
    Process process = launch(output, environment, arguments);
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly().waitFor();
    String text = Files.readString(output);
    assertThat(ended).as("kubectl %s has ended: %s", List.of(arguments), text).isTrue();
    return new Outcome(process.exitValue(), text);
  }

  MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      repositories() {
    return client().genericKubernetesResources(REPOSITORY);
  }

  /** A Repository as its owner writes it; its spec is YAML in one line. */
  GenericKubernetesResource repository(String name, String spec) {
    return object(
        """
        apiVersion: ecroperator.dev/v1alpha1
        kind: Repository
        metadata: {name: %s, namespace: %s}
        spec: %s
        """
            .formatted(name, namespace(), spec));
  }

  GenericKubernetesResource object(String yaml) {
    return client()
        .getKubernetesSerialization()
        .unmarshal("---\n" + yaml, GenericKubernetesResource.class);
  }

  GenericKubernetesResource create(String name, String spec) {
    return client().resource(repository(name, spec)).create();
  }

  GenericKubernetesResource stored(String name) {
    return requireNonNull(repositories().withName(name).get(), name);
  }

  GenericKubernetesResource patch(String name, PatchType type, String patch) {
    return repositories().withName(name).patch(PatchContext.of(type), patch);
  }

  GenericKubernetesResource mergeMetadata(String name, String metadata) {
    return patch(name, PatchType.JSON_MERGE, "{\"metadata\":" + metadata + "}");
  }

  /** Applies on the server side as that manager. */
  GenericKubernetesResource apply(String manager, boolean force, GenericKubernetesResource object) {
    return client()
        .resource(object)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build());
  }

  GenericKubernetesResource apply(String manager, String name, String spec) {
    return apply(manager, false, repository(name, spec));
  }

  static Map<String, Object> spec(GenericKubernetesResource object) {
    return object.get("spec");
  }

  static Map<String, Object> status(GenericKubernetesResource object) {
    return object.get("status");
  }

  static String version(GenericKubernetesResource object) {
    return object.getMetadata().getResourceVersion();
  }

  /** What the server says when it refuses the request. */
  static Status refusal(ThrowingCallable request) {
    KubernetesClientException refused =
        catchThrowableOfType(KubernetesClientException.class, request);
    assertThat(refused).as("a refusal").isNotNull();
    assertThat(refused.getStatus()).as(refused.getMessage()).isNotNull();
    return refused.getStatus();
  }
}
