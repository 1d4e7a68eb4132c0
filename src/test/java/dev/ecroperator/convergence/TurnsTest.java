package dev.ecroperator.convergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TurnsTest {
  private final Turns turns = new Turns(1);
  private final List<String> served = Collections.synchronizedList(new ArrayList<>());

  /** Takes a turn when told to, and notes that it had one. */
  private final class Pass {
    private final CountDownLatch told = new CountDownLatch(1);
    private final Thread thread;

    Pass(String name, boolean hasCalledBefore) throws InterruptedException {
      var ready = new CountDownLatch(1);
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      if (hasCalledBefore) {
                        turns.acquire();
                        turns.release();
                      }
                      ready.countDown();
                      told.await();
                      turns.acquire();
                      served.add(name);
                      turns.release();
                    } catch (InterruptedException e) {
                      served.add(name + " was interrupted");
                    }
                  });
      ready.await();
    }

    Pass waits() {
      told.countDown();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> thread.getState() == Thread.State.WAITING && isInAcquire());
      return this;
    }

    private boolean isInAcquire() {
      return List.of(thread.getStackTrace()).stream()
          .anyMatch(frame -> frame.getClassName().equals(Turns.class.getName()));
    }
  }

  @Test
  void nobodyGoesWhileAllTurnsAreTaken() throws Exception {
    turns.acquire();
    Pass pass = new Pass("pass", false).waits();
    assertThat(served).isEmpty();

    turns.release();
    pass.thread.join();

    assertThat(served).containsExactly("pass");
  }

  @Test
  void aPassThatWasBegunGoesBeforeAYoungerOneThatWaitsLonger() throws Exception {
    Pass begun = new Pass("begun", true);
    turns.acquire();
    Pass younger = new Pass("younger", false).waits();
    begun.waits();

    turns.release();
    begun.thread.join();
    younger.thread.join();

    assertThat(served).containsExactly("begun", "younger");
  }

  @Test
  void whoGivesUpWaitingTakesNoTurnWithIt() throws Exception {
    turns.acquire();
    Pass interrupted = new Pass("one", false).waits();
    interrupted.thread.interrupt();
    interrupted.thread.join();
    Pass next = new Pass("another", false).waits();

    turns.release();
    next.thread.join();

    assertThat(served).containsExactly("one was interrupted", "another");
  }
}
