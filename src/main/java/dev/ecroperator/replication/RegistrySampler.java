package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the newest images of a registry's repositories, within a budget of calls, for all
 * objects that replicate from it. No list tells how far images are, so that each look costs a call:
 * what was seen is shared, and those that are under way are looked at again first.
 */
final class RegistrySampler {
  /** How many images one sample has at most. */
  static final int IMAGES = 20;

  /** How old a look may be at what was under way. */
  static final Duration UNDER_WAY = Duration.ofSeconds(10);

  private final ReplicationRegistry registry;
  private final InstantSource clock;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Map<String, Look> looks = new HashMap<>();

  /**
   * A look at a repository.
   *
   * @param depth how many images were asked for
   */
  private record Look(Instant at, int depth, List<SampledImage> images) {
    boolean isUnderWay() {
      return images.stream().anyMatch(SampledImage::isUnderWay);
    }
  }

  /**
   * What was seen.
   *
   * @param images the images of the repositories that were sampled
   * @param isFresh whether anything was looked at for it, and not only remembered
   * @param complete whether all was looked at that should be; if not, the budget is used up for now
   * @param unseen why something could not be seen; null where all could
   */
  record Sample(
      List<SampledImage> images, boolean isFresh, boolean complete, @Nullable Finding unseen) {}

  RegistrySampler(ReplicationRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Samples some of the repositories, other ones each time.
   *
   * @param repositories those to choose from
   * @param maxAge how old a look may be that is served again, where nothing was under way
   */
  Sample sample(Collection<String> repositories, Duration maxAge) {
    turn.lock();
    try {
      int each = Math.max(1, IMAGES / Math.clamp(repositories.size(), 1, IMAGES));
      boolean isFresh = false;
      boolean complete = true;
      Finding unseen = null;
      List<SampledImage> images = new ArrayList<>();
      for (String repository : chosen(repositories)) {
        if (isDue(looks.get(repository), each, maxAge)) {
          isFresh = true;
          try {
            complete &= look(repository, each);
          } catch (CallFailedException e) {
            unseen = e.failure().finding();
          }
        }
        Look look = looks.get(repository);
        if (look != null) {
          images.addAll(look.images());
        }
      }
      return new Sample(List.copyOf(images), isFresh, complete, unseen);
    } finally {
      turn.unlock();
    }
  }

  /** What was under way comes first, then what was never looked at, or not for long. */
  private List<String> chosen(Collection<String> repositories) {
    return repositories.stream()
        .sorted(
            Comparator.comparing((String name) -> !isUnderWay(name))
                .thenComparing(this::lookedAt)
                .thenComparing(Comparator.naturalOrder()))
        .limit(IMAGES)
        .toList();
  }

  private boolean isUnderWay(String repository) {
    Look look = looks.get(repository);
    return look != null && look.isUnderWay();
  }

  private Instant lookedAt(String repository) {
    Look look = looks.get(repository);
    return look == null ? Instant.MIN : look.at();
  }

  private boolean isDue(@Nullable Look look, int depth, Duration maxAge) {
    if (look == null || look.depth() < depth) {
      return true;
    }
    Duration kept = look.isUnderWay() && UNDER_WAY.compareTo(maxAge) < 0 ? UNDER_WAY : maxAge;
    return !look.at().plus(kept).isAfter(clock.instant());
  }

  /**
   * Looks at a repository's newest images.
   *
   * @return whether the budget sufficed; what was seen until then counts
   */
  private boolean look(String repository, int depth) {
    Instant now = clock.instant();
    if (!registry.mayLook()) {
      return false;
    }
    List<SampledImage> images = new ArrayList<>();
    boolean complete = true;
    try {
      for (PushedImage image : registry.newestImages(repository, depth)) {
        if (!registry.mayLook()) {
          complete = false;
          break;
        }
        images.add(
            new SampledImage(repository, image, registry.arrivals(repository, image.digest())));
      }
    } catch (CallFailedException e) {
      // Deleted meanwhile, the repository or the image: there is nothing to judge by.
      if (e.kind() != Failure.Kind.ABSENT) {
        throw e;
      }
    }
    looks.put(repository, new Look(now, complete ? depth : images.size(), List.copyOf(images)));
    return complete;
  }

  /** Forgets repositories that the registry has no more. */
  void keepOnly(Set<String> repositories) {
    turn.lock();
    try {
      looks.keySet().retainAll(repositories);
    } finally {
      turn.unlock();
    }
  }

  /** Every image that was looked at last. */
  List<SampledImage> seen() {
    turn.lock();
    try {
      return looks.values().stream().flatMap(look -> look.images().stream()).toList();
    } finally {
      turn.unlock();
    }
  }
}
