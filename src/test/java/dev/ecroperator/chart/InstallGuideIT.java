package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.real.Command;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/install.md}, each as it stands there and one after the other. */
class InstallGuideIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  /** A command for a cluster, with the lines that continue it. */
  private static final Pattern COMMAND = Pattern.compile("(?m)^(helm|kubectl) (.*\\\\\n)*.*$");

  @TempDir Path home;

  @Test
  void everyCommandDoesWhatTheGuideSays() throws Exception {
    var blocks =
        BLOCK
            .matcher(Files.readString(Path.of("docs", "install.md")))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertThat(blocks).hasSizeGreaterThan(10);
    var helm = Helm.binary();

    try (var server = RealKubeApiServer.start()) {
      for (var block : blocks) {
        var isWithoutOperator = block.contains("\"finalizers\":null");
        if (isWithoutOperator) {
          leaveBehind(server, "hello", "default", false);
          leaveBehind(server, "stays", "kube-public", false);
          leaveBehind(server, "goes", "kube-public", true);
        }
        var answer = run(block, helm, server.kubeconfig());
        assertThat(answer.exitCode()).as("%s%n%s", block, answer.output()).isZero();
        if (isWithoutOperator) {
          assertThat(finalizers(server))
              .containsExactly(
                  "stays ecroperator.dev/finalizer", "stays ecroperator.dev/finalizer");
        }
      }
    }
  }

  @Test
  void theCommandsOfTheReadmeThatAreForAClusterDoWhatItSays() throws Exception {
    var commands =
        BLOCK
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .flatMap(block -> COMMAND.matcher(block.group(1)).results())
            .map(command -> command.group())
            .toList();
    assertThat(commands)
        .anyMatch(command -> command.startsWith("helm install"))
        .anyMatch(command -> command.startsWith("helm upgrade"))
        .anyMatch(command -> command.startsWith("helm uninstall"))
        .anyMatch(command -> command.startsWith("kubectl apply"));
    var helm = Helm.binary();

    try (var server = RealKubeApiServer.start()) {
      for (var command : commands) {
        var answer = run(command, helm, server.kubeconfig());
        assertThat(answer.exitCode()).as("%s%n%s", command, answer.output()).isZero();
      }
      assertThat(server.kubectl("get", "crd,ecrrepo", "--all-namespaces").output())
          .contains("repositories.ecroperator.dev", "hello");
    }
  }

  /** Objects of both kinds with the finalizer of an operator that is no more. */
  private static void leaveBehind(
      RealKubeApiServer server, String name, String namespace, boolean isDeleted) {
    var metadata =
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(namespace)
            .withFinalizers("ecroperator.dev/finalizer")
            .build();
    for (var kind : List.of("Repository", "ImageReplication")) {
      var spec =
          kind.equals("Repository")
              ? Map.of("suspend", false)
              : Map.of(
                  "repositories", List.of(Map.of("prefix", "payments/")),
                  "destinations", List.of(Map.of("region", "eu-central-1")));
      if (kind.equals("ImageReplication") && name.equals("hello")) {
        continue;
      }
      var object =
          new GenericKubernetesResourceBuilder()
              .withApiVersion("ecroperator.dev/v1alpha1")
              .withKind(kind)
              .withMetadata(metadata)
              .addToAdditionalProperties("spec", spec)
              .build();
      var resource = server.client().resource(object);
      resource.serverSideApply();
      if (isDeleted) {
        resource.delete();
      }
    }
  }

  /** The objects that are there still, each with its finalizers. */
  private static List<String> finalizers(RealKubeApiServer server) {
    return server
        .kubectl(
            "get",
            "ecrrepo,imgrepl",
            "--all-namespaces",
            "-o",
            "jsonpath={range .items[*]}{.metadata.name} {.metadata.finalizers[*]}{\"\\n\"}{end}")
        .output()
        .lines()
        .toList();
  }

  private static String folder(Path binary) {
    return Objects.requireNonNull(binary.getParent()).toString();
  }

  private Command.Answer run(String commands, Path helm, Path kubeconfig) {
    var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands);
    var path =
        String.join(
            File.pathSeparator,
            folder(helm),
            folder(RealKubeApiServer.kubectlBinary()),
            System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    builder.environment().put("PATH", path);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    return Command.run(builder);
  }
}
