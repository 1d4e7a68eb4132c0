package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.OwnAccount;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OwnAccountOnceTest {
  private static final OwnAccount OURS = new OwnAccount("111122223333", "eu-west-1", "aws");
  private static final Duration KEPT = Duration.ofSeconds(1);

  /** Goes round within the tests, as a monotonic clock may. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - KEPT.toNanos() / 2);

  private final AtomicInteger asked = new AtomicInteger();
  private boolean isReachable = true;
  private final OwnAccountOnce account = new OwnAccountOnce(this::ask, nanos::get);

  private OwnAccount ask() {
    asked.incrementAndGet();
    if (!isReachable) {
      throw new CallFailedException(
          new Failure(Failure.Kind.UNAVAILABLE, "sts:GetCallerIdentity", "reset"));
    }
    return OURS;
  }

  private void failToLearn() {
    assertThatThrownBy(account::get).isInstanceOf(CallFailedException.class);
  }

  @Test
  void whatIsKnownIsNotAskedForAgain() {
    assertThat(account.get()).isEqualTo(OURS);
    isReachable = false;
    nanos.addAndGet(KEPT.multipliedBy(2).toNanos());

    assertThat(account.get()).isEqualTo(OURS);
    assertThat(asked).hasValue(1);
  }

  @Test
  void aFailureAnswersForAllThatAskSoonAfterIt() {
    isReachable = false;
    failToLearn();
    isReachable = true;

    failToLearn();
    nanos.addAndGet(KEPT.toNanos() - 1);
    failToLearn();
    assertThat(asked).hasValue(1);
  }

  @Test
  void thenItIsAskedForAgain() {
    isReachable = false;
    failToLearn();
    nanos.addAndGet(KEPT.toNanos());
    failToLearn();
    nanos.addAndGet(KEPT.toNanos() - 1);
    failToLearn();
    assertThat(asked).as("each failure is kept from when it came").hasValue(2);

    isReachable = true;
    nanos.addAndGet(1);
    assertThat(account.get()).isEqualTo(OURS);
  }

  @Test
  void oneAsksForAllThatWait() throws Exception {
    var answers = new CountDownLatch(1);
    var slow =
        new OwnAccountOnce(
            () -> {
              asked.incrementAndGet();
              try {
                answers.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return OURS;
            },
            nanos::get);
    var first = new FutureTask<>(slow::get);
    var second = new FutureTask<>(slow::get);
    Thread asks = Thread.ofVirtual().start(first);
    await().until(() -> asks.getState() == Thread.State.WAITING);
    Thread waits = Thread.ofVirtual().start(second);
    await().until(() -> waits.getState() == Thread.State.BLOCKED);
    answers.countDown();

    assertThat(first.get()).isEqualTo(OURS);
    assertThat(second.get()).isEqualTo(OURS);
    assertThat(asked).hasValue(1);
  }
}
