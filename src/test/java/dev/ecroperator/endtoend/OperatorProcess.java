package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.ecr.EcrSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator's jar in a process of its own, as it runs in production. */
public final class OperatorProcess implements AutoCloseable {
  /** The jar that the build has packaged. */
  public static final Path JAR = Path.of("target", "ecr-operator.jar");

  /** The JVM's options, as the README has the jar run. */
  public static final Path JVM_OPTIONS = Path.of("target", "jvm.options");

  /** The operator's account, and its access key id. */
  public static final String ACCOUNT = "111122223333";

  /** What no log, event, status or metric may show. */
  public static final String SECRET = EcrSimulator.SECRET_ACCESS_KEY;

  private static final Pattern PORT = Pattern.compile(".*\\bport=\"?([0-9]+).*");

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    // Tests that are interrupted leave no process behind.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().unstarted(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final Path output;

  private OperatorProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
    RUNNING.add(process);
  }

  /** The environment of an operator between a cluster and an AWS, in {@code region}. */
  public static Map<String, String> environment(
      Path kubeconfig, String awsEndpoint, String region) {
    Map<String, String> environment = new HashMap<>();
    environment.put("KUBECONFIG", kubeconfig.toAbsolutePath().toString());
    environment.put("AWS_REGION", region);
    environment.put("AWS_ENDPOINT_URL", awsEndpoint);
    environment.put("AWS_ACCESS_KEY_ID", ACCOUNT);
    environment.put("AWS_SECRET_ACCESS_KEY", SECRET);
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("OPERATOR_HTTP_PORT", "0");
    environment.put("OPERATOR_LOG_FORMAT", "text");
    return environment;
  }

  /**
   * Starts the jar with nothing in its environment but {@code environment}.
   *
   * @param output the file that gets its standard output and error
   */
  public static OperatorProcess start(
      Map<String, String> environment, Path output, String... arguments) {
    return start(JVM_OPTIONS, environment, output, arguments);
  }

  /** Starts the jar on a JVM with the options of that file. */
  public static OperatorProcess start(
      Path jvmOptions, Map<String, String> environment, Path output, String... arguments) {
    return start(Launch.ofJar(jvmOptions), environment, output, arguments);
  }

  /** Starts it as that tells. */
  public static OperatorProcess start(
      Launch launch, Map<String, String> environment, Path output, String... arguments) {
    ProcessBuilder builder = launch.process(environment, List.of(arguments));
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    try {
      return new OperatorProcess(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the process has said so far, line by line. */
  public List<String> output() {
    try {
      return Files.readAllLines(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it says that it runs, and returns the port of its HTTP endpoints. */
  public int awaitPort() {
    return awaitFrom(
            Patience.LONG,
            "to run",
            () -> output().stream().map(PORT::matcher).filter(Matcher::matches).findFirst(),
            Optional::isPresent)
        .map(port -> Integer.parseInt(port.group(1)))
        .orElseThrow();
  }

  /**
   * Waits for something that this process is to bring about.
   *
   * @throws org.awaitility.core.ConditionTimeoutException when it was not in time
   * @throws EndedException when the process has ended
   */
  public void await(Duration atMost, String what, BooleanSupplier condition) {
    awaitFrom(atMost, what, condition::getAsBoolean, is -> is);
  }

  private <T> T awaitFrom(Duration atMost, String what, Supplier<T> look, Predicate<T> wanted) {
    return Patience.await(
        atMost,
        "the operator: " + what,
        () -> {
          if (!isAlive()) {
            throw new EndedException("the operator has ended: " + output());
          }
          return look.get();
        },
        wanted);
  }

  /** The process has ended, and nobody told it to. */
  public static final class EndedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    EndedException(String message) {
      super(message);
    }
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The process's id. */
  public long pid() {
    return process.pid();
  }

  /** Waits for the end, and returns the exit status. */
  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the operator does not end: " + output());
    }
    return process.exitValue();
  }

  /** Sends SIGTERM, and returns the exit status. */
  public int stop() throws InterruptedException {
    process.destroy();
    return awaitExit();
  }

  /** Sends SIGKILL: the process gets no chance to finish anything. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExit();
  }

  /** Ends it by force, and waits for that: nothing that it did comes later. */
  @Override
  public void close() {
    RUNNING.remove(process);
    process.destroyForcibly();
    try {
      awaitExit();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
