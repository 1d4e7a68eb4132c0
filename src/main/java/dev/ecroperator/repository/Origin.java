package dev.ecroperator.repository;

import dev.ecroperator.api.RepositoryStatus;
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
      case UNKNOWN, IN_DOUBT, FOUND, GONE, OBSERVED -> before;
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

  /** The status of an object whose repository was seen to be ours, with an origin in any case. */
  static RepositoryStatus recorded(RepositoryStatus status) {
    return status.origin() != null ? status : status.holding(CREATED, status.managed());
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
