package dev.ecroperator.simulator;

import java.util.concurrent.atomic.AtomicInteger;

/** A line that loses nothing, and counts what is on it. */
public final class CountedLine implements Line {
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  /** How many requests there were at once, at most. */
  public int most() {
    return most.get();
  }

  @Override
  public boolean carries(Request request) {
    most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    return true;
  }

  @Override
  public boolean returns(Request request) {
    inFlight.decrementAndGet();
    return true;
  }
}
