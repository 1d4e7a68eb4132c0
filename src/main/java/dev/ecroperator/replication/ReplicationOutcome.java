package dev.ecroperator.replication;

import dev.ecroperator.convergence.Finding;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.progress.DestinationProgress;
import dev.ecroperator.replication.progress.DestinationState;
import dev.ecroperator.replication.progress.Reach;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pass came to for one object.
 *
 * @param source the registry that replicates
 * @param standing what the object says in the registry's configuration
 * @param findings what keeps that from being what it declares
 * @param restored whether its rules were missing and were put back
 * @param reach the repositories that it reaches; null where they could not be listed
 * @param destinations how far replication is, destination by destination
 * @param unseen why that could not be seen, or not all of it; null where it could
 */
record ReplicationOutcome(
    Registry source,
    Standing standing,
    List<Finding> findings,
    boolean restored,
    @Nullable Reach reach,
    List<DestinationProgress> destinations,
    @Nullable Finding unseen) {

  /** How the whole stands: the gravest of the destinations. */
  DestinationState state() {
    return destinations.stream()
        .map(DestinationProgress::state)
        .min(DestinationState::compareTo)
        .orElse(DestinationState.UNVERIFIED);
  }

  /** Whether images are on their way to one of the destinations, however the others stand. */
  boolean isUnderWay() {
    return destinations.stream().anyMatch(each -> each.state() == DestinationState.REPLICATING);
  }
}
