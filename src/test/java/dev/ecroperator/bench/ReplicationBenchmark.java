package dev.ecroperator.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.endtoend.OperatorProcess;
import dev.ecroperator.endtoend.Patience;
import dev.ecroperator.endtoend.StoredObject;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.kube.KubeSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What many ImageReplications of one registry cost: they share its one configuration. */
final class ReplicationBenchmark implements AutoCloseable {
  private static final String REGION = "eu-west-1";
  private static final String KIND = "imagereplications";
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int RESYNCS = 3;

  private static final String NO_RATE_LIMITS =
      "DescribeRegistry=100000/100000,PutReplicationConfiguration=100000/100000";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final int objects;
  private final int edits;
  private final Duration resync;
  private final Scorecard scorecard;
  private final EcrSimulator ecr = EcrSimulator.start();
  private final KubeSimulator kube;
  private final Path kubeconfig;
  private @Nullable OperatorProcess operator;
  private int runs;

  /**
   * A registry with {@code objects} of which {@code edits} are edited at once.
   *
   * @param resync of the steady state that is measured
   */
  ReplicationBenchmark(
      Path folder, int objects, int edits, Duration resync, Duration latency, Scorecard scorecard)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    this.objects = objects;
    this.edits = edits;
    this.resync = resync;
    this.scorecard = scorecard;
    ecr.latency(latency);
    kube = KubeSimulator.start(Path.of("crds"));
    kubeconfig = kube.writeKubeconfig(folder.resolve("kubeconfig"));
  }

  /** Measures; counts are per object unless the line says otherwise. */
  void run() throws InterruptedException {
    for (int i = 0; i < objects; i++) {
      kube.put(replication(i));
    }
    Stopwatch watch = Stopwatch.start();
    start(Stage.NO_RESYNC);
    await("all replications to be Ready", () -> ready() == objects);
    scorecard.time(
        "%,d replications: start to all Ready".formatted(objects), watch.elapsed(), null);
    long writes = restingWrites();
    scorecard.count("replications: puts, in all", puts(), 1, 10);
    // Finalizer, record, report; and a record more of what a second write overtakes.
    scorecard.count("replications: Kubernetes writes", writes, objects, 4);
    clear();

    watch = Stopwatch.start();
    for (int i = 0; i < edits; i++) {
      edit(i);
    }
    await("the edits to be Ready", () -> ready() == objects);
    scorecard.time("burst of %d edits: all Ready".formatted(edits), watch.elapsed(), null);
    scorecard.count("burst of edits: Kubernetes writes", restingWrites(), edits, 3);
    scorecard.count("burst of edits: puts, in all", puts(), 1, 5);
    clear();

    running().stop();
    start(resync);
    await("a first look", () -> reads() > 0);
    long before = reads();
    await("some resyncs", () -> reads() >= before + RESYNCS);
    // The objects' own moments are spread over the interval: one of them is always about due.
    Stopwatch steady = Stopwatch.start();
    long from = reads();
    await("as many again", () -> reads() >= from + RESYNCS);
    double resyncs = (double) steady.elapsed().toMillis() / resync.toMillis();
    scorecard.tell(
        "steady: DescribeRegistry a resync, in all", "%.2f".formatted(RESYNCS / resyncs));
    scorecard.count("steady: puts, in all", puts(), 1, 0);
    scorecard.count("steady: Kubernetes writes", kubernetesWrites(), objects, 0);
  }

  private static ObjectNode replication(int i) {
    ObjectNode object =
        JSON.createObjectNode()
            .put("apiVersion", "ecroperator.dev/v1alpha1")
            .put("kind", "ImageReplication");
    object.withObject("/metadata").put("name", name(i)).put("namespace", "default");
    ObjectNode spec = object.withObject("/spec");
    spec.withArray("/repositories").addObject().put("prefix", "team-" + i + "/");
    spec.withArray("/destinations").addObject().put("region", "eu-central-1");
    return object;
  }

  private static String name(int i) {
    return "replication-" + i;
  }

  private void edit(int i) {
    ObjectNode object = (ObjectNode) kube.get(KIND, "default", name(i)).orElseThrow();
    object.withObject("/metadata").remove("resourceVersion");
    object
        .withObject("/spec")
        .withArray("/repositories")
        .addObject()
        .put("prefix", "edited-" + i + "/");
    kube.put(object);
  }

  private long ready() {
    return kube.list(KIND).stream().filter(StoredObject::isReady).count();
  }

  private void start(Duration interval) {
    Map<String, String> environment =
        OperatorProcess.environment(kubeconfig, ecr.endpoint().toString(), REGION);
    environment.put("OPERATOR_RESYNC", interval.toSeconds() + "s");
    environment.put("OPERATOR_AWS_RATES", NO_RATE_LIMITS);
    environment.put("OPERATOR_OWNER_ID", "bench");
    runs++;
    operator = OperatorProcess.start(environment, folder.resolve("operator-" + runs + ".log"));
  }

  private OperatorProcess running() {
    return Objects.requireNonNull(operator, "no operator was started");
  }

  private void await(String what, BooleanSupplier condition) {
    running().await(PATIENCE, what, condition);
  }

  private long puts() {
    return ecr.log().count("PutReplicationConfiguration");
  }

  private long reads() {
    return ecr.log().count("DescribeRegistry");
  }

  private long restingWrites() {
    Patience.atRest(Duration.ofSeconds(1), kube.requests()::writes);
    return kubernetesWrites();
  }

  private long kubernetesWrites() {
    return kube.requests().writes().stream().filter(write -> write.resource().equals(KIND)).count();
  }

  private void clear() {
    kube.requests().clear();
    ecr.log().clear();
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
