package dev.ecroperator.convergence;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether this process may still change anything. It is asked right before each effect is sent:
 * what was planned while leading may come to its call after a pause of any length, when another
 * process leads already. Safe to use from any thread.
 *
 * <p>Times are readings of a monotonic clock in nanoseconds: a wall clock may be set back.
 */
public final class Fence {
  private final LongSupplier nanoTime;
  private boolean limited = true;
  private boolean opened;
  private boolean shut;
  private long deadline;

  /** A fence that is closed until it is opened for a time. */
  public Fence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A fence for the only process there is: open until it is shut. */
  public static Fence withoutDeadline() {
    var fence = new Fence(() -> 0);
    fence.limited = false;
    fence.opened = true;
    return fence;
  }

  /**
   * Opens it, unless it has been shut.
   *
   * @param deadline until when, by the clock of the constructor
   */
  public synchronized void openUntil(long deadline) {
    this.deadline = deadline;
    opened = true;
  }

  /** Closes it for good. */
  public synchronized void shut() {
    shut = true;
  }

  /** Whether an effect may be sent now. */
  public synchronized boolean isOpen() {
    return !shut && opened && (!limited || left() > 0);
  }

  /**
   * How long it stays open from now on; zero where it is closed, and for a fence without a
   * deadline.
   */
  public synchronized Duration remaining() {
    return isOpen() ? Duration.ofNanos(left()) : Duration.ZERO;
  }

  private long left() {
    return deadline - nanoTime.getAsLong();
  }
}
