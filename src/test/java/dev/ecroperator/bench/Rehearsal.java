package dev.ecroperator.bench;

import dev.ecroperator.endtoend.Launch;
import dev.ecroperator.endtoend.OperatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * A short life of the operator between the simulators, which the JVM watches: it leaves the cache
 * with which later starts are quick. The build goes on without it, since no more than time is lost.
 */
public final class Rehearsal {
  private static final int REPOSITORIES = 10;
  private static final Duration RESYNC = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String CACHE_OPTION = "-XX:AOTCache=";
  private static final Path FOLDER = Path.of("target", "rehearsal");
  private static final Path CACHE = Path.of("target", "ecr-operator.aot");

  private Rehearsal() {}

  /** Writes the cache that {@link OperatorProcess#JVM_OPTIONS} names, or says why not. */
  public static void main(String[] arguments) throws InterruptedException {
    Thread rehearsal = Thread.ofVirtual().start(Rehearsal::perform);
    if (!rehearsal.join(PATIENCE)) {
      rehearsal.interrupt();
      rehearsal.join();
    }
    System.exit(0);
  }

  private static void perform() {
    try {
      Files.deleteIfExists(CACHE);
      Files.createDirectories(FOLDER);
      Path cache = FOLDER.resolve("new.aot");
      Path options =
          Files.write(
              FOLDER.resolve("jvm.options"),
              watching(Files.readAllLines(OperatorProcess.JVM_OPTIONS), cache));
      play(Launch.ofJar(options), FOLDER);
      // At once: an operator that starts meanwhile finds all of it or nothing.
      Files.move(cache, CACHE, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      System.out.println(
          "The operator's starts stay slow, see " + FOLDER + "/operator-1.log: " + e.getMessage());
    }
  }

  /** The options of production, save that the cache is not used but written. */
  static List<String> watching(List<String> options, Path cache) {
    return options.stream()
        .filter(option -> !option.startsWith("-Xlog:"))
        .map(option -> option.startsWith(CACHE_OPTION) ? "-XX:AOTCacheOutput=" + cache : option)
        .toList();
  }

  /** The operator's short life, with all that it does to a repository. */
  static void play(Launch launch, Path folder) throws IOException {
    try (var stage = new Stage(folder, REPOSITORIES, Duration.ZERO)) {
      stage.declareAll();
      stage.startOperator(launch, RESYNC, false);
      stage.await("all to be Ready", stage::areAllReady);
      stage.await(
          "all to be looked at", () -> stage.awsCalls("GetRepositoryPolicy") > REPOSITORIES);
      for (Edit edit : Edit.values()) {
        stage.editAll(edit);
        stage.await("all to follow the edit", stage::areAllReady);
      }
      stage.deleteAll();
      stage.await("all to be gone", stage::areAllGone);
      // The JVM writes the cache as it ends.
      stage.stopOperator();
    }
  }
}
