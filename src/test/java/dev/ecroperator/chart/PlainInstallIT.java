package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
