package dev.ecroperator.replication.progress;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the newest images of a registry's repositories, within a budget of calls, for all
 * objects that replicate from it. No list tells how far images are, so that each look costs a call:
 * what was seen is remembered and shared, and some of it is looked at again each time.
 */
final class RegistrySampler {
  /** How many repositories are looked at for one sample at most, and how many images of one. */
  static final int IMAGES = 20;

  /** How old a look may be at what was under way. */
  static final Duration UNDER_WAY = Duration.ofSeconds(10);

  /**
   * How many calls there have to be for a look to begin: a list of images tells nothing before one
   * of them was asked about. Many that take one call each when it comes would never get to see any.
   */
  private static final int FIRST_LOOK = 2;

  /** The same where something was seen before: whoever has seen nothing yet comes to it first. */
  private static final int NEXT_LOOK = 4;

  /** How long another's look is waited for, which may hang. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ImageRegistry registry;
  private final Duration failureKept;
  private final InstantSource clock;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Map<String, Look> looks = new ConcurrentHashMap<>();

  /** Belongs to whoever has the turn. */
  private final LookBudget budget;

  private volatile Outage outage = new Outage(null, Instant.MIN);

  /** When the registry did not answer last. */
  private record Outage(@Nullable Finding finding, Instant at) {}

  /** What became of a look that was due. */
  private enum Attempt {
    DONE,
    /** Another has looked meanwhile. */
    SPARED,
    FAILED,
    /** The budget came to its end in the midst, or the registry did not answer. */
    CUT_SHORT,
    /** Not begun: for want of budget, of a registry that answers, or since another's look hangs. */
    PUT_OFF;

    boolean isBegun() {
      return this == DONE || this == FAILED || this == CUT_SHORT;
    }

    boolean isUnfinished() {
      return this == CUT_SHORT || this == PUT_OFF;
    }

    boolean goesOn() {
      return this == DONE || this == SPARED;
    }
  }

  /**
   * What is known.
   *
   * @param images the images of the repositories, each as it was seen last
   * @param isFresh whether something was looked at, and not only remembered
   * @param isWhole whether every repository was looked at, and the last look at it did not fail
   * @param complete whether nothing was put off that is to be looked at soon
   * @param unseen why something could not be seen; null where all could
   */
  record Sample(
      List<SampledImage> images,
      boolean isFresh,
      boolean isWhole,
      boolean complete,
      @Nullable Finding unseen) {}

  /**
   * A sampler that has seen nothing yet.
   *
   * @param failureKept how long a registry that did not answer is left alone
   */
  RegistrySampler(ImageRegistry registry, Duration failureKept, InstantSource clock) {
    this.registry = registry;
    this.budget = new LookBudget(registry);
    this.failureKept = failureKept;
    this.clock = clock;
  }

  /**
   * Tells what is known of the repositories, and looks at some of them before, other ones each
   * time.
   *
   * @param failing those that are known to have images that did not arrive
   * @param maxAge how old a look may be that is not taken again, where nothing was under way
   */
  Sample sample(SortedSet<String> repositories, Set<String> failing, Duration maxAge) {
    int depth = Math.max(1, IMAGES / Math.clamp(repositories.size(), 1, IMAGES));
    boolean isFresh = false;
    Attempt attempt = Attempt.DONE;
    for (String repository : chosen(repositories, failing)) {
      if (attempt.goesOn() && isDue(repository, depth, maxAge)) {
        attempt = lookInTurn(repository, depth, maxAge);
        isFresh |= attempt.isBegun();
      }
    }
    List<SampledImage> images = new ArrayList<>();
    boolean isWhole = true;
    Finding unseen = null;
    for (String repository : repositories) {
      Look look = look(repository);
      images.addAll(look.images());
      isWhole &= look.unseen() == null && look.depth() >= depth;
      unseen = unseen == null ? look.unseen() : unseen;
    }
    if (unseen == null && attempt.isUnfinished()) {
      unseen = outageKept(clock.instant());
    }
    return new Sample(List.copyOf(images), isFresh, isWhole, !attempt.isUnfinished(), unseen);
  }

  /**
   * Some of the repositories. Those that failed come first, for their owner may have mended it, but
   * are no more than half; then comes what was under way, what was never looked at, or not for
   * long.
   */
  private List<String> chosen(SortedSet<String> repositories, Set<String> failing) {
    // As they are at one moment: looks are taken meanwhile.
    Map<String, Look> known = new LinkedHashMap<>();
    repositories.forEach(repository -> known.put(repository, look(repository)));
    List<String> byUrgency =
        known.entrySet().stream()
            .sorted(
                Map.Entry.comparingByValue(
                    Comparator.comparing((Look look) -> !look.isUnderWay())
                        .thenComparing(Look::at)))
            .map(Map.Entry::getKey)
            .toList();
    return Stream.concat(
            byUrgency.stream().filter(failing::contains).limit(IMAGES / 2), byUrgency.stream())
        .distinct()
        .limit(IMAGES)
        .toList();
  }

  private Look look(String repository) {
    return looks.getOrDefault(repository, Look.NONE).asOf(clock.instant());
  }

  private boolean isDue(String repository, int depth, Duration maxAge) {
    Look look = look(repository);
    if (look.depth() < depth) {
      return true;
    }
    boolean soon = look.isUnderWay() || look.unseen() != null;
    Duration kept = soon && UNDER_WAY.compareTo(maxAge) < 0 ? UNDER_WAY : maxAge;
    return !look.at().plus(kept).isAfter(clock.instant());
  }

  /** Looks where nobody else does: what hangs takes one call, and one object's time. */
  private Attempt lookInTurn(String repository, int depth, Duration maxAge) {
    Instant asked = clock.instant();
    if (!awaitTurn()) {
      return Attempt.PUT_OFF;
    }
    try {
      if (!isDue(repository, depth, maxAge)) {
        return Attempt.SPARED;
      }
      int known = look(repository).depth();
      return outageKept(asked) != null || !budget.mayCall(known == 0 ? FIRST_LOOK : NEXT_LOOK)
          ? Attempt.PUT_OFF
          : look(repository, Math.max(depth, known));
    } finally {
      turn.unlock();
    }
  }

  private boolean awaitTurn() {
    try {
      return turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Why the registry is left alone for a while; null where it is not. */
  private @Nullable Finding outageKept(Instant asked) {
    Outage last = outage;
    boolean isKept =
        last.at().isAfter(asked.minus(failureKept))
            && !last.at().isAfter(clock.instant()); // Else the clock was set back.
    return isKept ? last.finding() : null;
  }

  /**
   * Looks at a repository's newest images, at those first that are not known to have come to an
   * end. Those that cannot be seen now count as they did.
   */
  private Attempt look(String repository, int depth) {
    Look earlier = look(repository);
    Instant now = clock.instant();
    List<SampledImage> images = new ArrayList<>();
    boolean mayLook = true;
    try {
      List<PushedImage> newest =
          unlessAbsent(() -> registry.newestImages(repository, depth), List.of());
      List<PushedImage> urgentFirst =
          newest.stream()
              .sorted(
                  Comparator.comparing(
                      image -> earlier.of(image).anyMatch(seen -> !seen.isUnderWay())))
              .toList();
      for (PushedImage image : urgentFirst) {
        mayLook = mayLook && budget.mayCall(1);
        if (mayLook) {
          List<Arrival> arrivals =
              unlessAbsent(() -> registry.arrivals(repository, image.digest()), List.of());
          images.add(new SampledImage(repository, image, arrivals));
        } else {
          earlier.of(image).forEach(images::add);
        }
      }
      // Once each was seen, by whichever look, all are known; and what was known is not forgotten.
      int known = images.size() == newest.size() ? depth : Math.max(earlier.depth(), images.size());
      looks.put(repository, new Look(now, known, List.copyOf(images), null));
      return mayLook ? Attempt.DONE : Attempt.CUT_SHORT;
    } catch (CallFailedException e) {
      Finding unseen = e.failure().finding();
      looks.put(repository, new Look(now, earlier.depth(), earlier.images(), unseen));
      if (!isOutage(e.kind())) {
        return Attempt.FAILED;
      }
      outage = new Outage(unseen, clock.instant());
      return Attempt.CUT_SHORT;
    }
  }

  /** Deleted meanwhile, the repository or the image: there is nothing to judge by. */
  private static <T> T unlessAbsent(Supplier<T> call, T otherwise) {
    try {
      return call.get();
    } catch (CallFailedException e) {
      if (e.kind() == Failure.Kind.ABSENT) {
        return otherwise;
      }
      throw e;
    }
  }

  /** Whether it is not about what was asked for: another question would fail as well. */
  static boolean isOutage(Failure.Kind kind) {
    return kind == Failure.Kind.THROTTLED || kind == Failure.Kind.UNAVAILABLE;
  }

  /**
   * Forgets all other repositories.
   *
   * @return whether there were any
   */
  boolean keepOnly(Predicate<String> repositories) {
    return looks.keySet().removeIf(repositories.negate());
  }

  /** Every image of every repository, as it was seen last. */
  List<SampledImage> seen() {
    return looks.values().stream().flatMap(look -> look.images().stream()).toList();
  }
}
