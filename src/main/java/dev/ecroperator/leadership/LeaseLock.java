package dev.ecroperator.leadership;

import static java.net.HttpURLConnection.HTTP_CONFLICT;

import dev.ecroperator.cluster.ApiRefusal;
import dev.ecroperator.convergence.Fence;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import io.fabric8.kubernetes.client.utils.Utils;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease as the client's elector takes and renews it, with three rules of ours:
 *
 * <ul>
 *   <li>Others' times are not believed. A lease counts as run out when <em>we</em> have seen it
 *       unchanged for its duration by our monotonic clock, as client-go does it: a replica whose
 *       wall clock is ahead must not take what is held.
 *   <li>Only who lets go frees a lease at once. One that was deleted or cleared by hand is still
 *       held until it has run out, since its holder does not know yet.
 *   <li>Every renewal opens the fence up to its own deadline, counted from before it was sent. One
 *       whose answer was lost does so when the lease is found as it wrote it.
 * </ul>
 */
final class LeaseLock implements Lock {
  private static final Logger log = LoggerFactory.getLogger(LeaseLock.class);

  /** For how long a holder that is not heard of keeps the lease. */
  static final Duration DURATION = Duration.ofSeconds(15);

  /**
   * For how long a renewal lets the holder act. What is sent at its end is answered or given up
   * within the timeout of one attempt (5 s, {@code AwsRegistries}), when the lease runs out.
   */
  static final Duration MAY_ACT = Duration.ofSeconds(10);

  /** How often it is renewed, however often the elector looks. */
  static final Duration RENEWED_EVERY = Duration.ofSeconds(2);

  /** What is written by who lets go. */
  private static final int RELEASED_SECONDS = 1;

  /** Stands for a holder whom somebody removed by hand. */
  private static final String UNKNOWN_HOLDER = "(removed by hand)";

  private final String namespace;
  private final String name;
  private final String identity;
  private final Fence fence;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * What was seen or written last, and when that was first known. One that was cleared by hand has
   * the holder {@link #UNKNOWN_HOLDER} here.
   */
  private @Nullable Lease known;

  private long knownSince;

  /** When the first write was sent of those whose answer is not known; null where there is none. */
  private @Nullable Long unanswered;

  /** Until then it is the caller's to tell. */
  private boolean reached;

  /** Written under the monitor, which is held for as long as a call takes; read without it. */
  private volatile @Nullable String trouble;

  /** A lock of the Lease {@code namespace/name}, which {@code identity} alone holds so named. */
  LeaseLock(
      String namespace,
      String name,
      String identity,
      Fence fence,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
    this.fence = fence;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
    if (isFresh()) {
      return record(Objects.requireNonNull(known));
    }
    Lease found = asked(() -> lease(client).get());
    if (found == null) {
      // Its holder goes on until it notices.
      return known == null || !isHeldByAnother(known) || hasRunOut(known) ? null : record(known);
    }
    if (known == null
        || !Objects.equals(
            found.getMetadata().getResourceVersion(), known.getMetadata().getResourceVersion())) {
      if (unanswered != null && isHeld(found)) {
        // It was stored, and the answer lost: that it is found is its answer.
        written(found, unanswered);
      } else {
        seen(found, nanoTime.getAsLong());
      }
    }
    return record(Objects.requireNonNull(known));
  }

  @Override
  public synchronized void create(KubernetesClient client, LeaderElectionRecord wanted) {
    long before = nanoTime.getAsLong();
    isSent(before);
    Lease lease = lease(wanted, null);
    written(asked(() -> client.resource(lease).create()), before);
  }

  @Override
  public synchronized void update(KubernetesClient client, LeaderElectionRecord wanted) {
    if (isFresh() && identity.equals(wanted.getHolderIdentity())) {
      return;
    }
    long before = nanoTime.getAsLong();
    isSent(before);
    Lease last = Objects.requireNonNull(known, "get or create comes first");
    Lease lease = lease(wanted, last.getMetadata().getResourceVersion());
    written(asked(() -> client.resource(lease).update()), before);
  }

  private void isSent(long now) {
    // Of several one may have been stored: the first lets us act for the shortest time.
    unanswered = unanswered == null ? Long.valueOf(now) : unanswered;
  }

  private void written(Lease stored, long before) {
    seen(stored, before);
    if (isHeld(stored)) {
      fence.openUntil(before + MAY_ACT.toNanos());
    }
  }

  private void seen(Lease stored, long since) {
    known = isCleared(stored) ? heldByUnknown(stored) : stored;
    knownSince = since;
    unanswered = null;
  }

  /** Whether we hold it, and have renewed it just now. */
  private boolean isFresh() {
    return known != null && isHeld(known) && age() < RENEWED_EVERY.toNanos();
  }

  private long age() {
    return nanoTime.getAsLong() - knownSince;
  }

  private boolean hasRunOut(Lease lease) {
    return age() > duration(lease).toNanos();
  }

  private boolean isHeld(Lease lease) {
    return identity.equals(holder(lease).orElse(null));
  }

  private boolean isHeldByAnother(Lease lease) {
    return holder(lease).filter(holder -> !holder.equals(identity)).isPresent();
  }

  private static Optional<String> holder(Lease lease) {
    return Optional.ofNullable(lease.getSpec())
        .map(LeaseSpec::getHolderIdentity)
        .filter(holder -> !holder.isEmpty());
  }

  /** Whether somebody removed the holder by hand: one who lets go says so by the duration. */
  private boolean isCleared(Lease lease) {
    if (holder(lease).isPresent()) {
      return false;
    }
    return seconds(lease)
        .map(seconds -> seconds > RELEASED_SECONDS)
        // The duration was removed, too: what is known tells whether there was a holder.
        .orElseGet(() -> known != null && holder(known).isPresent());
  }

  private static Lease heldByUnknown(Lease lease) {
    return new LeaseBuilder(lease)
        .editOrNewSpec()
        .withHolderIdentity(UNKNOWN_HOLDER)
        .endSpec()
        .build();
  }

  private static Optional<Integer> seconds(Lease lease) {
    return Optional.ofNullable(lease.getSpec()).map(LeaseSpec::getLeaseDurationSeconds);
  }

  private static Duration duration(Lease lease) {
    return seconds(lease).map(Duration::ofSeconds).orElse(DURATION);
  }

  /** The lease as the elector reads it: its age is what we have seen of it. */
  private LeaderElectionRecord record(Lease lease) {
    ZonedDateTime seen = clock.instant().minusNanos(age()).atZone(ZoneOffset.UTC);
    LeaseSpec spec = lease.getSpec();
    Integer transitions = spec == null ? null : spec.getLeaseTransitions();
    ZonedDateTime acquired = spec == null ? null : spec.getAcquireTime();
    return new LeaderElectionRecord(
        holder(lease).orElse(null),
        duration(lease),
        acquired == null ? seen : acquired,
        seen,
        transitions == null ? 0 : transitions);
  }

  /** The elector's own duration is none that others could wait for: see {@link Leadership}. */
  private static Duration duration(LeaderElectionRecord wanted) {
    return Utils.isNullOrEmpty(wanted.getHolderIdentity())
        ? Duration.ofSeconds(RELEASED_SECONDS)
        : DURATION;
  }

  private Lease lease(LeaderElectionRecord wanted, @Nullable String resourceVersion) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withResourceVersion(resourceVersion)
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(wanted.getHolderIdentity())
        .withLeaseDurationSeconds((int) duration(wanted).toSeconds())
        .withAcquireTime(wanted.getAcquireTime())
        .withRenewTime(wanted.getRenewTime())
        .withLeaseTransitions(wanted.getLeaderTransitions())
        .endSpec()
        .build();
  }

  private Resource<Lease> lease(KubernetesClient client) {
    return client.leases().inNamespace(namespace).withName(name);
  }

  /**
   * What keeps the lease from being read or written; empty while it can be. The same is told in the
   * log when it begins and when it ends. It waits for no call that is under way.
   */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  private <T> T asked(Supplier<T> call) {
    try {
      T answer = call.get();
      reached = true;
      if (trouble != null) {
        trouble = null;
        log.info("the {} can be used again", describe());
      }
      return answer;
    } catch (RuntimeException e) {
      // The elector ends without a word at any exception but its client's.
      KubernetesClientException failure =
          e instanceof KubernetesClientException known
              ? known
              : new KubernetesClientException(e.getMessage(), e);
      // A conflict says that another was quicker, which is no trouble.
      if (failure.getCode() != HTTP_CONFLICT) {
        String why = ApiRefusal.text(failure);
        if (trouble == null && reached) {
          log.warn("the {} cannot be used, trying on: {}", describe(), why);
        }
        trouble = why;
      }
      throw failure;
    }
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public String describe() {
    return "Lease " + namespace + "/" + name;
  }
}
