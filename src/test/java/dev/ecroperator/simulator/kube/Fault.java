package dev.ecroperator.simulator.kube;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Something that goes wrong with chosen requests, and how often it did. */
public final class Fault {
  /** What happens to a request. */
  enum Kind {
    REFUSE,
    REFUSE_AFTER_COMMIT,
    LOSE_ANSWER,
    HOLD
  }

  private final String verb;
  private final String resource;
  private final String subresource;
  private final AtomicInteger left;
  private final AtomicInteger fired = new AtomicInteger();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Kind kind;
  private final @Nullable ApiFailure failure;

  Fault(
      String verb,
      String resource,
      String subresource,
      int times,
      Kind kind,
      @Nullable ApiFailure failure) {
    this.verb = verb;
    this.resource = resource;
    this.subresource = subresource;
    this.left = new AtomicInteger(times);
    this.kind = kind;
    this.failure = failure;
  }

  /** How many requests it met. */
  public int fired() {
    return fired.get();
  }

  /** Waits until a request is met; answers whether that came about in time. */
  public boolean awaitArrival(Duration patience) throws InterruptedException {
    return arrived.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets held requests go on. */
  public void release() {
    released.countDown();
  }

  boolean take(Call call) {
    boolean meant =
        matches(verb, call.verb())
            && matches(resource, call.resource())
            && matches(subresource, call.subresource());
    return meant && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  private static boolean matches(String wanted, String is) {
    return wanted.equals("*") || wanted.equals(is);
  }

  void meet() {
    fired.incrementAndGet();
    arrived.countDown();
  }

  void pause() throws InterruptedException {
    if (kind == Kind.HOLD) {
      released.await();
    }
  }

  void beforeCommit() {
    if (kind == Kind.REFUSE && failure != null) {
      throw failure;
    }
  }

  void afterCommit() {
    if (kind == Kind.REFUSE_AFTER_COMMIT && failure != null) {
      throw failure;
    }
  }

  boolean losesAnswer() {
    return kind == Kind.LOSE_ANSWER;
  }
}
