package dev.ecroperator.repository;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How an object came by its repository: {@code status.origin}. */
final class Origin {
  private static final String CREATED = "Created";
  private static final String ADOPTED = "Adopted";

  /** How far the clocks of AWS and the cluster may be apart. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private Origin() {}

  /**
   * The origin after a pass.
   *
   * @param before what the status said; null for nothing
   * @param objectCreatedAt when the object was created
   * @return null where the repository is not the object's
   */
  static @Nullable String of(
      @Nullable String before, RepositoryOutcome outcome, Instant objectCreatedAt) {
    return switch (outcome.hold()) {
      case UNKNOWN, OBSERVED -> before;
      case ADOPTED -> ADOPTED;
      case NONE -> null;
      case OWNED -> {
        if (outcome.created()) {
          yield CREATED;
        }
        yield before != null ? before : byAge(outcome, objectCreatedAt);
      }
    };
  }

  /** Ours, and no record of how: an answer or a status was lost. What is older was there before. */
  private static String byAge(RepositoryOutcome outcome, Instant objectCreatedAt) {
    ObservedRepository observed = outcome.observed();
    Instant createdAt = observed == null ? null : observed.createdAt();
    return createdAt != null && createdAt.isBefore(objectCreatedAt.minus(CLOCK_SKEW))
        ? ADOPTED
        : CREATED;
  }
}
