package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kubectl against the simulator. */
class KubectlAgainstSimulatorTest {
  @TempDir private Path directory;
  private KubeSimulator simulator;
  private Path kubeconfig;

  private record Outcome(int exit, String text) {}

  @BeforeEach
  void start() throws IOException {
    assumeTrue(
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl"))),
        "kubectl is not on the PATH: what it sees of the simulator is not tested");
    simulator = KubeSimulator.start(Path.of("src/test/resources/simulator/crds"));
    kubeconfig = simulator.writeKubeconfig(directory.resolve("kubeconfig"));
  }

  @AfterEach
  void stop() {
    if (simulator != null) {
      simulator.close();
    }
  }

  private Process launch(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of("--cache-dir", directory.resolve("cache").toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private Outcome run(String... arguments) throws Exception {
    Path output = Files.createTempFile(directory, "output", ".txt");
    Process process = launch(output, arguments);
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String text = Files.readString(output);
    assertThat(ended).as("kubectl %s has ended: %s", List.of(arguments), text).isTrue();
    return new Outcome(process.exitValue(), text);
  }

  private String kubectl(String... arguments) throws Exception {
    Outcome outcome = run(arguments);
    assertThat(outcome.exit()).as(outcome.text()).isZero();
    return outcome.text();
  }

  private String refused(String... arguments) throws Exception {
    Outcome outcome = run(arguments);
    assertThat(outcome.exit()).as(outcome.text()).isNotZero();
    return outcome.text();
  }

  private String manifest(String spec) throws IOException {
    Path file = directory.resolve("gadget.yml");
    Files.writeString(
        file,
        """
        apiVersion: example.dev/v1alpha1
        kind: Gadget
        metadata: {name: one}
        spec: %s
        """
            .formatted(spec));
    return file.toString();
  }

  @Test
  void appliesOnTheClientSide() throws Exception {
    String file = manifest("{colour: Red, size: 3}");

    assertThat(kubectl("apply", "-f", file)).contains("gadget.example.dev/one created");
    assertThat(kubectl("apply", "-f", file)).contains("unchanged");
    assertThat(kubectl("apply", "-f", manifest("{colour: Green}"))).contains("configured");
    assertThat(kubectl("get", "gad", "one", "-o", "jsonpath={.spec}"))
        .isEqualTo("{\"colour\":\"Green\"}");
  }

  @Test
  void appliesOnTheServerSide() throws Exception {
    String file = manifest("{colour: Red, size: 3}");

    assertThat(kubectl("apply", "--server-side", "-f", file)).contains("serverside-applied");
    assertThat(run("diff", "--server-side", "-f", file).exit()).isZero();
    kubectl("apply", "--server-side", "-f", manifest("{colour: Red}"));
    assertThat(kubectl("get", "gad", "one", "-o", "jsonpath={.spec}"))
        .isEqualTo("{\"colour\":\"Red\"}");
    assertThat(
            refused(
                "apply", "--server-side", "--field-manager=x", "-f", manifest("{colour: Green}")))
        .contains("conflict with \"kubectl\": .spec.colour");
  }

  @Test
  void printsTheColumnsInTheOrderOfTheCrd() throws Exception {
    kubectl("create", "-f", manifest("{colour: Red, size: 3}"));
    String ready =
        """
        {"status":{"observedGeneration":1,"conditions":[{"type":"Ready","status":"True"}]}}
        """;
    kubectl("patch", "gad", "one", "--subresource=status", "--type=merge", "-p", ready);

    assertThat(kubectl("get", "gad")).containsPattern("NAME +READY +COLOUR +AGE\none +True +Red ");
    assertThat(kubectl("get", "example", "-A", "-o", "wide"))
        .containsPattern("NAMESPACE +NAME +READY +COLOUR +SIZE +AGE\ndefault +one +True +Red +3 ");
    assertThat(kubectl("wait", "--for=condition=Ready", "gad/one", "--timeout=30s"))
        .contains("condition met");
    assertThat(kubectl("describe", "gad", "one")).contains("Colour:  Red").contains("Events:");
  }

  @Test
  void refusesWhatTheSchemaRefuses() throws Exception {
    assertThat(refused("apply", "-f", manifest("{colour: Red, foo: 1}")))
        .contains("strict decoding error: unknown field \"spec.foo\"");
    assertThat(refused("apply", "-f", manifest("{colour: Blue}")))
        .contains("spec.colour: Unsupported value: \"Blue\": supported values: \"Red\", \"Green\"");
    assertThat(kubectl("apply", "--validate=warn", "-f", manifest("{colour: Red, foo: 1}")))
        .contains("Warning: unknown field \"spec.foo\"");
  }

  @Test
  void explainsFromTheSchema() throws Exception {
    assertThat(kubectl("explain", "gad.spec"))
        .contains("What is wanted of the gadget.")
        .contains("enum: Red, Green")
        .contains("The colour it is painted in.");
    assertThat(kubectl("api-resources"))
        .containsPattern("gadgets +gad +example.dev/v1alpha1 +true +Gadget");
  }

  @Test
  void watchesUntilTheObjectIsGone() throws Exception {
    kubectl("create", "-f", manifest("{colour: Red}"));
    Path output = directory.resolve("watch.txt");
    Process watch = launch(output, "get", "gad", "-w", "--output-watch-events");
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readString(output).contains("ADDED"));
      kubectl("annotate", "gad", "one", "a=b");
      kubectl("label", "gad", "one", "c=d");
      assertThat(kubectl("delete", "gad", "one")).contains("deleted");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readString(output).contains("DELETED"));
      assertThat(Files.readString(output)).contains("MODIFIED");
    } finally {
      watch.destroyForcibly().waitFor();
    }
    assertThat(refused("get", "gad", "one")).contains("gadgets.example.dev \"one\" not found");
  }

  @Test
  void worksWithTheBuiltInKinds() throws Exception {
    assertThat(kubectl("get", "ns")).containsPattern("kube-system +Active");
    kubectl("create", "ns", "team");
    kubectl("create", "secret", "generic", "s", "--from-literal=a=b", "-n", "team");
    assertThat(kubectl("get", "secret", "-n", "team")).containsPattern("s +Opaque +1 ");
    assertThat(kubectl("delete", "ns", "team")).contains("deleted");
    assertThat(kubectl("get", "crd")).contains("gadgets.example.dev");
    assertThat(kubectl("get", "events")).contains("No resources found");
    assertThat(kubectl("auth", "can-i", "create", "gadgets")).contains("yes");
  }

  @Test
  void aCrdThatGoesTakesItsObjectsAndItsEndpointsAlong() throws Exception {
    String crd = "src/test/resources/simulator/crds/gadgets.example.dev-v1.yml";
    kubectl("create", "-f", manifest("{colour: Red}"));
    kubectl("delete", "-f", crd);
    assertThat(kubectl("api-resources")).doesNotContain("gadgets");
    kubectl("apply", "--server-side", "-f", crd);
    assertThat(kubectl("wait", "--for=condition=Established", "-f", crd)).contains("met");
    assertThat(kubectl("get", "gadgets")).contains("No resources found");
  }
}
