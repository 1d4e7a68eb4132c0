package dev.ecroperator.simulator.ecr;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** A scripted fault in force: how often it struck, and the way to end it. */
public final class Fault {
  /** What goes wrong. {@code committed} tells whether the call takes effect all the same. */
  sealed interface Kind {
    record Refusal(boolean committed, AwsError error) implements Kind {}

    record Denied() implements Kind {}

    record RoleDenied() implements Kind {}

    record Silence(boolean committed) implements Kind {}

    record Hang(boolean committed) implements Kind {}

    record Latency(Duration duration) implements Kind {}

    record Stale() implements Kind {}
  }

  private final Predicate<Call> calls;
  private final Predicate<String> repositories;
  private final boolean anyRepository;
  private final Kind kind;
  private final CountDownLatch released = new CountDownLatch(1);
  private int remaining;
  private int hits;

  Fault(
      Predicate<Call> calls,
      Predicate<String> repositories,
      boolean anyRepository,
      Kind kind,
      int remaining) {
    this.calls = calls;
    this.repositories = repositories;
    this.anyRepository = anyRepository;
    this.kind = kind;
    this.remaining = remaining;
  }

  /** How many calls it struck. A call that hangs counts from the moment it hangs. */
  public synchronized int hits() {
    return hits;
  }

  /** Ends it. Calls that hang in it go on. */
  public void clear() {
    synchronized (this) {
      remaining = 0;
    }
    released.countDown();
  }

  Kind kind() {
    return kind;
  }

  Predicate<String> repositories() {
    return repositories;
  }

  void awaitRelease() throws InterruptedException {
    released.await();
  }

  /** Whether it strikes this call, which then is one of its times. */
  boolean strikes(Call call, List<String> names) {
    if (!calls.test(call) || !concerns(call, names)) {
      return false;
    }
    synchronized (this) {
      if (remaining == 0) {
        return false;
      }
      remaining--;
      hits++;
      return true;
    }
  }

  private boolean concerns(Call call, List<String> names) {
    if (kind instanceof Kind.Stale) {
      // A sweep names no repository, and sees all: the stale ones are picked out of its answer.
      return call.isRead() && (names.isEmpty() || names.stream().anyMatch(repositories));
    }
    return anyRepository || names.stream().anyMatch(repositories);
  }
}
