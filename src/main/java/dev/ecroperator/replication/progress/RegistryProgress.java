package dev.ecroperator.replication.progress;

import static java.util.stream.Collectors.toSet;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.replication.merge.Registry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** How far the replication of one registry is, for all objects that replicate from it. */
public final class RegistryProgress {
  /** How soon it is worth to look again where images are under way. */
  public static final Duration UNDER_WAY = RegistrySampler.UNDER_WAY;

  private final ImageRegistry registry;
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
  public record Seen(
      @Nullable Reach reach,
      List<DestinationProgress> destinations,
      @Nullable Finding unseen,
      boolean isFresh,
      boolean complete) {}

  /**
   * The progress of a registry of which nothing was seen yet.
   *
   * @param failureKept how long a registry that did not answer is left alone
   */
  public RegistryProgress(ImageRegistry registry, Duration failureKept, InstantSource clock) {
    this.registry = registry;
    this.sampler = new RegistrySampler(registry, failureKept, clock);
  }

  /**
   * Looks for one object. What is known of a destination stays where nothing can be seen of it for
   * now.
   *
   * @param selection which repositories it declares
   * @param destinations where it declares them to be replicated to
   * @param known how far its destinations were, as far as is known of that manifest
   * @param maxAge how old what is shared may be
   */
  public Seen look(
      Selection selection,
      SortedSet<Registry> destinations,
      List<DestinationProgress> known,
      Duration maxAge) {
    NavigableSet<String> repositories;
    try {
      repositories = registry.repositoryNames(maxAge);
    } catch (CallFailedException e) {
      return new Seen(
          null,
          judge(destinations, List.of(), known),
          e.failure().finding(),
          false,
          !RegistrySampler.isOutage(e.kind()));
    }
    boolean forgotten = sampler.keepOnly(repositories::contains);
    Reach reach = Reach.of(selection, repositories);
    Set<String> failing =
        known.stream()
            .flatMap(destination -> destination.failures().stream())
            .map(DestinationProgress.Failed::repository)
            .collect(toSet());
    RegistrySampler.Sample sample = sampler.sample(reach.matched(), failing, maxAge);
    return new Seen(
        reach,
        judge(destinations, sample.images(), sample.isWhole() ? List.of() : known),
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
      SortedSet<Registry> destinations,
      List<SampledImage> images,
      List<DestinationProgress> otherwise) {
    return destinations.stream()
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
   * @param replicating what those select; what none of them reaches any more does not count
   */
  public List<DestinationProgress> all(Collection<Selection> replicating) {
    var reached = new Prefixes(replicating.stream().flatMap(Selection::filters).toList());
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
