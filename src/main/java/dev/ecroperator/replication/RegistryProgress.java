package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Finding;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** How far the replication of one registry is, for all objects that replicate from it. */
final class RegistryProgress {
  private final ReplicationRegistry registry;
  private final RegistrySampler sampler;

  /**
   * What was seen for one object.
   *
   * @param reach the repositories that it reaches; null where they could not be listed
   * @param destinations how far each of its destinations is
   * @param unseen why something could not be seen; null where all could
   * @param isFresh whether something is known now that was not before
   * @param complete whether all was looked at that should be
   */
  record Seen(
      @Nullable Reach reach,
      List<DestinationProgress> destinations,
      @Nullable Finding unseen,
      boolean isFresh,
      boolean complete) {}

  RegistryProgress(ReplicationRegistry registry, RegistrySampler sampler) {
    this.registry = registry;
    this.sampler = sampler;
  }

  /**
   * Looks for one object.
   *
   * @param maxAge how old what is shared may be
   */
  Seen look(DesiredReplication desired, Duration maxAge) {
    NavigableSet<String> repositories;
    try {
      repositories = registry.repositoryNames(maxAge);
    } catch (CallFailedException e) {
      return new Seen(null, judge(desired, List.of()), e.failure().finding(), false, true);
    }
    sampler.keepOnly(repositories);
    Reach reach = Reach.of(desired, repositories);
    RegistrySampler.Sample sample = sampler.sample(reach.matched(), maxAge);
    return new Seen(
        reach,
        judge(desired, sample.images()),
        sample.unseen(),
        sample.isFresh(),
        sample.complete());
  }

  private static List<DestinationProgress> judge(
      DesiredReplication desired, List<SampledImage> images) {
    return desired.destinations().stream()
        .map(destination -> DestinationProgress.of(destination, images))
        .toList();
  }

  /** Every destination that an image was seen on its way to, of all objects. */
  List<DestinationProgress> all() {
    List<SampledImage> seen = sampler.seen();
    return seen.stream()
        .flatMap(sampled -> sampled.arrivals().stream())
        .map(Arrival::destination)
        .distinct()
        .sorted()
        .map(destination -> DestinationProgress.of(destination, seen))
        .toList();
  }
}
