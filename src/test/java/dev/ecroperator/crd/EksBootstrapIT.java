package dev.ecroperator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.real.RealKubeApiServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code examples/eks-bootstrap} puts into a cluster, in its order. */
class EksBootstrapIT {
  private static final String BOOTSTRAP = "examples/eks-bootstrap/";

  @Test
  void aNewClusterTakesOneStepAfterTheOther() {
    try (RealKubeApiServer server = RealKubeApiServer.start()) {
      var tooEarly = server.kubectl("apply", "-f", BOOTSTRAP + "replications");
      assertThat(tooEarly.exitCode()).isNotZero();
      assertThat(tooEarly.output()).contains("ensure CRDs are installed first");

      succeeds(server, "apply", "-f", "crds");
      succeeds(server, "wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
      for (String step : List.of("repositories", "replications", "workloads")) {
        assertThat(succeeds(server, "apply", "-f", BOOTSTRAP + step).lines())
            .isNotEmpty()
            .allMatch(line -> line.endsWith(" created"));
        assertThat(succeeds(server, "diff", "-f", BOOTSTRAP + step)).isEmpty();
      }
      assertThat(succeeds(server, "get", "ecrrepo,imgrepl", "-n", "payments", "-o", "name").lines())
          .containsExactly(
              "repository.ecroperator.dev/payments-api",
              "imagereplication.ecroperator.dev/payments");
    }
  }

  private static String succeeds(RealKubeApiServer server, String... arguments) {
    var kubectl = server.kubectl(arguments);
    assertThat(kubectl.exitCode()).as(kubectl.output()).isZero();
    return kubectl.output();
  }
}
