package dev.ecroperator.simulator.kube;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Something that goes wrong with chosen requests: how many, and last what happens to them. */
public final class Fault {
  private static final int LOST = 0;
  private static final int HELD = 1;

  private final Predicate<LoggedRequest> requests;
  private final Consumer<Fault> begin;
  private final AtomicInteger left = new AtomicInteger(1);
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile int effect;

  Fault(Predicate<LoggedRequest> requests, Consumer<Fault> begin) {
    this.requests = requests;
    this.begin = begin;
  }

  /** How many requests are met; one if not said. */
  public Fault times(int count) {
    left.set(count);
    return this;
  }

  /** All requests are met. */
  public Fault always() {
    return times(Integer.MAX_VALUE);
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
    boolean met = requests.test(request) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    if (met) {
      arrived.countDown();
    }
    return met;
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
}
