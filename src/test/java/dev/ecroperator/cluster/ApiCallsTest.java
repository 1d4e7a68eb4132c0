package dev.ecroperator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.convergence.Fence;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ApiCallsTest {
  private final ApiCalls calls = new ApiCalls(Fence.withoutDeadline());

  /** Else the operator would stand still after as many calls as are made at once. */
  @Test
  @Timeout(60)
  void aCallGivesItsTurnBackHoweverItEnds() {
    for (int i = 0; i < 100; i++) {
      int number = i;
      assertThat(calls.make(() -> number)).isEqualTo(number);
      assertThatThrownBy(
              () ->
                  calls.make(
                      () -> {
                        throw new KubernetesClientException("refused");
                      }))
          .hasMessage("refused");
    }
  }

  @Test
  void whereTheOperatorIsStoppingNothingIsSentAndTheThreadKnowsItStill() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(
            () ->
                calls.make(
                    () -> {
                      throw new AssertionError("sent");
                    }))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessage("the operator is stopping");

    assertThat(Thread.interrupted()).isTrue();
  }
}
