package dev.ecroperator.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.aws.AwsRegistries;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.proxy.ConnectedSimulator;
import dev.ecroperator.simulator.proxy.Fault;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseLockTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final AtomicLong nanos = new AtomicLong(1_000);

  /** Goes with the monotonic clock here; what others wrote was by clocks of theirs. */
  private final InstantSource clock = () -> NOW.plusNanos(nanos.get());

  private final Fence fence = new Fence(nanos::get);
  private final LeaseLock lock = lock("us", fence);

  private ConnectedSimulator cluster;
  private KubernetesClient client;

  @BeforeEach
  void start() throws Exception {
    cluster = ConnectedSimulator.start();
    client = cluster.client();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private LeaseLock lock(String identity, Fence of) {
    return new LeaseLock("default", "ecr-operator", identity, of, clock, nanos::get);
  }

  @Test
  void noLeaseIsToBeCreated() {
    assertThat(lock.get(client)).isNull();
    lock.create(client, wanted("us"));
    assertThat(stored().getSpec().getHolderIdentity()).isEqualTo("us");
    assertThat(fence.remaining()).isEqualTo(LeaseLock.MAY_ACT);
  }

  @Test
  void aLeaseThatLooksOldIsHeldUntilWeHaveSeenItStandStill() {
    // Its holder's clock is an hour behind ours.
    store("another", 15, NOW.minus(Duration.ofHours(1)));
    assertThat(isFree(lock.get(client))).isFalse();
    pass(Duration.ofSeconds(14));
    assertThat(isFree(lock.get(client))).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(isFree(lock.get(client))).isTrue();
  }

  @Test
  void aRenewalThatWeSeeBeginsAnew() {
    store("another", 15, NOW);
    lock.get(client);
    pass(Duration.ofSeconds(14));
    edit(lease -> lease.getSpec().setRenewTime(at(NOW.plusSeconds(1))));
    lock.get(client);
    pass(Duration.ofSeconds(14));
    assertThat(isFree(lock.get(client))).isFalse();
  }

  @Test
  void aLeaseThatSomebodyDeletesIsHeldUntilItHasRunOut() {
    store("another", 15, NOW);
    lock.get(client);
    client.resource(stored()).delete();
    pass(Duration.ofSeconds(10));
    LeaderElectionRecord seen = lock.get(client);
    assertThat(seen).isNotNull();
    assertThat(isFree(seen)).isFalse();
    pass(Duration.ofSeconds(6));
    assertThat(lock.get(client)).isNull();
  }

  @ParameterizedTest
  @MethodSource("clearings")
  void aLeaseThatSomebodyClearsIsHeldUntilItHasRunOut(Consumer<Lease> clearing) {
    store("another", 15, NOW);
    lock.get(client);
    pass(Duration.ofSeconds(10));
    edit(clearing);
    assertThat(isFree(lock.get(client))).isFalse();
    pass(Duration.ofSeconds(14));
    assertThat(isFree(lock.get(client))).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(isFree(lock.get(client))).isTrue();
  }

  static Stream<Consumer<Lease>> clearings() {
    return Stream.of(
        lease -> lease.getSpec().setHolderIdentity(null),
        lease -> lease.getSpec().setHolderIdentity(""),
        lease -> {
          lease.getSpec().setHolderIdentity(null);
          lease.getSpec().setLeaseDurationSeconds(null);
        },
        lease -> lease.setSpec(null));
  }

  @Test
  void aLeaseThatSomebodyClearsAgainAndAgainRunsOutAfterTheLastTime() {
    store("another", 15, NOW);
    lock.get(client);
    edit(lease -> lease.setSpec(null));
    lock.get(client);
    pass(Duration.ofSeconds(10));
    edit(lease -> lease.getMetadata().setLabels(Map.of("cleared", "again")));
    lock.get(client);
    pass(Duration.ofSeconds(10));
    assertThat(isFree(lock.get(client))).isFalse();
  }

  @Test
  void aLeaseThatNobodyWasKnownToHoldIsFree() {
    store("another", 15, NOW);
    edit(lease -> lease.setSpec(null));
    assertThat(isFree(lock.get(client))).isTrue();
  }

  @Test
  void aLeaseThatWasLetGoAndThenClearedIsFree() {
    store("another", 15, NOW);
    lock.get(client);
    edit(
        lease -> {
          lease.getSpec().setHolderIdentity(null);
          lease.getSpec().setLeaseDurationSeconds(1);
        });
    lock.get(client);
    edit(lease -> lease.setSpec(null));
    assertThat(isFree(lock.get(client))).isTrue();
  }

  @Test
  void aLeaseThatWasLetGoIsFreeAtOnce() {
    LeaseLock other = lock("another", new Fence(nanos::get));
    other.create(client, wanted("another"));
    assertThat(isFree(lock.get(client))).isFalse();
    other.update(client, released());
    assertThat(isFree(lock.get(client))).isTrue();
  }

  @Test
  void theCreationOpensTheFenceFromBeforeItWasSent() throws Exception {
    lock.get(client);
    assertThatWaitingForTheAnswerCounts("create", () -> lock.create(client, wanted("us")));
  }

  @Test
  void aRenewalOpensTheFenceFromBeforeItWasSent() throws Exception {
    hold();
    pass(Duration.ofSeconds(4));
    assertThatWaitingForTheAnswerCounts("update", this::renew);
  }

  /** The request may have been done at its start: from then on others count, and so must we. */
  private void assertThatWaitingForTheAnswerCounts(String verb, Runnable request) throws Exception {
    Duration waited = Duration.ofSeconds(3);
    Fault slow = cluster.faults().on(verb, "leases").hold();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<?> sent = executor.submit(request);
      assertThat(slow.awaitArrival(PATIENCE)).isTrue();
      pass(waited);
      slow.release();
      sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(fence.remaining()).isEqualTo(LeaseLock.MAY_ACT.minus(waited));
    pass(LeaseLock.MAY_ACT.minus(waited));
    assertThat(fence.isOpen()).isFalse();
  }

  @Test
  void whatIsSentAtTheLastMomentIsAnsweredOrGivenUpBeforeTheLeaseRunsOut() {
    assertThat(LeaseLock.MAY_ACT.plus(AwsRegistries.ATTEMPT_TIMEOUT))
        .isLessThanOrEqualTo(LeaseLock.DURATION);
  }

  /** The elector's own is no deadline: see {@code Leadership}. */
  @Test
  void othersWaitForAsLongAsALeaseLastsWhateverTheElectorMeans() {
    lock.get(client);
    lock.create(client, wanted("us", Duration.ofDays(365_000)));
    assertThat(stored().getSpec().getLeaseDurationSeconds()).isEqualTo(15);
    pass(Duration.ofSeconds(4));
    lock.get(client);
    lock.update(client, wanted("us", Duration.ofDays(365_000)));
    assertThat(stored().getSpec().getLeaseDurationSeconds()).isEqualTo(15);
    lock.update(client, released());
    assertThat(stored().getSpec().getLeaseDurationSeconds()).isEqualTo(1);
  }

  @Test
  void whatTheTroubleIsCanBeAskedWhileACallHangs() throws Exception {
    lock.get(client);
    Fault hanging = cluster.faults().on("create", "leases").hold();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<?> sent = executor.submit(() -> lock.create(client, wanted("us")));
      assertThat(hanging.awaitArrival(PATIENCE)).isTrue();
      try {
        assertThat(executor.submit(lock::trouble).get(5, TimeUnit.SECONDS)).isEmpty();
        assertThat(sent.isDone()).isFalse();
      } finally {
        hanging.release();
      }
      sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void itIsRenewedNoMoreOftenThanNeeded() {
    hold();
    String version = stored().getMetadata().getResourceVersion();
    pass(Duration.ofMillis(1_500));
    renew();
    assertThat(stored().getMetadata().getResourceVersion()).isEqualTo(version);
    pass(Duration.ofSeconds(1));
    renew();
    assertThat(stored().getMetadata().getResourceVersion()).isNotEqualTo(version);
  }

  @Test
  void ofTwoThatTakeItOneGetsIt() {
    store("gone", 15, NOW);
    Fence othersFence = new Fence(nanos::get);
    LeaseLock other = lock("another", othersFence);
    lock.get(client);
    other.get(client);
    pass(Duration.ofSeconds(16));
    lock.get(client);
    other.get(client);
    other.update(client, wanted("another"));
    assertThatThrownBy(() -> lock.update(client, wanted("us")))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(othersFence.isOpen()).isTrue();
    assertThat(fence.isOpen()).isFalse();
    // To come second is no trouble.
    assertThat(lock.trouble()).isEmpty();
  }

  @Test
  void aRenewalWithoutAnswerOpensNothing() {
    hold();
    pass(Duration.ofSeconds(4));
    Duration left = fence.remaining();
    cluster.close();
    assertThatThrownBy(this::renew).isInstanceOf(KubernetesClientException.class);
    assertThat(fence.remaining()).isEqualTo(left);
    assertThat(lock.trouble()).isPresent();
  }

  @Test
  void anAcquisitionWhoseAnswerWasLostOpensTheFenceFromWhenItWasSent() {
    store("gone", 15, NOW);
    lock.get(client);
    pass(Duration.ofSeconds(16));
    lock.get(client);
    assertThatALostAnswerIsFound("update", () -> lock.update(client, wanted("us")));
  }

  @Test
  void aCreationWhoseAnswerWasLostOpensTheFenceFromWhenItWasSent() {
    lock.get(client);
    assertThatALostAnswerIsFound("create", () -> lock.create(client, wanted("us")));
  }

  @Test
  void aRenewalWhoseAnswerWasLostOpensTheFenceFromWhenItWasSent() {
    hold();
    pass(Duration.ofSeconds(4));
    assertThatALostAnswerIsFound("update", this::renew);
  }

  private void assertThatALostAnswerIsFound(String verb, Runnable request) {
    Duration waited = Duration.ofSeconds(1);
    cluster.faults().on(verb, "leases").loseAnswer();
    assertThatThrownBy(request::run).isInstanceOf(KubernetesClientException.class);
    pass(waited);
    assertThat(lock.get(client)).isNotNull();
    assertThat(fence.remaining()).isEqualTo(LeaseLock.MAY_ACT.minus(waited));
  }

  /** It counts as held from when we see it, not from when our own write was sent. */
  @Test
  void whatAnotherTookWhileOurWriteWasWithoutAnswerIsNotOlderForIt() {
    store("gone", 15, NOW);
    lock.get(client);
    pass(Duration.ofSeconds(16));
    lock.get(client);
    cluster.faults().on("update", "leases").answer(500);
    assertThatThrownBy(() -> lock.update(client, wanted("us")));
    edit(lease -> lease.getSpec().setHolderIdentity("another"));
    pass(Duration.ofSeconds(10));

    lock.get(client);
    pass(Duration.ofSeconds(14));
    assertThat(isFree(lock.get(client))).isFalse();
    assertThat(fence.isOpen()).isFalse();
  }

  @Test
  void whatSomebodyEditsOfOurLeaseIsNoRenewal() {
    hold();
    pass(Duration.ofSeconds(4));
    edit(lease -> lease.getMetadata().setLabels(Map.of("somebody", "edits")));
    lock.get(client);
    assertThat(fence.remaining()).isEqualTo(LeaseLock.MAY_ACT.minusSeconds(4));
  }

  @Test
  void whoLetsGoGainsNoTime() {
    hold();
    pass(Duration.ofSeconds(4));
    lock.get(client);
    lock.update(client, released());
    assertThat(fence.remaining()).isEqualTo(LeaseLock.MAY_ACT.minusSeconds(4));
  }

  @Test
  void ofOurOwnThatSomebodyDeletesThereIsNothingToWaitFor() {
    hold();
    pass(Duration.ofSeconds(4));
    client.resource(stored()).delete();
    assertThat(lock.get(client)).isNull();
  }

  @Test
  void whatItsHolderKeepsForLongerIsHeldForAsLong() {
    store("another", 60, NOW);
    lock.get(client);
    client.resource(stored()).delete();
    pass(Duration.ofSeconds(59));
    assertThat(lock.get(client)).isNotNull();
    pass(Duration.ofSeconds(2));
    assertThat(lock.get(client)).isNull();
  }

  @Test
  void troubleThatIsOverIsToldNoMore() {
    cluster.faults().on("get", "leases").answer(500);
    assertThatThrownBy(() -> lock.get(client));
    assertThat(lock.trouble()).isPresent();
    lock.get(client);
    assertThat(lock.trouble()).isEmpty();
  }

  @Test
  void ofSeveralWritesWithoutAnswerTheFirstCounts() {
    lock.get(client);
    cluster.faults().on("create", "leases").loseAnswer();
    assertThatThrownBy(() -> lock.create(client, wanted("us")));
    pass(Duration.ofSeconds(3));
    cluster.faults().on("create", "leases").answer(500);
    assertThatThrownBy(() -> lock.create(client, wanted("us")));
    lock.get(client);
    assertThat(fence.remaining()).isEqualTo(LeaseLock.MAY_ACT.minusSeconds(3));
  }

  private void hold() {
    lock.get(client);
    lock.create(client, wanted("us"));
  }

  private void renew() {
    lock.get(client);
    lock.update(client, wanted("us"));
  }

  private LeaderElectionRecord wanted(String holder) {
    return wanted(holder, LeaseLock.DURATION);
  }

  private LeaderElectionRecord wanted(String holder, Duration duration) {
    return new LeaderElectionRecord(holder, duration, at(clock.instant()), at(clock.instant()), 1);
  }

  private LeaderElectionRecord released() {
    return new LeaderElectionRecord(
        null, Duration.ofSeconds(1), at(clock.instant()), at(clock.instant()), 1);
  }

  /** As the elector decides whether it may take the lease. */
  private boolean isFree(@Nullable LeaderElectionRecord seen) {
    return seen == null
        || seen.getHolderIdentity() == null
        || at(clock.instant()).isAfter(seen.getRenewTime().plus(seen.getLeaseDuration()));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void store(String holder, int seconds, Instant renewed) {
    client
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("ecr-operator")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(seconds)
                .withAcquireTime(at(renewed))
                .withRenewTime(at(renewed))
                .endSpec()
                .build())
        .create();
  }

  private void edit(Consumer<Lease> change) {
    Lease lease = stored();
    change.accept(lease);
    client.resource(lease).update();
  }

  private Lease stored() {
    return client.leases().inNamespace("default").withName("ecr-operator").get();
  }

  private static ZonedDateTime at(Instant instant) {
    return instant.atZone(ZoneOffset.UTC);
  }
}
