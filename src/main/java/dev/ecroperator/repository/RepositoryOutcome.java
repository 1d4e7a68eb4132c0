package dev.ecroperator.repository;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a repository came to.
 *
 * @param hold what the object has to do with the repository now
 * @param observed the repository as it is after the pass; null where it could not be seen
 * @param managed what the operator holds of it
 * @param findings what keeps the object from being Ready
 * @param created whether this pass created the repository
 * @param applied the changes that ECR accepted
 * @param failed the fields whose difference could not be mended
 * @param unseen the managed fields that could not be compared, for ECR did not show them
 * @param unreadable the fields that could not be compared, for the manifest cannot be read there
 * @param refused the changes that ECR refuses as invalid: sent again only when something changed
 * @param occurrences what is to be told once
 */
record RepositoryOutcome(
    Hold hold,
    @Nullable ObservedRepository observed,
    SortedSet<String> managed,
    List<Finding> findings,
    boolean created,
    List<RepositoryChange> applied,
    Set<String> failed,
    Set<String> unseen,
    Set<String> unreadable,
    Map<Refusable, Failure> refused,
    List<Occurrence> occurrences) {

  /** The fields of which it is not known that they are as declared now. */
  Set<String> unsettled() {
    return unsettled(failed, unseen, unreadable);
  }

  /** The same of a pass that is not over yet. */
  static Set<String> unsettled(Set<String> failed, Set<String> unseen, Set<String> unreadable) {
    Set<String> unsettled = new TreeSet<>(failed);
    unsettled.addAll(unseen);
    unsettled.addAll(unreadable);
    return unsettled;
  }

  /** The fields that are as declared now, the repository itself among them. */
  Set<String> settled() {
    Set<String> settled = new TreeSet<>(managed);
    Set<String> unsettled = unsettled();
    settled.removeIf(field -> Managed.touches(unsettled, field));
    if (observed != null) {
      settled.add(DriftRecord.REPOSITORY);
    }
    return settled;
  }

  /** What an object has to do with its repository. */
  enum Hold {
    /** Nothing was learnt: what was known before stands. */
    UNKNOWN,
    /** The same, save that a call without an answer may have created it for the object. */
    IN_DOUBT,
    /** The same, save that the repository is there: it could not be claimed. */
    FOUND,
    /** The repository was there, is no longer, and could not be created anew. */
    GONE,
    /** The repository is the object's. */
    OWNED,
    /** The repository became the object's in this pass, and existed before. */
    ADOPTED,
    /** The repository is only looked at. */
    OBSERVED,
    /** The repository is somebody else's, or is not there. */
    NONE;

    /** Whether the pass left open whose the repository is. */
    boolean isOpen() {
      return this == UNKNOWN || this == IN_DOUBT || this == FOUND;
    }
  }
}
