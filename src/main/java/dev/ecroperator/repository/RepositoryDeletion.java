package dev.ecroperator.repository;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Deletion;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Resolution;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a repository whose object is being deleted. Nothing is destroyed that is not
 * looked at right before, and nothing that is not ours.
 */
final class RepositoryDeletion {

  private final RepositoryTarget target;
  private final Owner owner;
  private final DesiredRepository desired;
  private final RepositoryRegistry registry;

  private RepositoryDeletion(
      RepositoryTarget target,
      Owner owner,
      DesiredRepository desired,
      RepositoryRegistry registry) {
    this.target = target;
    this.owner = owner;
    this.desired = desired;
    this.registry = registry;
  }

  /** Deals with the repository of an object that is being deleted. */
  static Deletion of(RepositoryObject object, Owner owner, Registries registries) {
    String pin = object.pin();
    String name = pin != null ? pin : object.name();
    // Neither grants nor documents matter here, and so neither does the partition.
    DesiredRepository desired = DesiredRepository.of(object.spec(), Visibility.PRIVATE, "aws");
    Deletion withoutAws = withoutAws(name, desired);
    if (withoutAws != null) {
      return withoutAws;
    }
    boolean neverOwned = neverOwned(object.status());
    try {
      return switch (object.target(registries.ownAccount())) {
        case Resolution.Resolved<RepositoryTarget>(RepositoryTarget target) ->
            run(target, owner, desired, neverOwned, registries.holding(target));
        case Resolution.Refused<RepositoryTarget>(Finding finding) ->
            unreachable(name, desired, neverOwned, finding);
      };
    } catch (CallFailedException e) {
      return unreachable(name, desired, neverOwned, e.failure().finding());
    }
  }

  /**
   * Whether passes were made, and their last one ended for a reason that excludes a creation.
   * Beside an invalid field a creation may have been tried, and its answer lost.
   */
  private static boolean neverOwned(RepositoryStatus status) {
    return status.origin() == null
        && Conditions.reason(status.conditions())
            .filter(reason -> !reason.transientCause() && reason != Reason.INVALID_SPEC)
            .isPresent();
  }

  /**
   * Decides without AWS where no repository is to be deleted.
   *
   * @param target the repository, for the message
   * @return null where AWS has to be asked
   */
  static @Nullable Deletion withoutAws(String target, DesiredRepository desired) {
    if (desired.deletionPolicy() == DesiredRepository.DeletionPolicy.RETAIN) {
      return new Deletion.Done(
          Occurrence.normal("Retained", "left the repository " + target + " as it is"));
    }
    if (desired.observeOnly() || desired.suspended()) {
      return retainedAgainstPolicy(
          target, desired, desired.suspended() ? "the object is suspended" : "it is ObserveOnly");
    }
    return null;
  }

  /**
   * Deletes the repository if it is ours still.
   *
   * @param neverOwned whether the object is known never to have had a repository: it then goes even
   *     when AWS cannot be asked
   */
  static Deletion run(
      RepositoryTarget target,
      Owner owner,
      DesiredRepository desired,
      boolean neverOwned,
      RepositoryRegistry registry) {
    var deletion = new RepositoryDeletion(target, owner, desired, registry);
    try {
      return deletion.run();
    } catch (CallFailedException e) {
      return unreachable(target.pin(), desired, neverOwned, e.failure().finding());
    }
  }

  /** Decides where AWS cannot be asked, or the target not be reached. */
  static Deletion unreachable(
      String target, DesiredRepository desired, boolean neverOwned, Finding finding) {
    return neverOwned
        ? retainedAgainstPolicy(target, desired, "it was never this object's")
        : new Deletion.Waiting(finding);
  }

  private Deletion run() {
    Tags tags = registry.tags(target).orElse(null);
    if (tags == null) {
      return new Deletion.Done(
          Occurrence.normal("Deleted", "the repository " + target + " is gone already"));
    }
    String tag = tags.values().get(Owner.TAG);
    if (!owner.tagValue().equals(tag)) {
      return retainedAgainstPolicy(
          target.pin(),
          desired,
          tag == null
              ? "it has no tag " + Owner.TAG + ", so it is not this object's"
              : "it belongs to " + tag);
    }
    try {
      registry.delete(
          target, desired.deletionPolicy() == DesiredRepository.DeletionPolicy.FORCE_DELETE);
    } catch (CallFailedException e) {
      // It is ours, whatever the status says: so the deletion is waited for.
      return e.kind() == Failure.Kind.NOT_EMPTY
          ? notEmpty()
          : new Deletion.Waiting(e.failure().finding());
    }
    return new Deletion.Done(Occurrence.normal("Deleted", "deleted the repository " + target));
  }

  private Deletion notEmpty() {
    return new Deletion.Waiting(
        new Finding(
            Reason.REPOSITORY_NOT_EMPTY,
            "the repository "
                + target
                + " holds images: delete them, or set spec.deletionPolicy to ForceDelete (the"
                + " images go too) or to Retain (the repository stays)"));
  }

  private static Deletion retainedAgainstPolicy(
      String target, DesiredRepository desired, String because) {
    return new Deletion.Done(
        Occurrence.warning(
            "Retained",
            "left the repository "
                + target
                + " as it is in spite of deletionPolicy "
                + desired.deletionPolicy().text()
                + ": "
                + because));
  }
}
