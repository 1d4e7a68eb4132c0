package dev.ecroperator.leadership;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks once this replica leads. Until then they wait: caches are filled and watched as by a
 * leader, so that one that takes over begins at once.
 */
public final class StandbyExecutor extends AbstractExecutorService {
  private final ExecutorService executor;
  private final Leadership leadership;

  /**
   * Runs tasks on {@code executor}.
   *
   * @param executor gives each task a thread, which may wait for long
   */
  public StandbyExecutor(ExecutorService executor, Leadership leadership) {
    this.executor = executor;
    this.leadership = leadership;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(
        () -> {
          try {
            if (leadership.await()) {
              task.run();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public void shutdown() {
    executor.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return executor.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }
}
