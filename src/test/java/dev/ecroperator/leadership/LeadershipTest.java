package dev.ecroperator.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.proxy.ConnectedSimulator;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LeadershipTest {
  @Test
  void whoGotTheLeaseAndNotTheAnswerLeadsAllTheSame() throws Exception {
    try (var cluster = ConnectedSimulator.start()) {
      cluster.faults().on("create", "leases").loseAnswer();
      var fence = new Fence(System::nanoTime);
      try (var leadership = contend(cluster, fence, () -> {})) {
        assertThat(leadership.await()).isTrue();
        assertThat(leadership.role()).isEqualTo("ok: leads");
      }
    }
  }

  /** It takes them by the wall clock, which may be set forward by hours. */
  @Test
  void theElectorsOwnDeadlinesAreNotReachedInThisMillennium() {
    var election =
        Leadership.election(
            new LeaseLock(
                "default",
                "ecr-operator",
                "us",
                new Fence(System::nanoTime),
                InstantSource.system(),
                System::nanoTime),
            new LeaderCallbacks(() -> {}, () -> {}, holder -> {}));
    assertThat(election.getRenewDeadline()).isGreaterThan(Duration.ofDays(365_000));
    assertThat(election.getLeaseDuration()).isGreaterThan(election.getRenewDeadline());
  }

  @Test
  void aLeaderThatIsRobbedEndsThoughItsLogHangs() throws Exception {
    var logger = (Logger) LoggerFactory.getLogger(Leadership.class);
    var hanging = new HangingAppender();
    hanging.start();
    var lost = new CountDownLatch(1);
    try (var cluster = ConnectedSimulator.start();
        var leadership = contend(cluster, new Fence(System::nanoTime), lost::countDown)) {
      assertThat(leadership.await()).isTrue();
      logger.addAppender(hanging);
      try {
        edit(cluster, lease -> lease.getSpec().setHolderIdentity("another"));

        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
      } finally {
        hanging.released.countDown();
        logger.detachAppender(hanging);
      }
    }
  }

  /** Others may act as soon as the lease is theirs, which this one's deadline knows nothing of. */
  @Test
  void aLeaderThatIsRobbedIsFencedBeforeAnybodyIsTold() throws Exception {
    var fence = new Fence(System::nanoTime);
    var open = new CompletableFuture<Boolean>();
    try (var cluster = ConnectedSimulator.start();
        var leadership = contend(cluster, fence, () -> open.complete(fence.isOpen()))) {
      assertThat(leadership.await()).isTrue();
      edit(cluster, lease -> lease.getSpec().setHolderIdentity("another"));

      assertThat(open.get(1, TimeUnit.MINUTES)).isFalse();
      assertThat(leadership.role()).startsWith("ok: stands by");
    }
  }

  /** A fence by a clock that is ahead: it closes a second after each renewal, before the next. */
  private static Fence hasty() {
    long ahead = LeaseLock.MAY_ACT.minusSeconds(1).toNanos();
    return new Fence(() -> System.nanoTime() + ahead);
  }

  /** A fence by a clock that is behind: it closes an hour after the last renewal. */
  private static Fence unhurried() {
    return new Fence(() -> System.nanoTime() - Duration.ofHours(1).toNanos());
  }

  @Test
  void aLeaderWhoseTimeIsOverEnds() throws Exception {
    var lost = new CountDownLatch(1);
    try (var cluster = ConnectedSimulator.start();
        var leadership = contend(cluster, hasty(), lost::countDown)) {
      assertThat(leadership.await()).isTrue();
      assertThat(lost.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void aLeaderThatRenewsItsLeaseLeadsOn() throws Exception {
    var lost = new CountDownLatch(1);
    // The creation and a renewal.
    var writes = new CountDownLatch(2);
    try (var cluster = ConnectedSimulator.start()) {
      cluster.faults().over(new LeaseWrites(writes::countDown));
      try (var leadership = contend(cluster, unhurried(), lost::countDown)) {
        assertThat(leadership.await()).isTrue();
        assertThat(writes.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(leadership.role()).isEqualTo("ok: leads");
      }
    }
    assertThat(lost.getCount()).as("nor has who lets go lost anything").isEqualTo(1);
  }

  @Test
  void whoLetsTheLeaseGoIsFencedBefore() throws Exception {
    Fence fence = unhurried();
    Queue<Boolean> open = new ConcurrentLinkedQueue<>();
    try (var cluster = ConnectedSimulator.start()) {
      try (var leadership = contend(cluster, fence, () -> {})) {
        assertThat(leadership.await()).isTrue();
        assertThat(fence.isOpen()).isTrue();
        cluster.faults().over(new LeaseWrites(() -> open.add(fence.isOpen())));
      }
      assertThat(cluster.server().get("leases", "default", "ecr-operator"))
          .hasValueSatisfying(
              lease -> assertThat(lease.at("/spec/holderIdentity").asText("")).isEmpty());
    }
    // What came before may be a renewal.
    assertThat(List.copyOf(open)).endsWith(false);
  }

  @Test
  void whoStandsByAndIsToStandDownWaitsNoMore() throws Exception {
    var lost = new CountDownLatch(1);
    try (var cluster = ConnectedSimulator.start()) {
      cluster.client().resource(heldByAnother()).create();
      try (var leadership = contend(cluster, new Fence(System::nanoTime), lost::countDown)) {
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(
                () -> assertThat(leadership.role()).isEqualTo("ok: stands by, another leads"));

        leadership.standDown();

        assertThat(leadership.await()).isFalse();
      }
    }
    assertThat(lost.getCount()).isEqualTo(1);
  }

  /** It is the last thing that stops: until then its effects need the lease. */
  @Test
  void aLeaderThatIsToStandDownIsStillToldOfItsLoss() throws Exception {
    var lost = new CountDownLatch(1);
    try (var cluster = ConnectedSimulator.start();
        var leadership = contend(cluster, new Fence(System::nanoTime), lost::countDown)) {
      assertThat(leadership.await()).isTrue();

      leadership.standDown();

      assertThat(leadership.await()).isTrue();
      edit(cluster, lease -> lease.getSpec().setHolderIdentity("another"));
      assertThat(lost.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  static Leadership contend(ConnectedSimulator cluster, Fence fence, Runnable lost) {
    return Leadership.contend(
        cluster.client(), "default", "ecr-operator", "us", fence, InstantSource.system(), lost);
  }

  static Lease heldByAnother() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("ecr-operator")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity("another")
        .withLeaseDurationSeconds(86_400)
        .endSpec()
        .build();
  }

  static void edit(ConnectedSimulator cluster, Consumer<Lease> change) {
    cluster
        .client()
        .leases()
        .withName("ecr-operator")
        .edit(
            lease -> {
              change.accept(lease);
              return lease;
            });
  }

  /** Has something done at each request to write the lease, right before it is done. */
  private record LeaseWrites(Runnable noted) implements Line {
    @Override
    public boolean carries(Request request) {
      if (request.changes()) {
        noted.run();
      }
      return true;
    }

    @Override
    public boolean returns(Request request) {
      return true;
    }
  }

  /** Takes an error, and returns when it is released. */
  private static final class HangingAppender extends AppenderBase<ILoggingEvent> {
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel() == Level.ERROR) {
        try {
          released.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
