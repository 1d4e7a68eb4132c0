package dev.ecroperator.replication;

import static java.util.stream.Collectors.toSet;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Finding;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
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
   * @param isFresh whether what is known of the registry may be something else than before
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
   * Looks for one object. What is known of a destination stays where nothing can be seen of it for
   * now.
   *
   * @param known how far its destinations were, as far as is known of that manifest
   * @param maxAge how old what is shared may be
   */
  Seen look(DesiredReplication desired, List<DestinationProgress> known, Duration maxAge) {
    NavigableSet<String> repositories;
    try {
      repositories = registry.repositoryNames(maxAge);
    } catch (CallFailedException e) {
      return new Seen(
          null,
          judge(desired, List.of(), known),
          e.failure().finding(),
          false,
          !RegistrySampler.isOutage(e.kind()));
    }
    boolean forgotten = sampler.keepOnly(repositories::contains);
    Reach reach = Reach.of(desired, repositories);
    Set<String> failing =
        known.stream()
            .flatMap(destination -> destination.failures().stream())
            .map(DestinationProgress.Failed::repository)
            .collect(toSet());
    RegistrySampler.Sample sample = sampler.sample(reach.matched(), failing, maxAge);
    return new Seen(
        reach,
        judge(desired, sample.images(), sample.isWhole() ? List.of() : known),
        sample.unseen(),
        // Who reaches nothing looks at nothing, and may be the only one left to tell that.
        forgotten || sample.isFresh() || reach.matched().isEmpty(),
        sample.complete());
  }

  /**
   * Judges each destination.
   *
   * @param otherwise what to say of those that no image was seen on its way to
   */
  private static List<DestinationProgress> judge(
      DesiredReplication desired, List<SampledImage> images, List<DestinationProgress> otherwise) {
    return desired.destinations().stream()
        .map(
            destination -> {
              DestinationProgress seen = DestinationProgress.of(destination, images);
              return otherwise.stream()
                  .filter(each -> seen.sampled() == 0 && each.destination().equals(destination))
                  .findFirst()
                  .orElse(seen);
            })
        .toList();
  }

  /**
   * Every destination that an image was seen on its way to, of all objects.
   *
   * @param replicating what those declare; what none of them reaches any more does not count
   */
  List<DestinationProgress> all(Collection<DesiredReplication> replicating) {
    var reached = new Prefixes(replicating.stream().flatMap(DesiredReplication::filters).toList());
    sampler.keepOnly(reached::match);
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
