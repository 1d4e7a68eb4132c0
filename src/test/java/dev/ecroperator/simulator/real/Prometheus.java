package dev.ecroperator.simulator.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A real Prometheus that scrapes one address each second; and promtool, which judges files. */
public final class Prometheus implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What it says of the port that it was given. */
  private static final Pattern LISTENING =
      Pattern.compile("Listening on\".*address=(127\\.0\\.0\\.1:[0-9]+)");

  private final Process process;
  private final Thread lastResort;
  private final URI address;
  private final HttpClient http = HttpClient.newHttpClient();

  private Prometheus(Process process, Path log) {
    this.process = process;
    // A test that is interrupted leaves no process behind.
    this.lastResort = new Thread(process::destroyForcibly, "stop prometheus");
    Runtime.getRuntime().addShutdownHook(lastResort);
    this.address = address(log);
  }

  /**
   * Starts one, or skips the test where it is not installed.
   *
   * @param port of the process on loopback whose {@code /metrics} it scrapes
   */
  public static Prometheus scraping(int port, Path directory) {
    Path program = program("prometheus");
    try {
      Path config =
          Files.writeString(
              directory.resolve("prometheus.yaml"),
              """
              global: {scrape_interval: 1s}
              rule_files: [%s]
              scrape_configs:
                - job_name: ecr-operator
                  static_configs: [{targets: ["127.0.0.1:%d"]}]
              """
                  .formatted(
                      Path.of("helm/ecr-operator/files/alerts.yaml").toAbsolutePath(), port));
      Path log = directory.resolve("prometheus.log");
      Process process =
          new ProcessBuilder(
                  program.toString(),
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + directory.resolve("tsdb"),
                  "--web.listen-address=127.0.0.1:0")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new Prometheus(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI address(Path log) {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInSameThread()
        .until(
            () -> {
              String said = Files.readString(log);
              if (!process.isAlive()) {
                throw new IllegalStateException("prometheus has ended: " + said);
              }
              return LISTENING.matcher(said).results().findFirst();
            },
            Optional::isPresent)
        .map(found -> URI.create("http://" + found.group(1)))
        .orElseThrow();
  }

  /** Runs promtool with these arguments, and {@code input} on its standard input. */
  public static Command.Answer promtool(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program("promtool").toString()));
    command.addAll(List.of(arguments));
    try {
      Path file = Files.writeString(Files.createTempFile("promtool", ".txt"), input);
      Command.Answer answer = Command.run(new ProcessBuilder(command).redirectInput(file.toFile()));
      Files.delete(file);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path program(String name) {
    Path directory = RealPart.cache().resolve(Path.of("prometheus", "bin"));
    Path program = directory.resolve(name);
    if (!Files.isExecutable(program)) {
      RealPart.PROMETHEUS.missing("no " + name + " in " + directory);
    }
    return program;
  }

  /**
   * What Prometheus answers: of a query, the data; empty while it does not answer at all.
   *
   * @param path below {@code /api/v1/}
   */
  public JsonNode ask(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/api/v1/" + path))
            .timeout(Duration.ofMinutes(1))
            .build();
    try {
      return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      if (!process.isAlive()) {
        throw new IllegalStateException("prometheus has ended: " + process.exitValue(), e);
      }
      return JSON.createObjectNode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The answer to a query at this moment. */
  public JsonNode query(String expression) {
    return ask("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(lastResort);
    http.close();
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
