package dev.ecroperator.endtoend;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What was opened, to be closed in reverse order: all of it, whatever fails on the way. */
public final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Takes on what was just opened, and returns it. */
  public <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  /**
   * Closes all.
   *
   * @throws AssertionError if something failed, an assertion or not: the first of it as the cause,
   *     all else with it
   */
  @Override
  public void close() {
    Throwable first = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        first = also(first, e);
      } catch (Exception | AssertionError e) {
        first = also(first, e);
      }
    }
    if (first != null) {
      throw new AssertionError("closing: " + first.getMessage(), first);
    }
  }

  private static Throwable also(@Nullable Throwable first, Throwable e) {
    if (first == null) {
      return e;
    }
    first.addSuppressed(e);
    return first;
  }
}
