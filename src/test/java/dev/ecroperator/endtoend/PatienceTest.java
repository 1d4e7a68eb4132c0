package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void whatHappensOnceHasNotStayedAwayThroughout() {
    assertThatThrownBy(
            () ->
                Patience.throughout(
                    Duration.ofMillis(200),
                    () -> assertThat(looks.incrementAndGet()).isNotEqualTo(2)))
        .hasStackTraceContaining("not to be equal to");
    assertThat(looks).hasValue(2);
  }

  @Test
  void whatStaysSoIsLookedAtForAsLongAsThat() {
    long begun = System.nanoTime();
    Patience.throughout(Duration.ofMillis(200), looks::incrementAndGet);
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThanOrEqualTo(Duration.ofMillis(200));
    assertThat(looks).hasValueGreaterThan(1);
  }
}
