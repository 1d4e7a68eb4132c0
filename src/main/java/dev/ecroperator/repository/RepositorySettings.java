package dev.ecroperator.repository;

import dev.ecroperator.policy.LifecyclePolicy;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one repository, declared or observed. In a declaration a member that is null is
 * left as ECR has it; in an observation it does not exist for this visibility, or could not be
 * read.
 *
 * @param imageTagMutability whether tags can be overwritten
 * @param encryption how images are encrypted; fixed at creation
 * @param scanOnPush whether a push starts a scan
 * @param lifecyclePolicy which images expire
 * @param accessPolicy who may pull and push
 * @param catalog what the public gallery shows
 * @param tags the resource tags
 */
public record RepositorySettings(
    @Nullable TagMutability imageTagMutability,
    @Nullable Encryption encryption,
    @Nullable Boolean scanOnPush,
    @Nullable LifecyclePolicy lifecyclePolicy,
    @Nullable AccessPolicy accessPolicy,
    @Nullable Catalog catalog,
    Tags tags)
    implements Refusable {

  /** Nothing declared. */
  public static final RepositorySettings UNDECLARED =
      new RepositorySettings(null, null, null, null, null, null, Tags.NONE);

  RepositorySettings withImageTagMutability(TagMutability value) {
    return new RepositorySettings(
        value, encryption, scanOnPush, lifecyclePolicy, accessPolicy, catalog, tags);
  }

  RepositorySettings withScanOnPush(boolean value) {
    return new RepositorySettings(
        imageTagMutability, encryption, value, lifecyclePolicy, accessPolicy, catalog, tags);
  }

  RepositorySettings withLifecyclePolicy(LifecyclePolicy value) {
    return new RepositorySettings(
        imageTagMutability, encryption, scanOnPush, value, accessPolicy, catalog, tags);
  }

  /** These settings with another access policy. */
  public RepositorySettings withAccessPolicy(AccessPolicy value) {
    return new RepositorySettings(
        imageTagMutability, encryption, scanOnPush, lifecyclePolicy, value, catalog, tags);
  }

  /** These settings with another catalog entry. */
  public RepositorySettings withCatalog(Catalog value) {
    return new RepositorySettings(
        imageTagMutability, encryption, scanOnPush, lifecyclePolicy, accessPolicy, value, tags);
  }

  /** These settings with other tags. */
  public RepositorySettings withTags(Tags value) {
    return new RepositorySettings(
        imageTagMutability, encryption, scanOnPush, lifecyclePolicy, accessPolicy, catalog, value);
  }
}
