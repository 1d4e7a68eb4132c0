package dev.ecroperator.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.endtoend.Launch;
import dev.ecroperator.endtoend.OperatorProcess;
import dev.ecroperator.endtoend.Patience;
import dev.ecroperator.endtoend.StoredObject;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.kube.KubeSimulator;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The two simulators, the objects in one of them, and an operator that comes and goes. */
final class Stage implements AutoCloseable {
  /** How many objects the operator reconciles at once. */
  static final int CONCURRENCY = 20;

  /** So rarely that no look of a resync falls among what is counted. */
  static final Duration NO_RESYNC = Duration.ofHours(24);

  private static final String REGION = "eu-west-1";
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** Whether calls are held to the rates that the operator has by itself. */
  static final boolean BUILT_IN_RATES = Boolean.getBoolean("bench.builtInRates");

  /** Else AWS's rates are not what is measured. */
  private static final String NO_RATE_LIMITS =
      Stream.of(
              "CreateRepository",
              "DeleteRepository",
              "PutLifecyclePolicy",
              "SetRepositoryPolicy",
              "PutImageTagMutability",
              "PutImageScanningConfiguration",
              "TagResource",
              "DescribeRepositories",
              "ListTagsForResource",
              "GetLifecyclePolicy",
              "GetRepositoryPolicy",
              "BatchGetRepositoryScanningConfiguration")
          .map(operation -> operation + "=100000/100000")
          .collect(Collectors.joining(","));

  private static final String SPEC =
      """
      ---
      imageTagMutability: {mode: IMMUTABLE}
      encryption: {type: AES256}
      scanning: {scanOnPush: true}
      lifecyclePolicy:
        rules:
          - rulePriority: 10
            selection: {tagStatus: untagged, countType: sinceImagePushed, countUnit: days, countNumber: 7}
            action: {type: expire}
      accessPolicy: {pull: {accounts: ["444455556666"]}}
      tags: {team: payments}
      deletionPolicy: Delete
      """;

  private static final String RECORDING = "bench";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As much memory as the operator's JVM finds: that of a container of such a limit. */
  private final String limit = System.getProperty("bench.limit", "");

  private final Path folder;
  private final int repositories;
  private final EcrSimulator ecr = EcrSimulator.start();
  private final KubeSimulator kube;
  private final Path kubeconfig;
  private @Nullable OperatorProcess operator;
  private int runs;

  /** So many objects, from the first one on, are known to be as it is waited for. */
  private int settled;

  Stage(Path folder, int repositories, Duration latency) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.repositories = repositories;
    ecr.latency(latency);
    kube = KubeSimulator.start(Path.of("crds"));
    kubeconfig = kube.writeKubeconfig(folder.resolve("kubeconfig"));
  }

  private static String name(int i) {
    return "bench-" + i;
  }

  /** Stores the manifests, each with all settings. */
  void declareAll() {
    JsonNode spec = Serialization.unmarshal(SPEC, JsonNode.class);
    for (int i = 0; i < repositories; i++) {
      ObjectNode object =
          JSON.createObjectNode()
              .put("apiVersion", "ecroperator.dev/v1alpha1")
              .put("kind", "Repository");
      object.withObject("/metadata").put("name", name(i)).put("namespace", "default");
      object.set("spec", spec.deepCopy());
      kube.put(object);
    }
  }

  /** Changes one setting of all objects. */
  void editAll(Edit edit) {
    forEachStored(object -> edit.apply(object.withObject("/spec")));
  }

  /** Marks all objects for deletion, as the API server does where there is a finalizer. */
  void deleteAll() {
    forEachStored(
        object ->
            object.withObject("/metadata").put("deletionTimestamp", Instant.now().toString()));
  }

  private void forEachStored(Consumer<ObjectNode> edit) {
    settled = 0;
    for (int i = 0; i < repositories; i++) {
      ObjectNode object = (ObjectNode) stored(name(i)).orElseThrow();
      object.withObject("/metadata").remove("resourceVersion");
      edit.accept(object);
      kube.put(object);
    }
  }

  private Optional<JsonNode> stored(String name) {
    return kube.get("repositories", "default", name);
  }

  /** Whether any object is Ready. */
  boolean isAnyReady() {
    return kube.requests().writes().stream()
        .filter(write -> write.verb().equals("update") && write.resource().equals("repositories"))
        .anyMatch(status -> stored(status.name()).filter(StoredObject::isReady).isPresent());
  }

  /** Whether all objects are Ready about the spec as it is now. */
  boolean areAllReady() {
    return areAllSettled(object -> object.filter(StoredObject::isReady).isPresent());
  }

  /** Looks at each object until it is as waited for, and then no more: looking takes time too. */
  private boolean areAllSettled(Predicate<Optional<JsonNode>> isSettled) {
    while (settled < repositories && isSettled.test(stored(name(settled)))) {
      settled++;
    }
    return settled == repositories;
  }

  /** Whether all objects are gone. */
  boolean areAllGone() {
    return areAllSettled(Optional::isEmpty);
  }

  /** Whether ECR has no repository. */
  boolean isEmpty() {
    return ecr.repositories(OperatorProcess.ACCOUNT, REGION).isEmpty();
  }

  /** Starts the operator. */
  void startOperator(Duration resync, boolean profile) {
    startOperator(Launch.ofJar(OperatorProcess.JVM_OPTIONS), resync, profile);
  }

  /** Starts the operator as that tells. */
  void startOperator(Launch launch, Duration resync, boolean profile) {
    Map<String, String> environment =
        OperatorProcess.environment(kubeconfig, ecr.endpoint().toString(), REGION);
    environment.put("OPERATOR_RESYNC", resync.toSeconds() + "s");
    environment.put("OPERATOR_CONCURRENCY", Integer.toString(CONCURRENCY));
    if (!BUILT_IN_RATES) {
      environment.put("OPERATOR_AWS_RATES", NO_RATE_LIMITS);
    }
    environment.put("OPERATOR_OWNER_ID", "bench");
    List<String> options = new ArrayList<>();
    if (profile) {
      options.add("-XX:StartFlightRecording=settings=profile,name=" + RECORDING);
    }
    if (!limit.isEmpty()) {
      options.add("-XX:MaxRAM=" + limit);
    }
    if (!options.isEmpty()) {
      environment.put("JAVA_TOOL_OPTIONS", String.join(" ", options));
    }
    runs++;
    operator =
        OperatorProcess.start(launch, environment, folder.resolve("operator-" + runs + ".log"));
  }

  /** Writes what the operator has recorded so far into a file. */
  Path dumpRecording() throws IOException, InterruptedException {
    Path file = folder.resolve("operator.jfr").toAbsolutePath();
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    var command =
        List.of(
            jcmd.toString(),
            Long.toString(running().pid()),
            "JFR.dump",
            "name=" + RECORDING,
            "filename=" + file);
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("jcmd.log").toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException(command + " ended with " + status);
    }
    return file;
  }

  /** Stops the operator as Kubernetes does. */
  void stopOperator() {
    try {
      running().stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private OperatorProcess running() {
    return Objects.requireNonNull(operator, "no operator was started");
  }

  /** The operator's processor time. */
  double processorSeconds() {
    return processorSeconds(handle());
  }

  /** The processor time of both simulators, and of whoever measures: they share a process. */
  static double simulatorSeconds() {
    return processorSeconds(ProcessHandle.current());
  }

  private static double processorSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1_000.0;
  }

  /** The operator's resident memory at its highest; unknown where there is no /proc. */
  String peakMemory() {
    try {
      return memory("VmHWM") + " MiB";
    } catch (UncheckedIOException e) {
      return "unknown";
    }
  }

  /**
   * A member of what /proc tells of the operator's memory, in MiB.
   *
   * @throws UncheckedIOException where there is no /proc
   */
  long memory(String member) {
    Path status = Path.of("/proc", Long.toString(running().pid()), "status");
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(member + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1_024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessHandle handle() {
    return ProcessHandle.of(running().pid()).orElseThrow();
  }

  /** How often the operation was called since the last {@link #takeCounts}. */
  long awsCalls(String operation) {
    return ecr.log().count(operation);
  }

  /** How often each operation was called since the last {@link #takeCounts}. */
  Map<String, Long> awsCallsByOperation() {
    return ecr.log().calls().stream()
        .collect(Collectors.groupingBy(Call::operation, TreeMap::new, Collectors.counting()));
  }

  /** What was done since the last time that this was asked. */
  Counts takeCounts() {
    // What is stored is seen before its request is logged.
    var writes = Patience.atRest(Duration.ofSeconds(1), kube.requests()::writes);
    long events = writes.stream().filter(write -> write.resource().equals("events")).count();
    long objects = writes.stream().filter(write -> write.resource().equals("repositories")).count();
    var counts = new Counts(ecr.log().calls().size(), objects, events);
    kube.requests().clear();
    ecr.log().clear();
    return counts;
  }

  /** Waits until it is so. */
  void await(String what, BooleanSupplier condition) {
    running().await(PATIENCE, what, condition);
  }

  @Override
  public void close() {
    if (operator != null) {
      operator.close();
    }
    ecr.close();
    kube.close();
  }
}
