package dev.ecroperator.repository;

import dev.ecroperator.api.Times;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One pass from what is declared to what ECR has: find or create the repository, make sure that it
 * is ours, compare, change what differs. Its only effects go through the registry.
 */
final class RepositoryConvergence {

  /**
   * What a pass starts from.
   *
   * @param target which repository
   * @param owner whose it shall be
   * @param desired what is declared
   * @param held the fields that the operator holds, or may hold
   * @param createdAt when the repository was created that the status tells to be the object's, as
   *     it is written there; null for none
   * @param seen what was last seen of it, where that is recent enough to plan on; null to look
   * @param mayBeNew whether it may be so new that ECR does not show it, or not its tags
   * @param exists whether a repository of that name was there when last looked at
   * @param maxAge how old a look may be that serves many repositories at once
   * @param refused changes that ECR refused as invalid, and that are not worth another try
   */
  record Start(
      RepositoryTarget target,
      Owner owner,
      DesiredRepository desired,
      Collection<String> held,
      @Nullable String createdAt,
      @Nullable ObservedRepository seen,
      boolean mayBeNew,
      boolean exists,
      Duration maxAge,
      Map<Refusable, Failure> refused) {}

  private final Start start;
  private final RepositoryRegistry registry;
  private final SecondLook again;
  private final Predicate<Owner> claims;

  private final List<Finding> findings = new ArrayList<>();
  private final List<Occurrence> occurrences = new ArrayList<>();
  private final List<RepositoryChange> applied = new ArrayList<>();
  private final Map<Refusable, Failure> refused = new HashMap<>();
  private final Set<String> failedFields = new TreeSet<>();
  private final Set<String> fieldsInDoubt = new TreeSet<>();
  private final Set<String> unseenFields = new TreeSet<>();
  private boolean created;
  private boolean inDoubt;

  private RepositoryConvergence(Start start, RepositoryRegistry registry, Predicate<Owner> claims) {
    this.start = start;
    this.registry = registry;
    this.again = new SecondLook(registry, start.target());
    this.claims = claims;
    findings.addAll(start.desired().invalid());
  }

  /**
   * Makes one pass.
   *
   * @param claims whether another object of this installation still claims the repository
   */
  static RepositoryOutcome run(Start start, RepositoryRegistry registry, Predicate<Owner> claims) {
    var pass = new RepositoryConvergence(start, registry, claims);
    try {
      return start.desired().observeOnly()
          ? RepositoryObservation.run(start, registry)
          : pass.converge();
    } catch (CallFailedException e) {
      pass.findings.add(e.failure().finding());
      pass.refused.putAll(start.refused());
      // To let go takes no look.
      Collection<String> held = start.desired().observeOnly() ? Set.of() : start.held();
      return pass.outcome(Hold.UNKNOWN, null, new TreeSet<>(held));
    }
  }

  private RepositoryOutcome converge() {
    ObservedRepository observed = start.seen();
    if (observed == null && start.exists()) {
      observed = registry.find(start.target(), start.maxAge()).orElse(null);
    }
    if (observed == null && start.desired().isCreatable()) {
      observed = createOrFind();
    }
    RepositoryCreation.requireShown(start, observed, findings);
    if (observed == null) {
      SortedSet<String> held = new TreeSet<>(start.held());
      held.addAll(fieldsInDoubt);
      boolean isGone =
          start.exists() && findings.stream().noneMatch(f -> f.reason().transientCause());
      if (isGone) {
        failedFields.add(DriftRecord.REPOSITORY);
      }
      return outcome(isGone ? Hold.GONE : inDoubt ? Hold.IN_DOUBT : Hold.UNKNOWN, null, held);
    }
    return switch (Ownership.of(observed.ownerTag(), start.owner(), start.desired(), claims)) {
      case Ownership.Ours ignored -> mend(observed, Hold.OWNED, start.held());
      case Ownership.Take take -> take(observed, take);
      case Ownership.Refused refusal -> {
        findings.add(refusal.finding());
        yield outcome(Hold.NONE, null, new TreeSet<>());
      }
    };
  }

  private @Nullable ObservedRepository createOrFind() {
    RepositoryCreation creation = RepositoryCreation.run(start, registry);
    findings.addAll(creation.findings());
    refused.putAll(creation.refused());
    fieldsInDoubt.addAll(creation.fieldsInDoubt());
    inDoubt = creation.inDoubt() != null;
    ObservedRepository repository = creation.repository();
    if (repository != null && creation.isNew()) {
      created = true;
      occurrences.add(Occurrence.normal("Created", "created the repository " + repository.arn()));
    }
    return repository;
  }

  /**
   * Writes the owner tag before anything else, and goes on only when it stands. What is held is
   * held of another repository, or of none, where this one was never the object's.
   */
  private RepositoryOutcome take(ObservedRepository found, Ownership.Take take) {
    var claim = RepositoryChange.TagResource.of(Owner.TAG, start.owner().tagValue());
    boolean wasOurs =
        found.createdAt() != null && Times.text(found.createdAt()).equals(start.createdAt());
    Collection<String> held = wasOurs ? start.held() : Set.of();
    try {
      registry.apply(start.target(), claim, () -> again.atOwner(found.ownerTag(), "TagResource"));
    } catch (CallFailedException e) {
      findings.add(e.failure().finding());
      refused.putAll(start.refused());
      return outcome(Hold.FOUND, null, new TreeSet<>(held));
    }
    occurrences.add(
        Occurrence.normal(take.occurrence(), "took the existing repository " + found.arn()));
    return mend(found.after(claim), Hold.ADOPTED, held);
  }

  private RepositoryOutcome mend(ObservedRepository found, Hold hold, Collection<String> held) {
    Set<String> declaredFields = start.desired().declaredFields();
    RepositorySettings desired =
        Managed.withResets(start.desired().settings(), held, declaredFields);
    RepositoryDrift drift = RepositoryDrift.between(desired, found);
    findings.addAll(drift.conflicts());
    ObservedRepository observed = found;
    for (RepositoryChange change : drift.changes()) {
      // Read before another call, which may have waited long for its turn.
      boolean isStale =
          change.replacesSharedDocument()
              && !created
              && (start.seen() != null
                  || hold == Hold.ADOPTED
                  || !applied.isEmpty()
                  || !failedFields.isEmpty());
      observed = isStale ? applyAnew(change, desired, observed) : apply(change, observed);
    }
    unseenFields.addAll(drift.unseen());
    Set<String> unsettled =
        RepositoryOutcome.unsettled(failedFields, unseenFields, start.desired().unreadable());
    return outcome(hold, observed, Managed.after(held, declaredFields, unsettled, fieldsInDoubt));
  }

  /** Plans a change of a shared document once more, on what the document says right now. */
  private ObservedRepository applyAnew(
      RepositoryChange stale, RepositorySettings desired, ObservedRepository observed) {
    ObservedRepository fresh;
    try {
      fresh = registry.readAgain(start.target(), observed, stale);
    } catch (CallFailedException e) {
      fail(stale, e.failure());
      keepRefusals(stale.path());
      return observed;
    }
    return RepositoryDrift.between(desired, fresh).changes().stream()
        .filter(change -> change.path().equals(stale.path()))
        .findFirst()
        .map(change -> apply(change, fresh))
        .orElse(fresh);
  }

  /** What was refused for a field that this pass did not come to is not worth another try yet. */
  private void keepRefusals(String path) {
    start
        .refused()
        .forEach(
            (refusedChange, failure) -> {
              if (refusedChange instanceof RepositoryChange change && change.path().equals(path)) {
                refused.putIfAbsent(change, failure);
              }
            });
  }

  private ObservedRepository apply(RepositoryChange change, ObservedRepository observed) {
    Failure refusal =
        change.obstacle(start.target().visibility()).orElse(start.refused().get(change));
    if (refusal == null) {
      try {
        registry.apply(
            start.target(),
            change,
            created ? () -> {} : () -> again.atSharedDocument(observed, change));
        applied.add(change);
        return observed.after(change);
      } catch (CallFailedException e) {
        refusal = change.meaningOf(e.failure());
      }
    }
    boolean isOfAPart =
        refusal.kind() == Failure.Kind.INVALID || refusal.kind() == Failure.Kind.QUOTA;
    if (!isOfAPart || change.parts().isEmpty()) {
      fail(change, refusal);
      return observed;
    }
    if (refusal.kind() == Failure.Kind.INVALID) {
      refused.put(change, refusal);
    }
    ObservedRepository left = observed;
    for (RepositoryChange part : change.parts()) {
      left = apply(part, left);
    }
    return left;
  }

  private void fail(RepositoryChange change, Failure failure) {
    failedFields.addAll(change.fields());
    findings.add(change.finding(failure));
    if (failure.kind() == Failure.Kind.INVALID) {
      refused.put(change, failure);
    } else if (failure.kind() == Failure.Kind.AMBIGUOUS) {
      fieldsInDoubt.addAll(change.fields());
    }
  }

  private RepositoryOutcome outcome(
      Hold hold, @Nullable ObservedRepository observed, SortedSet<String> managed) {
    return new RepositoryOutcome(
        hold,
        observed,
        managed,
        findings,
        created,
        applied,
        failedFields,
        unseenFields,
        start.desired().unreadable(),
        refused,
        occurrences);
  }
}
