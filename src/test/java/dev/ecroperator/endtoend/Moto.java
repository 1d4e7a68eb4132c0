package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.real.RealPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The AWS emulator moto in a process of its own, empty: a second opinion on ECR. What it is known
 * to get wrong is listed in {@link MotoDifferences}.
 */
final class Moto implements EcrService {
  /** The version that {@code .ci/moto} installs. */
  static final String VERSION = "5.2.5";

  private static final Pattern ADDRESS = Pattern.compile(".*Running on (http://127[^ ]*).*");

  private final Process process;
  private final Thread lastResort;
  private final RecordingProxy proxy;

  private Moto(Process process, Path output) throws IOException {
    this.process = process;
    // A test that is interrupted leaves no process behind.
    this.lastResort = new Thread(process::destroyForcibly, "stop moto");
    Runtime.getRuntime().addShutdownHook(lastResort);
    this.proxy = new RecordingProxy(address(process, output));
  }

  /** Starts one, or skips the test where it is not installed. */
  static Moto start(Path workDirectory) {
    Path environment = RealPart.cache().resolve(Path.of("moto", VERSION));
    Path server = environment.resolve(Path.of("bin", "moto_server"));
    // The script's last deed is this file.
    if (!Files.exists(environment.resolve("complete"))) {
      RealPart.MOTO.missing("no moto in " + environment);
    }
    try {
      Path output = Files.createTempFile(workDirectory, "moto", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(server.toString(), "--host", "127.0.0.1", "--port", "0")
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("MOTO_ACCOUNT_ID", OperatorProcess.ACCOUNT);
      builder.environment().put("PYTHONUNBUFFERED", "1");
      return new Moto(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI address(Process process, Path output) {
    return Patience.await(
            "moto to run",
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("moto has ended: " + lines(output));
              }
              return lines(output).stream()
                  .map(ADDRESS::matcher)
                  .filter(Matcher::matches)
                  .findFirst();
            },
            Optional::isPresent)
        .map(running -> URI.create(running.group(1)))
        .orElseThrow();
  }

  private static List<String> lines(Path output) {
    try {
      return Files.readAllLines(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI endpoint() {
    return proxy.endpoint();
  }

  @Override
  public List<Call> calls() {
    return proxy.calls();
  }

  @Override
  public void close() {
    proxy.close();
    Runtime.getRuntime().removeShutdownHook(lastResort);
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
