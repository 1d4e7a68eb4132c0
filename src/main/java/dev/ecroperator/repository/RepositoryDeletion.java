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
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a repository whose object is being deleted. Nothing is destroyed that is not
 * looked at right before, and nothing that is not ours.
 */
final class RepositoryDeletion {
  /**
   * What is known of the object's past.
   *
   * @param neverOwned whether it is known never to have had a repository: it then goes even when
   *     AWS cannot be asked
   * @param mayBeNew whether the repository may be so new that ECR does not show it
   */
  record Past(boolean neverOwned, boolean mayBeNew) {
    private static final Set<Reason> OF_ANOTHER_ACCOUNT =
        EnumSet.of(Reason.IMMUTABLE_CONFLICT, Reason.NOT_PERMITTED);

    /** What a pass may tell though it, or the one before it, has created the repository. */
    private static final Set<Reason> AFTER_A_CREATION =
        EnumSet.of(
            Reason.INVALID_SPEC,
            Reason.ACCESS_DENIED,
            Reason.QUOTA_EXCEEDED,
            Reason.KMS_KEY_UNUSABLE,
            Reason.REPOSITORY_NOT_EMPTY);

    static Past of(RepositoryObject object, RepositoryMemory memory, Instant now) {
      RepositoryStatus status = memory.status(object.status());
      Instant settled = now.minus(RepositoryCreation.SETTLING);
      boolean neverOwned = neverOwned(status, object.generation(), object.pin() != null);
      boolean isReady = Conditions.reason(status.conditions()).filter(Reason::ready).isPresent();
      boolean mayBeNew =
          Stream.of(
                  Optional.of(object.createdAt()),
                  Optional.ofNullable(status.createdAt()).map(Instant::parse),
                  // Where a creation lost its answer, the last try was right before the deletion.
                  Optional.ofNullable(object.resource().getMetadata().getDeletionTimestamp())
                      .filter(deleted -> !neverOwned && !isReady)
                      .map(Instant::parse))
              .flatMap(Optional::stream)
              .anyMatch(settled::isBefore);
      // A creation may have waited for its turn until long after the deletion was asked for.
      return new Past(neverOwned, mayBeNew || memory.mayBeNewAt(now));
    }

    /**
     * Whether passes were made, none of which came to own a repository, and the last one, over the
     * manifest as it is, ended for a reason that excludes a creation. Beside an invalid field one
     * may have been tried, and its answer lost; so it may before the next one was refused, or,
     * where the target was pinned, before the operator came to another account.
     */
    private static boolean neverOwned(RepositoryStatus status, long generation, boolean isPinned) {
      // The deletion itself raised the generation once.
      return status.origin() == null
          && status.observedGeneration() != null
          && status.observedGeneration() >= generation - 1
          && Conditions.reason(status.conditions())
              .filter(reason -> !reason.transientCause())
              .filter(reason -> !AFTER_A_CREATION.contains(reason))
              .filter(reason -> !isPinned || !OF_ANOTHER_ACCOUNT.contains(reason))
              .isPresent();
    }
  }

  private final RepositoryTarget target;
  private final Owner owner;
  private final DesiredRepository desired;
  private final Past past;
  private final RepositoryRegistry registry;
  private final Runnable unchanged;

  private RepositoryDeletion(
      RepositoryTarget target,
      Owner owner,
      DesiredRepository desired,
      Past past,
      RepositoryRegistry registry,
      Runnable unchanged) {
    this.target = target;
    this.owner = owner;
    this.desired = desired;
    this.past = past;
    this.registry = registry;
    this.unchanged = unchanged;
  }

  /**
   * Deals with the repository of an object that is being deleted at {@code now}.
   *
   * @param memory what is known of the object that its status may not tell
   * @param unchanged throws where the object is not any more as it was read
   */
  static Deletion of(
      RepositoryObject object,
      RepositoryMemory memory,
      Owner owner,
      Registries registries,
      Instant now,
      Runnable unchanged) {
    String pin = object.pin();
    String name = pin != null ? pin : object.name();
    // Neither grants nor documents matter here, and so neither does the partition.
    DesiredRepository desired = DesiredRepository.of(object.spec(), Visibility.PRIVATE, "aws");
    Deletion withoutAws = withoutAws(name, desired);
    if (withoutAws != null) {
      return withoutAws;
    }
    Past past = Past.of(object, memory, now);
    try {
      return switch (object.target(registries.ownAccount())) {
        case Resolution.Resolved<RepositoryTarget>(RepositoryTarget target) ->
            run(target, owner, desired, past, registries.holding(target), unchanged);
        case Resolution.Refused<RepositoryTarget>(Finding finding) ->
            unreachable(name, desired, past, finding);
      };
    } catch (CallFailedException e) {
      return unreachable(name, desired, past, e.failure().finding());
    }
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

  /** Deletes the repository if it is ours still. */
  static Deletion run(
      RepositoryTarget target,
      Owner owner,
      DesiredRepository desired,
      Past past,
      RepositoryRegistry registry,
      Runnable unchanged) {
    var deletion = new RepositoryDeletion(target, owner, desired, past, registry, unchanged);
    try {
      return deletion.run();
    } catch (CallFailedException e) {
      return unreachable(target.pin(), desired, past, e.failure().finding());
    }
  }

  /** Decides where AWS cannot be asked, or the target not be reached. */
  static Deletion unreachable(
      String target, DesiredRepository desired, Past past, Finding finding) {
    return past.neverOwned()
        ? retainedAgainstPolicy(target, desired, "it was never this object's")
        : new Deletion.Waiting(
            new Finding(
                finding.reason(),
                finding.message()
                    + " (the deletion waits; with spec.deletionPolicy Retain the object goes, and"
                    + " the repository stays)",
                finding.trace()),
            false);
  }

  private Deletion run() {
    Tags tags = registry.tags(target).orElse(null);
    if (tags == null) {
      return past.mayBeNew() ? notShown() : goneAlready();
    }
    String tag = tags.values().get(Owner.TAG);
    if (tag == null && past.mayBeNew() && !past.neverOwned()) {
      return notShown();
    }
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
          target,
          desired.deletionPolicy() == DesiredRepository.DeletionPolicy.FORCE_DELETE,
          this::lookAgain);
    } catch (CallFailedException e) {
      // It is ours, whatever the status says: so the deletion is waited for.
      return e.kind() == Failure.Kind.NOT_EMPTY
          ? notEmpty()
          : new Deletion.Waiting(e.failure().finding(), e.kind() != Failure.Kind.CHANGED);
    }
    return new Deletion.Done(Occurrence.normal("Deleted", "deleted the repository " + target));
  }

  /** Many deletions at once wait long for their turns, and people change their minds. */
  private void lookAgain() {
    new SecondLook(registry, target).atOwner(owner.tagValue(), "DeleteRepository");
    unchanged.run();
  }

  private Deletion goneAlready() {
    return new Deletion.Done(
        Occurrence.normal("Deleted", "the repository " + target + " is gone already"));
  }

  private Deletion notShown() {
    return new Deletion.Waiting(
        new Finding(
            Reason.PROGRESSING,
            "ECR does not show the repository "
                + target
                + " with its tags, which may be too new to be shown: looking again before it counts"
                + " as gone or as somebody else's"),
        false);
  }

  private Deletion notEmpty() {
    return new Deletion.Waiting(
        new Finding(
            Reason.REPOSITORY_NOT_EMPTY,
            "the repository "
                + target
                + " holds images: delete them, or set spec.deletionPolicy to ForceDelete (the"
                + " images go too) or to Retain (the repository stays)"),
        true);
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
