package dev.ecroperator.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.proxy.ConnectedSimulator;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LeadershipTest {
  @Test
  void whoGotTheLeaseAndNotTheAnswerLeadsAllTheSame() throws Exception {
    try (var cluster = ConnectedSimulator.start()) {
      cluster.faults().on("create", "leases").loseAnswer();
      var fence = new Fence(System::nanoTime);
      try (var leadership =
          Leadership.contend(
              cluster.client(),
              "default",
              "ecr-operator",
              "us",
              fence,
              InstantSource.system(),
              () -> {})) {
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
        var leadership =
            Leadership.contend(
                cluster.client(),
                "default",
                "ecr-operator",
                "us",
                new Fence(System::nanoTime),
                InstantSource.system(),
                lost::countDown)) {
      assertThat(leadership.await()).isTrue();
      logger.addAppender(hanging);
      try {
        cluster.client().leases().withName("ecr-operator").edit(LeadershipTest::rob);

        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
      } finally {
        hanging.released.countDown();
        logger.detachAppender(hanging);
      }
    }
  }

  private static Lease rob(Lease lease) {
    lease.getSpec().setHolderIdentity("another");
    return lease;
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
