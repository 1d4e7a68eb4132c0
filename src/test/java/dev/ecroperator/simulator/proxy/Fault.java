package dev.ecroperator.simulator.proxy;

import dev.ecroperator.simulator.kube.LoggedRequest;
import dev.ecroperator.simulator.kube.Refusal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Something that goes wrong with chosen requests: how many, and last what happens to them. */
public final class Fault {
  private static final int LOST = 0;
  private static final int HELD = 1;

  private static final int ALWAYS = Integer.MAX_VALUE;

  private final String what;
  private final Consumer<Fault> begin;
  private final AtomicInteger left = new AtomicInteger(1);
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile int effect;

  Fault(String what, Consumer<Fault> begin) {
    this.what = what;
    this.begin = begin;
  }

  /** How many requests are met; one if not said. */
  public Fault times(int count) {
    left.set(count);
    return this;
  }

  /** All requests are met. */
  public Fault always() {
    return times(ALWAYS);
  }

  /** The request is refused with this HTTP status; nothing is done. */
  public Fault answer(int status) {
    return begin(status);
  }

  /** The request is done, and its connection closed without an answer. */
  public Fault loseAnswer() {
    return begin(LOST);
  }

  /** The request waits, before anything is done, for {@link #release()}. */
  public Fault hold() {
    return begin(HELD);
  }

  private Fault begin(int what) {
    effect = what;
    begin.accept(this);
    return this;
  }

  /** Waits until a request is met; answers whether that came about in time. */
  public boolean awaitArrival(Duration patience) throws InterruptedException {
    return arrived.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets held requests go on. */
  public void release() {
    released.countDown();
  }

  /** Whether the request meets it, which is then one time less to come. */
  boolean meets(LoggedRequest request) {
    boolean met =
        request.what().equals(what)
            && left.getAndUpdate(n -> n == ALWAYS ? n : Math.max(0, n - 1)) > 0;
    if (met) {
      arrived.countDown();
    }
    return met;
  }

  /** Whether it was to meet so many requests, and has met fewer. */
  boolean isOutstanding() {
    return left.get() != 0 && left.get() != ALWAYS;
  }

  /** What happens before the request is done. */
  void strike() throws InterruptedException {
    if (effect == HELD) {
      released.await();
    } else if (effect != LOST) {
      throw Refusal.of(effect, "scripted fault");
    }
  }

  boolean losesAnswer() {
    return effect == LOST;
  }

  @Override
  public String toString() {
    return left + " more of " + what;
  }
}
