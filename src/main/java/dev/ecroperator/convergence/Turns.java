package dev.ecroperator.convergence;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many threads through at once and no more; of those that wait, the one that came here
 * first in its life. A pass is a thread of its own, so a pass that was begun makes its next call
 * before a younger one makes its first: a repository gets all its settings before the next is
 * created, and nothing waits for ever.
 */
public final class Turns {
  private record Waiter(long since, CountDownLatch turn) {}

  private final AtomicLong arrivals = new AtomicLong();
  private final ThreadLocal<Long> since = ThreadLocal.withInitial(arrivals::incrementAndGet);
  private final Queue<Waiter> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Waiter::since));
  private int free;

  /** Turns of which {@code atOnce} can be taken at a time. */
  public Turns(int atOnce) {
    free = atOnce;
  }

  /** Waits for a turn; who got one gives it back by {@link #release}. */
  public void acquire() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    var waiter = new Waiter(since.get(), new CountDownLatch(1));
    synchronized (this) {
      if (free > 0) {
        free--;
        return;
      }
      waiting.add(waiter);
    }
    try {
      waiter.turn.await();
    } catch (InterruptedException e) {
      abandon(waiter);
      throw e;
    }
  }

  private synchronized void abandon(Waiter waiter) {
    // It may have got its turn meanwhile.
    if (!waiting.remove(waiter)) {
      release();
    }
  }

  /** Gives a turn back. */
  public synchronized void release() {
    Waiter next = waiting.poll();
    if (next == null) {
      free++;
    } else {
      next.turn.countDown();
    }
  }
}
