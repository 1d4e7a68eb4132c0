package dev.ecroperator.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.kube.ConnectedSimulator;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class LeadershipTest {
  @Test
  void whoGotTheLeaseAndNotTheAnswerLeadsAllTheSame() throws Exception {
    try (var cluster = ConnectedSimulator.start()) {
      cluster.server().faults().on("create", "leases").loseAnswer();
      var fence = new Fence(System::nanoTime);
      try (var leadership =
          Leadership.contend(
              cluster.client(),
              "default",
              "ecr-operator",
              "us",
              fence,
              InstantSource.system(),
              () -> {})) {
        assertThat(leadership.await()).isTrue();
        assertThat(leadership.role()).isEqualTo("ok: leads");
      }
    }
  }
}
