package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.real.Command;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What GitOps tools apply stays as they applied it: no differences to be ignored. */
@Execution(ExecutionMode.CONCURRENT)
class GitOpsIT {
  private static final Path ARGO_CD = Path.of("examples/gitops/argocd");
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final Scene scene = Scene.withResync("3s");

  /** How a tool applies: Argo CD by ServerSideApply=true, and by default; Flux. */
  private static List<String> apply(String way) {
    return switch (way) {
      case "argocd" -> List.of("--server-side", "--field-manager=argocd-controller");
      case "flux" ->
          List.of("--server-side", "--field-manager=kustomize-controller", "--force-conflicts");
      default -> List.of();
    };
  }

  private static String kubectl(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(RealKubeApiServer.kubectlBinary().toString()));
    command.addAll(
        List.of(
            "--kubeconfig", scene.cluster().administratorsKubeconfig().toString(),
            "-n", scene.cluster().namespace()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HOME", scene.directory().toString());
    return Command.run(builder).succeeded();
  }

  private static String kubectl(List<String> first, String... more) {
    return kubectl(Stream.concat(first.stream(), Stream.of(more)).toList());
  }

  /** An example in the scene's namespace and under a name of its own. */
  private static ObjectNode manifest(String file, String suffix) throws IOException {
    ObjectNode manifest =
        Serialization.unmarshal(
            "---\n" + Files.readString(ARGO_CD.resolve("platform").resolve(file)),
            ObjectNode.class);
    ObjectNode metadata = manifest.withObject("/metadata");
    metadata.put("namespace", scene.cluster().namespace());
    metadata.put("name", metadata.path("name").asText() + suffix);
    return manifest;
  }

  private static Path written(ObjectNode manifest) throws IOException {
    return Files.writeString(
        Files.createTempFile(scene.directory(), "manifest", ".json"), manifest.toString());
  }

  /**
   * The object without what no GitOps tool compares: the status (ours, and a subresource), what the
   * API server sets, kubectl's own annotation; and without our finalizer and annotation, which the
   * manifest does not have: a tool compares the fields of the manifest, and finalizers and further
   * annotations are not among them.
   */
  private static JsonNode compared(JsonNode live) {
    ObjectNode object = live.deepCopy();
    object.remove("status");
    ObjectNode metadata = object.withObject("/metadata");
    metadata.remove(
        List.of("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"));
    assertThat(metadata.remove("finalizers").toString())
        .isEqualTo("[\"ecroperator.dev/finalizer\"]");
    ObjectNode annotations = metadata.withObject("/annotations");
    annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    assertThat(annotations.remove("ecroperator.dev/target")).isNotNull();
    annotations.remove("ecroperator.dev/declared");
    return object;
  }

  @ParameterizedTest
  @ValueSource(strings = {"argocd", "argocd-client-side", "flux"})
  void whatWasAppliedIsWhatIsThere(String way) throws IOException {
    ObjectNode manifest = manifest("02-repositories.yaml", "-" + way);
    manifest.withObject("/spec").put("name", "payments/" + way);
    String file = written(manifest).toString();
    kubectl(List.of("apply", "-f", file), apply(way).toArray(String[]::new));
    RepositoryObject object =
        scene.repository(manifest.at("/metadata/name").asText(), "payments/" + way);
    JsonNode ready = object.awaitInSync();

    assertThat(compared(ready)).isEqualTo(manifest);
    // What the tool compares: the object after another apply, dry, against the one that is there.
    String dry =
        kubectl(
            List.of("apply", "-f", file, "--dry-run=server", "-o", "json"),
            apply(way).toArray(String[]::new));
    assertThat(withoutTimes(JSON.readTree(dry))).isEqualTo(withoutTimes(object.stored()));
    assertThat(kubectl(List.of("diff", "-f", file), apply(way).toArray(String[]::new))).isEmpty();
    // And a sync that is made all the same wakes nothing up.
    kubectl(List.of("apply", "-f", file), apply(way).toArray(String[]::new));
    assertThat(object.stored().at("/metadata/generation").asInt()).isEqualTo(1);
  }

  @Test
  void aReplicationShowsNoDifferenceEither() throws IOException {
    ObjectNode repository = manifest("02-repositories.yaml", "");
    ObjectNode manifest = manifest("03-replication.yaml", "");
    for (ObjectNode each : List.of(repository, manifest)) {
      kubectl(
          List.of("apply", "-f", written(each).toString()), apply("argocd").toArray(String[]::new));
    }
    ReplicationManifest object = scene.replication("payments");

    assertThat(compared(object.awaitInSync())).isEqualTo(manifest);
    assertThat(
            kubectl(
                List.of("diff", "-f", written(manifest).toString()),
                apply("argocd").toArray(String[]::new)))
        .isEmpty();
  }

  private static JsonNode withoutTimes(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    copy.withObject("/metadata").remove(List.of("managedFields", "resourceVersion"));
    copy.remove("status"); // a resync may have come between
    return copy;
  }

  @Test
  void theWavesAreInOrder() throws IOException {
    List<Integer> waves = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    try (Stream<Path> files = Files.list(ARGO_CD.resolve("platform"))) {
      for (Path file : files.sorted().toList()) {
        JsonNode object = Serialization.unmarshal("---\n" + Files.readString(file), JsonNode.class);
        kinds.add(object.path("kind").asText());
        waves.add(
            Integer.parseInt(
                object.at("/metadata/annotations").path("argocd.argoproj.io/sync-wave").asText()));
      }
    }
    assertThat(kinds)
        .containsExactly(
            "Application", "Application", "Repository", "ImageReplication", "Deployment");
    assertThat(waves).containsExactly(-2, -1, 0, 1, 2);
  }

  @Test
  void theConfigurationOfArgoCdHasTheScriptThatIsTested() throws IOException {
    String script = Files.readString(ARGO_CD.resolve("health.lua"));
    JsonNode data =
        Serialization.unmarshal(
                "---\n" + Files.readString(ARGO_CD.resolve("argocd-cm.yaml")), JsonNode.class)
            .path("data");
    for (String kind : List.of("Repository", "ImageReplication")) {
      assertThat(data.path("resource.customizations.health.ecroperator.dev_" + kind).asText())
          .isEqualTo(script);
    }
  }
}
