package dev.ecroperator.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FenceTest {
  /** Close to where the clock's readings wrap around, as they may. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  private final Fence fence = new Fence(nanos::get);

  @Test
  void itIsClosedUntilItIsOpened() {
    assertThat(fence.isOpen()).isFalse();
    assertThat(fence.remaining()).isZero();
  }

  @Test
  void itIsOpenUpToItsDeadline() {
    fence.openUntil(nanos.get() + 10);
    assertThat(fence.remaining()).isEqualTo(Duration.ofNanos(10));
    nanos.addAndGet(9);
    assertThat(fence.isOpen()).isTrue();
    nanos.addAndGet(1);
    assertThat(fence.isOpen()).isFalse();
  }

  @Test
  void itIsOpenedForLonger() {
    fence.openUntil(nanos.get() + 10);
    fence.openUntil(nanos.get() + 20);
    nanos.addAndGet(15);
    assertThat(fence.isOpen()).isTrue();
  }

  @Test
  void onceShutItStaysShut() {
    fence.openUntil(nanos.get() + 10);
    fence.shut();
    fence.openUntil(nanos.get() + 20);
    assertThat(fence.isOpen()).isFalse();
  }

  @Test
  void whereThereIsOneProcessItIsOpenUntilItIsShut() {
    Fence only = Fence.withoutDeadline();
    assertThat(only.isOpen()).isTrue();
    only.shut();
    assertThat(only.isOpen()).isFalse();
  }
}
