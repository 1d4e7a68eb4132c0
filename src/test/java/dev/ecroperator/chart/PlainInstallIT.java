package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/install}, applied as its README says. */
class PlainInstallIT {

  @Test
  void allOfItIsAppliedAtOnceAndAgainWithoutAChange() {
    try (var server = RealKubeApiServer.start()) {
      var apply = new String[] {"apply", "--server-side", "-k", "examples/install"};
      var applied = server.kubectl(apply);
      assertThat(applied.exitCode()).as(applied.output()).isZero();
      assertThat(applied.output().lines())
          .allMatch(line -> line.endsWith(" serverside-applied"))
          .hasSizeGreaterThan(10);
      assertThat(
              server
                  .kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
                  .exitCode())
          .isZero();

      var before = versions(server);
      assertThat(server.kubectl(apply).exitCode()).isZero();
      assertThat(versions(server)).isEqualTo(before);
      assertThat(server.kubectl("diff", "--server-side", "-k", "examples/install").output())
          .isEmpty();

      // Its namespace admits restricted pods alone, and the operator's is one.
      var pod =
          (ObjectNode)
              RenderedObject.find(
                      RenderedObject.allOf(Path.of("examples", "install", "operator.yaml")),
                      "Deployment",
                      "ecr-operator")
                  .at("/spec/template")
                  .deepCopy();
      pod.put("apiVersion", "v1").put("kind", "Pod");
      ((ObjectNode) pod.path("metadata")).put("name", "by-hand").put("namespace", "ecr-operator");
      server.client().resource(new RenderedObject(pod).resource()).create();
    }
  }

  /** What is left to be set, as its comments say. */
  @Test
  void theCommentsOfTheKustomizationAreOneThatSetsOwnerRegionImageAndRole(@TempDir Path clone)
      throws Exception {
    for (var name : List.of("crds", "examples/install")) {
      var copy = Files.createDirectories(clone.resolve(name));
      try (var files = Files.list(Path.of(name))) {
        for (var file : files.toList()) {
          Files.copy(file, copy.resolve(file.getFileName().toString()));
        }
      }
    }
    var folder = clone.resolve("examples/install");
    var kustomization = folder.resolve("kustomization.yaml");
    var text = Files.readString(kustomization);
    int settings = text.indexOf("# patches:");
    assertThat(settings).isPositive();
    Files.writeString(
        kustomization,
        text.substring(0, settings) + text.substring(settings).replaceAll("(?m)^# ", ""));

    var process =
        new ProcessBuilder(
                RealKubeApiServer.kubectlBinary().toString(), "kustomize", folder.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();

    var objects = RenderedObject.all(output);
    var container =
        RenderedObject.find(objects, "Deployment", "ecr-operator")
            .at("/spec/template/spec/containers/0");
    assertThat(container.path("image").asText())
        .isEqualTo("registry.example.com/ecr-operator:0.1.0-SNAPSHOT");
    assertThat(container.path("env").valueStream().map(JsonNode::toString))
        .contains(
            "{\"name\":\"OPERATOR_OWNER_ID\",\"value\":\"my-cluster\"}",
            "{\"name\":\"AWS_REGION\",\"value\":\"eu-west-1\"}");
    assertThat(
            RenderedObject.find(objects, "ServiceAccount", "ecr-operator")
                .at("/metadata/annotations/eks.amazonaws.com~1role-arn")
                .asText())
        .endsWith(":role/ecr-operator");
  }

  private static String versions(RealKubeApiServer server) {
    var versions =
        server.kubectl(
            "get",
            "crd,clusterrole,role,clusterrolebinding,rolebinding,sa,deploy,svc,pdb",
            "--all-namespaces",
            "-o",
            "jsonpath={.items[*].metadata['name','resourceVersion']}");
    assertThat(versions.exitCode()).as(versions.output()).isZero();
    return versions.output();
  }
}
