package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Conditioned;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.endtoend.OperatorProcess;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.real.OperatorAccount;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** An operator in a pod of a service account, between a real API server and ECR. */
final class OperatorLife implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String NAME = "object";

  /**
   * What users declare, as often as the operator has kinds.
   *
   * @param spec of the object
   * @param edit a merge patch of it
   */
  private record Declared(
      Class<? extends CustomResource<?, ? extends Conditioned>> type, String spec, String edit) {
    private static final List<Declared> ALL =
        List.of(
            new Declared(
                Repository.class,
                "{visibility: Private}",
                "{\"spec\": {\"scanning\": {\"scanOnPush\": true}}}"),
            new Declared(
                ImageReplication.class,
                "{repositories: [{prefix: team/}], destinations: [{region: eu-central-1}]}",
                "{\"spec\": {\"replicateDeletes\": true}}"));

    String kind() {
      return HasMetadata.getKind(type);
    }
  }

  private final KubernetesClient client;
  private final Path directory;
  private final String namespace;
  private final EcrSimulator ecr = EcrSimulator.start();
  private final Map<String, String> environment;
  private final List<Declared> declared;
  private OperatorProcess operator;
  private int processes;

  /**
   * Starts the operator.
   *
   * @param namespace where its pod and the objects are
   * @param watched the namespaces that it watches; empty for all
   * @param settings further variables, and after each its value; empty for none
   */
  OperatorLife(
      RealKubeApiServer server,
      OperatorAccount account,
      Path directory,
      String namespace,
      String watched,
      String... settings)
      throws IOException {
    this.client = server.client();
    this.directory = Files.createDirectories(directory.resolve(namespace));
    this.namespace = namespace;
    environment =
        new HashMap<>(
            OperatorProcess.environment(
                account.kubeconfig(), ecr.endpoint().toString(), "eu-west-1"));
    // As in a pod, where it elects a leader unless told otherwise.
    environment.remove("KUBECONFIG");
    environment.putAll(account.podEnvironment());
    environment.put("POD_NAMESPACE", namespace);
    environment.put("POD_NAME", "ecr-operator-0");
    environment.put("OPERATOR_RESYNC", "1h");
    environment.put("OPERATOR_WATCH_NAMESPACES", watched);
    for (int i = 0; i < settings.length; i += 2) {
      if (settings[i + 1].isEmpty()) {
        environment.remove(settings[i]);
      } else {
        environment.put(settings[i], settings[i + 1]);
      }
    }
    var kinds = environment.getOrDefault("OPERATOR_KINDS", "");
    declared =
        Declared.ALL.stream()
            .filter(object -> kinds.isEmpty() || kinds.equals(object.kind()))
            .toList();
    operator = start();
  }

  private OperatorProcess start() {
    processes++;
    return OperatorProcess.start(environment, directory.resolve("operator-" + processes + ".log"));
  }

  /** Ends the operator as a kubelet does, and starts the next. */
  void restart() throws InterruptedException {
    stop();
    operator = start();
  }

  /** Ends the operator as a kubelet does. */
  void stop() throws InterruptedException {
    assertThat(operator.stop()).isZero();
  }

  /** Does what an achievement needs from users. */
  void pursue(Achievement achievement) {
    switch (achievement) {
      case READY -> declared.forEach(this::create);
      case KEPT ->
          declared.forEach(
              object -> stored(object).patch(PatchContext.of(PatchType.JSON_MERGE), object.edit()));
      case GONE -> declared.forEach(object -> stored(object).delete());
      default -> {}
    }
  }

  private void create(Declared object) {
    client
        .resource(
            client
                .getKubernetesSerialization()
                .unmarshal(
                    """
                    apiVersion: ecroperator.dev/v1alpha1
                    kind: %s
                    metadata: {name: %s, namespace: %s}
                    spec: %s
                    """
                        .formatted(object.kind(), NAME, namespace, object.spec()),
                    GenericKubernetesResource.class))
        .create();
  }

  private Resource<? extends CustomResource<?, ? extends Conditioned>> stored(Declared object) {
    return client.resources(object.type()).inNamespace(namespace).withName(NAME);
  }

  /** Whether the operator has brought it about. */
  boolean has(Achievement achievement) {
    return switch (achievement) {
      case RUNS -> operator.output().stream().anyMatch(line -> line.contains(" is running"));
      case STAYS -> operator.isAlive();
      case READY -> declared.stream().allMatch(object -> isReady(stored(object).get(), 1));
      case TOLD -> declared.stream().allMatch(object -> isTold(object.kind()));
      case KEPT -> declared.stream().allMatch(object -> isReady(stored(object).get(), 2));
      case GONE -> declared.stream().allMatch(object -> stored(object).get() == null);
    };
  }

  /** Whether it is Ready, of a spec that was edited so often. */
  private static boolean isReady(
      @Nullable CustomResource<?, ? extends Conditioned> object, long generation) {
    return object != null
        && object.getMetadata().getGeneration() == generation
        && object.getStatus() != null
        && object.getStatus().conditions() != null
        && Conditions.find(object.getStatus().conditions(), Conditions.READY)
            .filter(ready -> "True".equals(ready.status()))
            .filter(ready -> Objects.equals(ready.observedGeneration(), generation))
            .isPresent();
  }

  private boolean isTold(String kind) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .anyMatch(event -> kind.equals(event.getInvolvedObject().getKind()));
  }

  /** The calls by which something was deleted in ECR. */
  List<String> destructiveCalls() {
    return ecr.log().calls().stream()
        .map(Call::operation)
        .filter(operation -> operation.contains("Delete"))
        .toList();
  }

  /** Waits until the operator has brought it about. */
  void await(Achievement achievement) {
    awaitTrue(achievement.toString(), () -> has(achievement));
  }

  void awaitTrue(String what, BooleanSupplier condition) {
    Awaitility.await()
        .dontCatchUncaughtExceptions()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(100))
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(condition.getAsBoolean())
                    .as("%s; the operator said %s", what, operator.output())
                    .isTrue());
  }

  /** That it has ended by itself, with this status, and that its last line has these parts. */
  void assertFailed(int status, String... parts) throws InterruptedException {
    assertThat(operator.awaitExit()).isEqualTo(status);
    assertThat(operator.output()).last().asString().contains(parts);
  }

  @Override
  public void close() {
    operator.close();
    ecr.close();
  }
}
