package dev.ecroperator.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What many repositories cost. The operator is the jar, in a process of its own; cluster and AWS
 * are the simulators, in this one, so that processor time and memory are the operator's alone.
 */
public final class Benchmark {
  /** Creating takes CreateRepository, PutLifecyclePolicy and SetRepositoryPolicy. */
  private static final int CALLS_OF_A_CREATION = 3;

  /** How many repositories the goals of time are stated for. */
  private static final int GOALS_FROM = 1_000;

  private static final Path FOLDER = Path.of("target", "bench");

  private final int repositories;
  private final Duration latency;
  private final PrintStream out;

  Benchmark(int repositories, Duration latency, PrintStream out) {
    this.repositories = repositories;
    this.latency = latency;
    this.out = out;
  }

  /** Runs it, and ends with status 1 where a count or a time is over its goal. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int repositories = Integer.getInteger("bench.repositories", 1_000);
    Duration latency = Duration.ofMillis(Integer.getInteger("bench.latency", 20));
    boolean profile = Boolean.getBoolean("bench.profile");
    var scorecard = new Benchmark(repositories, latency, System.out).run(profile);
    System.exit(scorecard.allCountsReached() && scorecard.allTimesReached() ? 0 : 1);
  }

  /**
   * Measures.
   *
   * @param profile whether to record the operator's first run with the JDK's flight recorder
   */
  Scorecard run(boolean profile) throws IOException, InterruptedException {
    out.printf(
        "%,d repositories, %d ms a call of AWS, %d at once, %s, %d processors%n%n",
        repositories,
        latency.toMillis(),
        Stage.CONCURRENCY,
        Stage.BUILT_IN_RATES
            ? "at the built-in rates"
            : "no limit of rates (-Dbench.builtInRates=true for those built in)",
        Runtime.getRuntime().availableProcessors());
    var scorecard = new Scorecard(out);
    try (var stage = new Stage(FOLDER, repositories, latency)) {
      measureCreation(stage, scorecard, profile);
      measureUpdates(stage, scorecard);
      scorecard.tell("processor time so far", "%.1f s".formatted(stage.processorSeconds()));
      scorecard.tell("peak memory so far", stage.peakMemory());
      if (profile) {
        new Profile(stage.dumpRecording()).print(out);
      }
      stage.stopOperator();
      measureRestart(stage, scorecard);
      measureDeletion(stage, scorecard);
    }
    // So many at least that a put an object, or an edit, misses the goals by far.
    int replications = Math.max(40, repositories / 2);
    try (var many =
        new ReplicationBenchmark(
            FOLDER.resolve("replication"),
            replications,
            Math.max(20, replications / 10),
            Duration.ofSeconds(10),
            latency,
            scorecard)) {
      many.run();
    }
    return scorecard;
  }

  private void measureCreation(Stage stage, Scorecard scorecard, boolean profile) {
    stage.declareAll();
    double simulatorsBefore = Stage.simulatorSeconds();
    Stopwatch watch = Stopwatch.start();
    stage.startOperator(Stage.NO_RESYNC, profile);
    stage.await("the first call", () -> stage.awsCalls("CreateRepository") > 0);
    scorecard.time("start to first reconcile", watch.elapsed(), null);
    stage.await("the first to be Ready", stage::isAnyReady);
    scorecard.time("start to first Ready", watch.elapsed(), goal(Duration.ofSeconds(2)));
    stage.await("all to be Ready", stage::areAllReady);
    Duration bare =
        latency
            .multipliedBy(CALLS_OF_A_CREATION * (long) repositories)
            .dividedBy(Stage.CONCURRENCY);
    Duration elapsed = watch.elapsed();
    scorecard.time("start to all Ready", elapsed, goal(bare.multipliedBy(3)));
    // All three share the processors: what is missing waited for AWS, or ran something else.
    scorecard.tell(
        "of which processor time",
        "%.1f s of the operator, %.1f s of the simulators, of %d x %.1f s"
            .formatted(
                stage.processorSeconds(),
                Stage.simulatorSeconds() - simulatorsBefore,
                Runtime.getRuntime().availableProcessors(),
                elapsed.toMillis() / 1_000.0));
    Counts counts = stage.takeCounts();
    scorecard.count("create: AWS calls", counts.awsCalls(), repositories, 3.1);
    scorecard.count("create: Kubernetes writes", counts.writes(), repositories, 2);
    scorecard.count("create: events", counts.events(), repositories, 1);
  }

  /** The goal where it holds: for few, the start is all there is; with rates, these decide. */
  private @Nullable Duration goal(Duration time) {
    return repositories >= GOALS_FROM && !Stage.BUILT_IN_RATES ? time : null;
  }

  private void measureUpdates(Stage stage, Scorecard scorecard) {
    for (Edit edit : Edit.values()) {
      Stopwatch watch = Stopwatch.start();
      stage.editAll(edit);
      stage.await("all to follow the edit", stage::areAllReady);
      Duration elapsed = watch.elapsed();
      Counts counts = stage.takeCounts();
      scorecard.count(
          "update of " + edit + ": AWS calls", counts.awsCalls(), repositories, edit.goal());
      scorecard.count(
          "update of " + edit + ": Kubernetes writes", counts.writes(), repositories, 1);
      scorecard.time("update of " + edit + ": all", elapsed, null);
    }
  }

  private void measureRestart(Stage stage, Scorecard scorecard) {
    // Long enough that the looks of one interval do not queue.
    Duration resync = Duration.ofSeconds(Math.max(10, repositories / 20));
    Stopwatch watch = Stopwatch.start();
    stage.startOperator(resync, false);
    stage.await("all to be looked at", () -> stage.awsCalls("GetRepositoryPolicy") >= repositories);
    scorecard.time("restart to all verified", watch.elapsed(), null);
    scorecard.count("restart: Kubernetes writes", stage.takeCounts().writes(), repositories, 0);
    stage.await("as many looks again", () -> stage.awsCalls("GetRepositoryPolicy") >= repositories);
    // Calls and looks of one moment: more of both come while the writes are counted.
    Map<String, Long> calls = stage.awsCallsByOperation();
    long looks = calls.getOrDefault("GetRepositoryPolicy", 0L);
    long all = calls.values().stream().mapToLong(Long::longValue).sum();
    scorecard.tell("resync: AWS calls by operation", calls.toString());
    scorecard.count("resync: AWS calls a look", all, Math.toIntExact(looks), 4);
    scorecard.count(
        "resync: Kubernetes writes a look", stage.takeCounts().writes(), Math.toIntExact(looks), 0);
  }

  private void measureDeletion(Stage stage, Scorecard scorecard) {
    // The looks of resyncs are not part of it.
    stage.stopOperator();
    stage.takeCounts();
    stage.startOperator(Stage.NO_RESYNC, false);
    stage.await("all to be looked at", () -> stage.awsCalls("GetRepositoryPolicy") >= repositories);
    stage.takeCounts();
    Stopwatch watch = Stopwatch.start();
    stage.deleteAll();
    stage.await("all to be gone", stage::areAllGone);
    scorecard.time("deletion of all", watch.elapsed(), null);
    Counts counts = stage.takeCounts();
    scorecard.count("deletion: AWS calls", counts.awsCalls(), repositories, 2);
    scorecard.count("deletion: Kubernetes writes", counts.writes(), repositories, 1);
    if (!stage.isEmpty()) {
      throw new IllegalStateException("repositories are left in ECR");
    }
  }
}
