package dev.ecroperator.repository;

import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the process remembers of one object between passes. It saves calls, and bridges a status
 * that could not be written: a process that starts without it comes to the same end.
 *
 * @param generation the generation of the manifest when this was noted; -1 for none
 * @param seen the repository as it was left by the last pass; null where the next pass must look
 * @param lookDue when what was seen is too old to plan on
 * @param lookOwed whether the next look has to be a fresh one, since one that was asked for failed,
 *     or a claim did
 * @param doubtEnds until when ECR may not show all of what a call without an answer has created
 * @param exists whether a repository of that name was looked for and found, whoever's it is, or is
 *     only observed: there is nothing to be created before the next look
 * @param refused the changes that ECR refused as invalid for this generation
 * @param held what the last pass came to hold, for the status that says so may have been refused;
 *     null where only the status tells
 * @param untold the status that the last pass came to, while it is not known to be written: what it
 *     tells of drift and origin no later pass would see; null where the status on record tells all
 * @param settled the fields that the last look or call left as declared: what differs later was
 *     changed by somebody else
 * @param failures how many passes in a row left something to be tried again, or could not have the
 *     status tell how they ended
 */
record RepositoryMemory(
    long generation,
    @Nullable ObservedRepository seen,
    Instant lookDue,
    boolean lookOwed,
    Instant doubtEnds,
    boolean exists,
    Map<Refusable, Failure> refused,
    @Nullable SortedSet<String> held,
    @Nullable RepositoryStatus untold,
    Set<String> settled,
    int failures) {

  /** Nothing remembered. */
  static final RepositoryMemory NONE =
      new RepositoryMemory(
          -1, null, Instant.EPOCH, false, Instant.EPOCH, false, Map.of(), null, null, Set.of(), 0);

  /**
   * What may be planned on at {@code now}; empty to look.
   *
   * @param longest how long that may be; a look that is due later was noted before the clock was
   *     set back
   */
  Optional<ObservedRepository> seenAt(Instant now, Duration longest) {
    return Optional.ofNullable(seen)
        .filter(known -> now.isBefore(lookDue) && !lookDue.isAfter(now.plus(longest)));
  }

  /**
   * What a pass at {@code now} may be planned on; null to look.
   *
   * @param heldNow what is held, of which some may have to be looked at to be let go
   * @param resync how often a repository is looked at
   */
  @Nullable ObservedRepository planned(
      DesiredRepository desired, Collection<String> heldNow, Instant now, Duration resync) {
    return seenAt(now, resync)
        .filter(known -> !Managed.letsGoUnseen(desired, heldNow, known))
        .orElse(null);
  }

  /** Whether a call without an answer may have created the repository just before {@code now}. */
  boolean mayBeNewAt(Instant now) {
    // A doubt that ends later was noted before the clock was set back.
    return now.isBefore(doubtEnds) && !doubtEnds.isAfter(now.plus(RepositoryCreation.SETTLING));
  }

  /**
   * Whether the object's repository may be so new at {@code now} that ECR does not show all of it.
   *
   * @param status how the object stands, which tells when its repository was created
   */
  boolean mayBeNewAt(RepositoryStatus status, Instant now) {
    return mayBeNewAt(now)
        || (status.origin() != null
            && status.createdAt() != null
            && Duration.between(Instant.parse(status.createdAt()), now)
                    .abs()
                    .compareTo(RepositoryCreation.SETTLING)
                < 0);
  }

  /**
   * How old a look may be that serves many repositories at once.
   *
   * @param heldNow as for {@link #planned}
   * @param resync as for {@link #planned}
   */
  Duration maxAge(DesiredRepository desired, Collection<String> heldNow, Duration resync) {
    boolean isFresh = lookOwed || !desired.declaredFields().containsAll(heldNow);
    return isFresh ? Duration.ZERO : resync.dividedBy(2);
  }

  /** What is held: a status that was refused, as the object was edited, must not make us forget. */
  Collection<String> heldOr(Collection<String> recorded) {
    return held == null ? recorded : held;
  }

  /** How the object stands: a status that was refused must not make us forget, either. */
  RepositoryStatus status(RepositoryStatus recorded) {
    RepositoryStatus status = untold == null ? recorded : untold;
    return held == null ? status : status.holding(status.origin(), List.copyOf(held));
  }

  /** What is still known when the manifest was edited: refusals and failures were about another. */
  RepositoryMemory edited(long newGeneration) {
    return new RepositoryMemory(
        newGeneration,
        seen,
        lookDue,
        lookOwed,
        doubtEnds,
        exists,
        Map.of(),
        held,
        untold,
        Set.of(),
        0);
  }

  /** What is still known when somebody asks for a look at once. */
  RepositoryMemory asked() {
    return new RepositoryMemory(
        generation,
        null,
        Instant.EPOCH,
        true,
        doubtEnds,
        exists,
        Map.of(),
        held,
        untold,
        settled,
        failures);
  }

  /** What is still known, of which nothing is held any more. */
  RepositoryMemory lettingGo() {
    return with(new TreeSet<>(), untold, failures);
  }

  /** What is known after a pass that came to {@code outcome} at {@code now}, once that is told. */
  RepositoryMemory after(RepositoryOutcome outcome, Instant now, Instant nextLook) {
    // Gone, or perhaps changed by a call whose answer was lost: only a look tells.
    boolean inDoubt =
        outcome.findings().stream()
            .anyMatch(f -> f.reason() == Reason.PROGRESSING || f.reason() == Reason.UNAVAILABLE);
    boolean ours = outcome.hold() == Hold.OWNED || outcome.hold() == Hold.ADOPTED;
    // What may not be read is asked for again by the next pass, or a permission would go unnoticed.
    boolean planned = ours && !inDoubt && outcome.unseen().isEmpty();
    return new RepositoryMemory(
        generation,
        planned ? outcome.observed() : null,
        nextLook,
        switch (outcome.hold()) {
          case UNKNOWN, IN_DOUBT -> lookOwed;
          case FOUND -> true; // it is claimed as it is, not as a list had it
          case GONE, OWNED, ADOPTED, OBSERVED, NONE -> false;
        },
        switch (outcome.hold()) {
          case IN_DOUBT -> now.plus(RepositoryCreation.SETTLING);
          case UNKNOWN, FOUND, GONE -> doubtEnds;
          case OWNED, ADOPTED, OBSERVED, NONE -> Instant.EPOCH;
        },
        switch (outcome.hold()) {
          case UNKNOWN, IN_DOUBT -> exists;
          case GONE -> false;
          case FOUND, OWNED, ADOPTED, OBSERVED, NONE -> true;
        },
        Map.copyOf(outcome.refused()),
        outcome.managed(),
        null,
        outcome.hold().isOpen() ? settled : outcome.settled(),
        failures);
  }

  /** The same, before {@code status} is written. */
  RepositoryMemory telling(RepositoryStatus status) {
    return with(held, status, failures);
  }

  /** The same, once the status is written. */
  RepositoryMemory told() {
    return with(held, null, failures);
  }

  /** The same, once the status tells of a pass that leaves nothing to be tried again. */
  RepositoryMemory withoutFailures() {
    return with(held, untold, 0);
  }

  /** The same after one more pass that has to be tried again. */
  RepositoryMemory afterFailure() {
    return with(held, untold, failures + 1);
  }

  private RepositoryMemory with(
      @Nullable SortedSet<String> newHeld, @Nullable RepositoryStatus newUntold, int newFailures) {
    return new RepositoryMemory(
        generation,
        seen,
        lookDue,
        lookOwed,
        doubtEnds,
        exists,
        refused,
        newHeld,
        newUntold,
        settled,
        newFailures);
  }
}
