package dev.ecroperator.leadership;

import dev.ecroperator.cluster.ApiRefusal;
import dev.ecroperator.convergence.Fence;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This replica's part in the election: it stands by until it leads, leads until it lets go, and
 * never leads a second time. A leader that cannot be sure of its lease any more is fenced first,
 * and told to end.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  /**
   * How often a replica that stands by looks. The elector waits up to 2.2 times as long, which has
   * a successor lead within 2 s of a release.
   */
  private static final Duration LOOKS_EVERY = Duration.ofMillis(750);

  /**
   * When the elector gives up renewals. It goes by the wall clock, and one that is set forward must
   * not end a leader whose lease is good: {@link #watch()} has the deadline, and {@link LeaseLock}
   * what others wait for.
   */
  private static final Duration NEVER = Duration.ofDays(1_000_000);

  private final KubernetesClient client;
  private final LeaseLock lock;
  private final Fence fence;
  private final Runnable lost;

  /** Whether it leads, or never will. */
  private final CountDownLatch decided = new CountDownLatch(1);

  private volatile boolean leading;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("leadership-", 0).factory());
  private final LeaderElector elector;
  private volatile @Nullable String leader;
  private @Nullable CompletableFuture<?> contest;

  private Leadership(KubernetesClient client, LeaseLock lock, Fence fence, Runnable lost) {
    this.client = client;
    this.lock = lock;
    this.fence = fence;
    this.lost = lost;
    this.elector =
        new LeaderElectorBuilder(client, threads)
            .withConfig(election(lock, new LeaderCallbacks(this::lead, this::lose, this::follow)))
            .build();
  }

  /** What the elector is to do. */
  static LeaderElectionConfig election(LeaseLock lock, LeaderCallbacks callbacks) {
    return new LeaderElectionConfig(
        lock, NEVER.plusDays(1), NEVER, LOOKS_EVERY, callbacks, false, lock.describe());
  }

  /**
   * Takes part in the election of a leader.
   *
   * @param client for the lease alone: its requests must end within two seconds, and not be
   *     repeated, else a leader is told too late that it leads no more
   * @param identity of this replica, and of no other that there ever was
   * @param fence is open while this replica leads
   * @param lost is run once when a leader has lost its lease; it must end the process
   */
  public static Leadership contend(
      KubernetesClient client,
      String namespace,
      String name,
      String identity,
      Fence fence,
      InstantSource clock,
      Runnable lost) {
    var lock = new LeaseLock(namespace, name, identity, fence, clock, System::nanoTime);
    var leadership = new Leadership(client, lock, fence, lost);
    leadership.contest = leadership.elector.start();
    return leadership;
  }

  private void lead() {
    log.info("leads: {} holds the {}", lock.identity(), lock.describe());
    // First of all: a leader that has no time left is told so by the watch.
    leading = true;
    threads.execute(this::watch);
    decided.countDown();
  }

  /** The leader's one deadline, by the monotonic clock: the wall clock may be set. */
  private void watch() {
    while (!ended.get()) {
      Duration left = fence.remaining();
      if (!left.isPositive()) {
        lose();
        return;
      }
      LockSupport.parkNanos(left.toNanos());
    }
  }

  private void lose() {
    if (leading && ended.compareAndSet(false, true)) {
      fence.shut();
      try {
        // Where the log hangs the process has to end all the same, or it would keep the lease.
        CompletableFuture.runAsync(this::tellLoss, threads)
            .completeOnTimeout(null, 1, TimeUnit.SECONDS)
            .join();
      } finally {
        lost.run();
      }
    }
  }

  private void tellLoss() {
    log.error(
        "the {} is lost{}: this replica ends, and stands by when it is started anew",
        lock.describe(),
        lock.trouble().map(why -> " (" + why + ")").orElse(""));
  }

  private void follow(@Nullable String holder) {
    leader = holder;
    if (holder != null && !holder.equals(lock.identity())) {
      log.info("stands by: {} holds the {}", holder, lock.describe());
    }
  }

  /**
   * Waits until this replica leads.
   *
   * @return false where it stopped before it did
   */
  public boolean await() throws InterruptedException {
    decided.await();
    return !ended.get();
  }

  /** What this replica does, in a few words. */
  public String role() {
    if (fence.isOpen()) {
      return "ok: leads";
    }
    String standby =
        "ok: stands by, "
            + Optional.ofNullable(leader).map(holder -> holder + " leads").orElse("nobody leads");
    return lock.trouble()
        .map(why -> standby + "; the " + lock.describe() + " cannot be used: " + why)
        .orElse(standby);
  }

  /** Lets no more of those go on that wait for this replica to lead. Who leads goes on leading. */
  public void standDown() {
    if (!leading) {
      ended.set(true);
      decided.countDown();
    }
  }

  /** Lets the lease go, after the last effect: from now on another replica may act. */
  @Override
  public void close() {
    ended.set(true);
    decided.countDown();
    fence.shut();
    CompletableFuture<?> running = contest;
    if (running != null) {
      running.cancel(true);
    }
    try {
      if (elector.release()) {
        log.info("has let the {} go", lock.describe());
      }
    } catch (KubernetesClientException e) {
      log.warn("the {} could not be let go, and runs out: {}", lock.describe(), ApiRefusal.text(e));
    }
    threads.shutdownNow();
    client.close();
  }
}
