package dev.ecroperator.repository;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * One call that brings ECR nearer to what is declared. Changes are independent of each other: one
 * that fails holds no other back.
 */
public sealed interface RepositoryChange extends Refusable {

  /** A change that ECR (private) knows. */
  sealed interface OfPrivate extends RepositoryChange {}

  /** A change that ECR Public knows. */
  sealed interface OfPublic extends RepositoryChange {}

  /** The fields of {@code status.managed} that the change is about. */
  List<String> fields();

  /** The settings as they are once ECR has accepted the change. */
  RepositorySettings appliedTo(RepositorySettings observed);

  /**
   * Whether the call replaces what somebody else may have written since the last look: it is then
   * planned on a fresh reading only.
   */
  default boolean replacesSharedDocument() {
    return false;
  }

  /**
   * What it can be made of, call by call, where ECR refuses it as a whole: one that is wrong then
   * holds no other back. None where it is one already.
   */
  default List<RepositoryChange> parts() {
    return List.of();
  }

  /** The field in the manifest, for messages. */
  default String path() {
    String field = fields().getFirst();
    int slash = field.indexOf('/');
    return "spec." + (slash < 0 ? field : field.substring(0, slash));
  }

  /**
   * Why ECR would refuse it as long as it has what this was planned on: the call is not sent then,
   * and planned anew on the next look.
   */
  default Optional<Failure> obstacle(Visibility visibility) {
    return Optional.empty();
  }

  /** What a failure of its call means: more than AWS's code, since it is known what was sent. */
  default Failure meaningOf(Failure failure) {
    return failure;
  }

  /** What its failure tells the owner of the manifest. */
  default Finding finding(Failure failure) {
    return failure.at(path());
  }

  /** Adds tags, or overwrites their values. */
  record TagResource(SortedMap<String, String> tags) implements OfPrivate, OfPublic {
    /** Adds one tag, or overwrites its value. */
    static TagResource of(String key, String value) {
      return new TagResource(new TreeMap<>(Map.of(key, value)));
    }

    @Override
    public List<String> fields() {
      return tags.keySet().stream().map(Managed::tag).toList();
    }

    @Override
    public List<RepositoryChange> parts() {
      return tags.size() == 1
          ? List.of()
          : tags.entrySet().stream()
              .<RepositoryChange>map(tag -> of(tag.getKey(), tag.getValue()))
              .toList();
    }

    @Override
    public String path() {
      return tags.size() == 1 ? "spec.tags['" + tags.firstKey() + "']" : "spec.tags";
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withTags(observed.tags().with(tags));
    }
  }

  /** Removes tags. */
  record UntagResource(SortedSet<String> keys) implements OfPrivate, OfPublic {
    @Override
    public List<String> fields() {
      return keys.stream().map(Managed::tag).toList();
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withTags(observed.tags().without(keys));
    }
  }

  /** Replaces the tag mutability. */
  record PutImageTagMutability(TagMutability mutability) implements OfPrivate {
    @Override
    public List<String> fields() {
      return List.of(Managed.IMAGE_TAG_MUTABILITY);
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withImageTagMutability(mutability);
    }
  }

  /** Turns scan on push on or off. */
  record PutImageScanningConfiguration(boolean scanOnPush) implements OfPrivate {
    @Override
    public List<String> fields() {
      return List.of(Managed.SCANNING);
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withScanOnPush(scanOnPush);
    }
  }

  /** Replaces the lifecycle policy. */
  record PutLifecyclePolicy(LifecyclePolicy policy) implements OfPrivate {
    @Override
    public List<String> fields() {
      return List.of(Managed.LIFECYCLE_POLICY);
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withLifecyclePolicy(policy);
    }
  }

  /** Removes the lifecycle policy: no image expires any more. */
  record DeleteLifecyclePolicy() implements OfPrivate {
    @Override
    public List<String> fields() {
      return List.of(Managed.LIFECYCLE_POLICY);
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withLifecyclePolicy(LifecyclePolicy.none());
    }
  }

  /**
   * Replaces the access policy.
   *
   * @param scope how much of it is declared
   * @param document the whole document, others' statements included
   */
  record SetRepositoryPolicy(AccessPolicy.Scope scope, PolicyDocument document)
      implements OfPrivate, OfPublic {
    @Override
    public List<String> fields() {
      return List.of(scope.field());
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withAccessPolicy(AccessPolicy.document(document));
    }

    @Override
    public boolean replacesSharedDocument() {
      return scope == AccessPolicy.Scope.OWN_STATEMENTS;
    }

    /**
     * A declaration that is too long in itself was refused when it was read: here it is too long
     * with what others have. A quota, for the manifest is right, and fits once they say less.
     */
    @Override
    public Optional<Failure> obstacle(Visibility visibility) {
      return document
          .problem()
          .map(
              problem ->
                  new Failure(
                      Failure.Kind.QUOTA,
                      visibility.action("SetRepositoryPolicy"),
                      "with the statements of others "
                          + problem
                          + ": shorten theirs, or grant less"));
    }

    /**
     * In typed grants only a principal can be wrong, and of one that IAM does not know ECR Public,
     * and sometimes ECR, says what it says of malformed policies (Terraform's provider waits upon
     * it, too: {@code aws_ecrpublic_repository_policy}).
     */
    @Override
    public Failure meaningOf(Failure failure) {
      return scope != AccessPolicy.Scope.DOCUMENT
              && failure.kind() == Failure.Kind.INVALID
              && failure.message().contains("Invalid repository policy provided")
          ? new Failure(
              Failure.Kind.PRINCIPAL_NOT_FOUND,
              failure.action(),
              failure.message() + " (a principal that IAM does not know, yet or any more)",
              failure.trace())
          : failure;
    }

    /** What AWS refuses may be in a statement of somebody else. */
    @Override
    public Finding finding(Failure failure) {
      SortedSet<String> vanished = document.vanishedPrincipals();
      boolean isRefused =
          failure.kind() == Failure.Kind.INVALID
              || failure.kind() == Failure.Kind.PRINCIPAL_NOT_FOUND;
      return isRefused && !vanished.isEmpty()
          ? failure.at(
              path(),
              " (the policy has "
                  + String.join(", ", vanished)
                  + ", which stands for an IAM principal that was deleted: remove it from the"
                  + " statement that names it)")
          : failure.at(path());
    }
  }

  /** Removes the access policy: only the registry's own account has access any more. */
  record DeleteRepositoryPolicy(AccessPolicy.Scope scope) implements OfPrivate, OfPublic {
    @Override
    public List<String> fields() {
      return List.of(scope.field());
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withAccessPolicy(AccessPolicy.NONE);
    }

    @Override
    public boolean replacesSharedDocument() {
      return scope == AccessPolicy.Scope.OWN_STATEMENTS;
    }
  }

  /**
   * Replaces the catalog entry. ECR Public does not say whether members left out survive, so the
   * call carries all of them, the undeclared ones as they were.
   *
   * @param before what the entry said
   * @param declared what it shall say; null members stay
   */
  record PutRepositoryCatalogData(Catalog before, Catalog declared) implements OfPublic {
    /** The whole entry, as the call sends it. */
    public Catalog catalog() {
      return declared.over(before);
    }

    @Override
    public List<String> fields() {
      List<String> fields = new ArrayList<>(Managed.catalogFields(declared));
      fields.removeIf(field -> Managed.sameMember(field, before, declared));
      return List.copyOf(fields);
    }

    @Override
    public RepositorySettings appliedTo(RepositorySettings observed) {
      return observed.withCatalog(catalog());
    }

    /** An entry that is declared whole leaves nothing of others to keep. */
    @Override
    public boolean replacesSharedDocument() {
      return !declared.isWhole();
    }
  }
}
