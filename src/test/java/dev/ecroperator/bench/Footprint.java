package dev.ecroperator.bench;

import dev.ecroperator.endtoend.Launch;
import dev.ecroperator.endtoend.OperatorProcess;
import dev.ecroperator.image.Container;
import dev.ecroperator.image.ImageArchive;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What one operator takes of a small container: how soon after its start it works, and the memory
 * that it holds while it has nothing to do. It runs several times, and the median is told, since
 * others use the machine as well.
 */
public final class Footprint {
  private static final int REPOSITORIES = 5;
  private static final Duration RESYNC = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final Path FOLDER = Path.of("target", "footprint");

  /**
   * One run.
   *
   * @param firstCall seconds from the start of the process to the first change in AWS
   * @param firstReady seconds from the start of the process to the first status that says Ready
   * @param processor seconds of processor time until then
   * @param resident MiB, after the time at rest
   * @param anonymous MiB of those that are the process's own: the rest is mapped files
   * @param busy share of one processor while at rest, in percent
   */
  private record Run(
      double firstCall,
      double firstReady,
      double processor,
      double resident,
      double anonymous,
      double busy) {}

  private Footprint() {}

  /** Measures, and prints. Ends with status 0 whatever is measured: it is another machine's too. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int runs = Integer.getInteger("footprint.runs", 7);
    Duration idle = Duration.ofSeconds(Integer.getInteger("footprint.idle", 20));
    String limit = System.getProperty("bench.limit", "");
    boolean ofImage = Boolean.getBoolean("footprint.image");
    System.out.printf(
        "%s, memory limit %s, %d repositories, median of %d runs, %d s at rest, %d processors%n",
        ofImage ? "the image" : "the jar",
        limit,
        REPOSITORIES,
        runs,
        idle.toSeconds(),
        Runtime.getRuntime().availableProcessors());
    Launch launch = ofImage ? image() : Launch.ofJar(OperatorProcess.JVM_OPTIONS);
    measure(launch, Duration.ZERO); // The simulators' own start is not what is measured.
    List<Run> measured = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      measured.add(measure(launch, idle));
    }
    print(measured, System.out);
    System.exit(0);
  }

  private static Launch image() throws IOException {
    String obstacle = Container.obstacle();
    if (!obstacle.isEmpty()) {
      throw new IllegalStateException(obstacle);
    }
    Path folder = Files.createTempDirectory("footprint");
    Path unpacked = Files.createDirectories(folder.resolve("image"));
    Path tar = Path.of("target", "image", "ecr-operator.tar");
    return Container.of(ImageArchive.read(tar, unpacked), folder);
  }

  private static Run measure(Launch launch, Duration idle)
      throws IOException, InterruptedException {
    try (var stage = new Stage(FOLDER, REPOSITORIES, LATENCY)) {
      stage.declareAll();
      Stopwatch watch = Stopwatch.start();
      stage.startOperator(launch, RESYNC, false);
      await(() -> stage.awsCalls("CreateRepository") > 0);
      double firstCall = seconds(watch.elapsed());
      await(stage::isAnyReady);
      double firstReady = seconds(watch.elapsed());
      double processor = stage.processorSeconds();
      stage.await("all to be Ready", stage::areAllReady);
      double before = stage.processorSeconds();
      Thread.sleep(idle.toMillis()); // what is measured is the process at rest
      double busy = (stage.processorSeconds() - before) / Math.max(1, idle.toSeconds());
      var run =
          new Run(
              firstCall,
              firstReady,
              processor,
              stage.memory("VmRSS"),
              stage.memory("RssAnon"),
              busy * 100);
      stage.stopOperator();
      return run;
    }
  }

  /** More often than {@link Stage#await} looks: what is waited for is a second away. */
  private static void await(BooleanSupplier condition) {
    Awaitility.await("see " + FOLDER)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(PATIENCE)
        .until(condition::getAsBoolean);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static void print(List<Run> runs, PrintStream out) {
    line(out, "start to first reconcile", runs, Run::firstCall, "s", "goal 1.5 s");
    line(out, "start to first Ready", runs, Run::firstReady, "s", "goal 1.5 s");
    line(out, "of which processor time", runs, Run::processor, "s", "");
    line(out, "resident, at rest", runs, Run::resident, "MiB", "goal 150 MB = 143 MiB");
    line(out, "of which not of files", runs, Run::anonymous, "MiB", "");
    line(out, "processor, at rest", runs, Run::busy, "%", "");
  }

  private static void line(
      PrintStream out,
      String what,
      List<Run> runs,
      ToDoubleFunction<Run> value,
      String unit,
      String goal) {
    double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
    out.println(
        Stream.of(
                "%-28s %8.2f %-4s".formatted(what, sorted[sorted.length / 2], unit),
                "(%.2f to %.2f)".formatted(sorted[0], sorted[sorted.length - 1]),
                goal)
            .reduce((left, right) -> left + "  " + right)
            .orElseThrow()
            .stripTrailing());
  }
}
