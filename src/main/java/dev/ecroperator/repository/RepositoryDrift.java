package dev.ecroperator.repository;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The difference between what is declared and what ECR has: the changes that mend it, and what no
 * change can mend.
 *
 * @param changes independent of each other, in the order in which they are to be applied
 * @param conflicts one finding for each difference that has no change
 * @param unseen the managed fields that could not be compared, for ECR did not show them
 */
record RepositoryDrift(
    List<RepositoryChange> changes, List<Finding> conflicts, Set<String> unseen) {

  /** Compares setting by setting; undeclared settings are no drift. */
  static RepositoryDrift between(RepositorySettings desired, ObservedRepository repository) {
    RepositorySettings observed = repository.settings();
    List<RepositoryChange> changes = new ArrayList<>();
    List<Finding> conflicts = new ArrayList<>();
    Set<String> unseen = new TreeSet<>();

    // First what goes: ECR counts the tags of a repository, and there may be no room for more.
    var leftTags = desired.tags().leftIn(observed.tags());
    if (!leftTags.isEmpty()) {
      changes.add(new RepositoryChange.UntagResource(leftTags));
    }
    var missingTags = desired.tags().missingIn(observed.tags());
    if (!missingTags.isEmpty()) {
      changes.add(new RepositoryChange.TagResource(missingTags));
    }

    TagMutability mutability = desired.imageTagMutability();
    if (mutability != null && !mutability.equals(observed.imageTagMutability())) {
      changes.add(new RepositoryChange.PutImageTagMutability(mutability));
    }

    Boolean scanOnPush = desired.scanOnPush();
    if (scanOnPush != null && !scanOnPush.equals(observed.scanOnPush())) {
      changes.add(new RepositoryChange.PutImageScanningConfiguration(scanOnPush));
    }

    LifecyclePolicy lifecycle = desired.lifecyclePolicy();
    if (lifecycle != null) {
      if (observed.lifecyclePolicy() == null) {
        conflicts.add(unread(repository, Managed.LIFECYCLE_POLICY));
        unseen.add(Managed.LIFECYCLE_POLICY);
      } else if (!lifecycle.equals(observed.lifecyclePolicy())) {
        changes.add(
            lifecycle.isNone()
                ? new RepositoryChange.DeleteLifecyclePolicy()
                : new RepositoryChange.PutLifecyclePolicy(lifecycle));
      }
    }

    AccessPolicy access = desired.accessPolicy();
    if (access != null) {
      if (observed.accessPolicy() == null) {
        conflicts.add(unread(repository, Managed.ACCESS_POLICY));
        unseen.add(access.scope().field());
      } else {
        PolicyDocument document = access.over(observed.accessPolicy());
        if (!document.equals(observed.accessPolicy().document())) {
          changes.add(
              document.isNone()
                  ? new RepositoryChange.DeleteRepositoryPolicy(access.scope())
                  : new RepositoryChange.SetRepositoryPolicy(access.scope(), document));
        }
      }
    }

    Catalog catalog = desired.catalog();
    if (catalog != null) {
      if (observed.catalog() == null) {
        conflicts.add(unread(repository, "catalog"));
        unseen.addAll(Managed.catalogFields(catalog));
      } else if (!catalog.over(observed.catalog()).equals(observed.catalog())) {
        changes.add(new RepositoryChange.PutRepositoryCatalogData(observed.catalog(), catalog));
      }
    }

    Encryption encryption = desired.encryption();
    if (encryption != null
        && observed.encryption() != null
        && !encryption.admits(observed.encryption())) {
      conflicts.add(immutable(encryption, observed.encryption()));
    }
    return new RepositoryDrift(List.copyOf(changes), List.copyOf(conflicts), Set.copyOf(unseen));
  }

  boolean isNone() {
    return changes.isEmpty() && conflicts.isEmpty();
  }

  /** The fields that differ, for status and events. */
  static List<String> fields(List<RepositoryChange> changes) {
    return changes.stream().flatMap(change -> change.fields().stream()).sorted().toList();
  }

  private static Finding immutable(Encryption declared, Encryption observed) {
    return new Finding(
        Reason.IMMUTABLE_CONFLICT,
        "spec.encryption: declared "
            + text(declared)
            + ", but the repository has "
            + text(observed)
            + ", and ECR cannot change the encryption of a repository: put spec.encryption back, or"
            + " delete this object and its repository and create both anew");
  }

  private static String text(Encryption encryption) {
    return encryption.kmsKey() == null
        ? encryption.type()
        : encryption.type() + " with key " + encryption.kmsKey();
  }

  private static Finding unread(ObservedRepository repository, String field) {
    Failure failure = repository.unread().get(field);
    if (failure == null) {
      return new Finding(Reason.INVALID_SPEC, "spec." + field + ": not for this visibility");
    }
    return failure.at("spec." + field);
  }
}
