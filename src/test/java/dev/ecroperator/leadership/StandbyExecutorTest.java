package dev.ecroperator.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.proxy.ConnectedSimulator;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StandbyExecutorTest {
  private final CountDownLatch ran = new CountDownLatch(1);
  private final AtomicReference<Thread> waits = new AtomicReference<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          task -> {
            Thread thread = Thread.ofVirtual().unstarted(task);
            waits.set(thread);
            return thread;
          });
  private ConnectedSimulator cluster;
  private Leadership leadership;
  private ExecutorService executor;

  @BeforeEach
  void standBy() throws Exception {
    cluster = ConnectedSimulator.start();
    cluster.client().resource(LeadershipTest.heldByAnother()).create();
    leadership = LeadershipTest.contend(cluster, new Fence(System::nanoTime), () -> {});
    executor = new StandbyExecutor(threads, leadership);
    executor.execute(ran::countDown);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> waits.get().getState() == Thread.State.WAITING);
  }

  @AfterEach
  void close() {
    executor.shutdownNow();
    leadership.close();
    cluster.close();
  }

  @Test
  void tasksWaitForThisReplicaToLead() throws Exception {
    assertThat(ran.getCount()).isEqualTo(1);

    LeadershipTest.edit(
        cluster,
        lease -> {
          lease.getSpec().setHolderIdentity("");
          lease.getSpec().setLeaseDurationSeconds(1);
        });

    assertThat(ran.await(1, TimeUnit.MINUTES)).isTrue();
    var atOnce = new CountDownLatch(1);
    executor.execute(atOnce::countDown);
    assertThat(atOnce.await(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void tasksOfAReplicaThatStopsBeforeItLeadsAreNotRun() throws Exception {
    leadership.standDown();

    executor.shutdown();
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(ran.getCount()).isEqualTo(1);
  }

  @Test
  void tasksThatWaitAreStoppedWithTheExecutor() throws Exception {
    executor.shutdownNow();

    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(ran.getCount()).isEqualTo(1);
  }
}
