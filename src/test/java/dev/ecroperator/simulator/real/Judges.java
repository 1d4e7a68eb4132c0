package dev.ecroperator.simulator.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.convergence.Reason;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What the tools of others make of our objects: kstatus, by which Flux and kpt wait, and the health
 * check of {@code examples/gitops/argocd} in the Lua interpreter of Argo CD. They are the program
 * of {@code src/test/go/judges}.
 */
public final class Judges {
  private static final Path SOURCES = Path.of("src/test/go/judges");
  private static final Path HEALTH = Path.of("examples/gitops/argocd/health.lua");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path program;

  /**
   * What they say of one object.
   *
   * @param kstatus such as {@code Current}; empty where it failed
   * @param health such as {@code Healthy}; empty where it failed
   * @param errors why they failed; empty where none did
   */
  public record Verdict(String kstatus, String health, String healthMessage, String errors) {

    /** Whether this is what they say of an object whose Ready has the reason. */
    public void assertFollows(Reason reason) {
      switch (reason.companion()) {
        case NONE -> assertIs("Current", "Healthy");
        case RECONCILING, RECONCILING_THEN_STALLED -> assertIs("InProgress", "Progressing");
        case STALLED -> assertIs("Failed", "Degraded");
      }
      assertThat(healthMessage).startsWith(reason.text() + ": ");
    }

    /** Whether both understood it, and say this. */
    public void assertIs(String expectedKstatus, String expectedHealth) {
      assertThat(errors).isEmpty();
      assertThat(kstatus).isEqualTo(expectedKstatus);
      assertThat(health).isEqualTo(expectedHealth);
    }
  }

  private Judges(Path program) {
    this.program = program;
  }

  /** The judges, where they are built. */
  public static Optional<Judges> find() {
    Path program = program();
    return Files.isExecutable(program) ? Optional.of(new Judges(program)) : Optional.empty();
  }

  /** The judges; skips the test where they are not built. */
  public static Judges get() {
    if (find().isEmpty()) {
      RealPart.JUDGES.missing(whyMissing());
    }
    return new Judges(program());
  }

  /** What to say where they are not built. */
  public static String whyMissing() {
    return "no judges of GitOps tools in " + program().getParent();
  }

  /** As {@code .ci/judges} names it: by the checksum of the sources, one after the other. */
  private static Path program() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String source : List.of("go.mod", "go.sum", "health.go", "main.go")) {
        digest.update(Files.readAllBytes(SOURCES.resolve(source)));
      }
      String version = HexFormat.of().formatHex(digest.digest()).substring(0, 12);
      return RealPart.cache().resolve(Path.of("judges", version, "judges"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What they say of an object with that status, in the given generation. */
  public static <S, T extends CustomResource<?, S>> Verdict judge(
      T object, S status, long generation) {
    object.getMetadata().setName("api");
    object.getMetadata().setGeneration(generation);
    object.setStatus(status);
    return get().judge(List.<JsonNode>of(JSON.valueToTree(object))).getFirst();
  }

  /** What they say of objects, in their order. */
  public List<Verdict> judge(List<JsonNode> objects) {
    try {
      Path input = Files.createTempFile("judged", ".jsonl");
      Path output = Files.createTempFile("verdicts", ".jsonl");
      Files.write(input, objects.stream().map(JsonNode::toString).toList());
      Process process =
          new ProcessBuilder(
                  program.toString(),
                  "ecroperator.dev/Repository=" + HEALTH,
                  "ecroperator.dev/ImageReplication=" + HEALTH)
              .redirectInput(input.toFile())
              .redirectOutput(output.toFile())
              .redirectErrorStream(false)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      int status = process.waitFor();
      List<Verdict> verdicts = new ArrayList<>();
      for (String line : Files.readAllLines(output)) {
        verdicts.add(verdict(JSON.readTree(line)));
      }
      Files.delete(input);
      Files.delete(output);
      if (status != 0 || verdicts.size() != objects.size()) {
        throw new IllegalStateException(
            "the judges ended with %d after %d of %d"
                .formatted(status, verdicts.size(), objects.size()));
      }
      return verdicts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Verdict verdict(JsonNode said) {
    return new Verdict(
        said.path("kstatus").asText(),
        said.path("health").asText(),
        said.path("healthMessage").asText(),
        said.path("kstatusError").asText() + said.path("healthError").asText());
  }
}
