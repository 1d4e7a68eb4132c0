package dev.ecroperator.aws;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.repository.AccessPolicy;
import dev.ecroperator.repository.Encryption;
import dev.ecroperator.repository.ObservedRepository;
import dev.ecroperator.repository.RepositorySettings;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.repository.TagMutability;
import dev.ecroperator.repository.Tags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.ecr.model.EncryptionConfiguration;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilterType;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.Tag;

/** Between our records and the shapes of Amazon ECR's API, both ways; pure. */
final class PrivateShapes {
  private PrivateShapes() {}

  /** The request that creates a repository with all settings that CreateRepository accepts. */
  static CreateRepositoryRequest creation(RepositoryTarget target, RepositorySettings settings) {
    CreateRepositoryRequest.Builder request =
        CreateRepositoryRequest.builder()
            .registryId(target.accountId())
            .repositoryName(target.name())
            .tags(tags(settings.tags().values()));
    TagMutability mutability = settings.imageTagMutability();
    if (mutability != null) {
      request.imageTagMutability(mutability.mode());
      if (!mutability.exclusionFilters().isEmpty()) {
        request.imageTagMutabilityExclusionFilters(filters(mutability));
      }
    }
    Boolean scanOnPush = settings.scanOnPush();
    if (scanOnPush != null) {
      request.imageScanningConfiguration(scanning -> scanning.scanOnPush(scanOnPush));
    }
    Encryption encryption = settings.encryption();
    if (encryption != null) {
      request.encryptionConfiguration(
          EncryptionConfiguration.builder()
              .encryptionType(encryption.type())
              .kmsKey(encryption.kmsKey())
              .build());
    }
    return request.build();
  }

  /** What a repository is right after CreateRepository: it has no document yet. */
  static ObservedRepository created(Repository created, RepositorySettings settings) {
    return observed(
        created,
        Tags.of(settings.tags().values()),
        LifecyclePolicy.none(),
        AccessPolicy.NONE,
        null,
        Map.of());
  }

  /**
   * A repository as it was read.
   *
   * @param lifecycle null where it could not be read; likewise the access policy
   * @param frequency the scan frequency in force; null where it was not read, so that it follows
   *     from the repository's own setting
   * @param unread why, by setting
   */
  static ObservedRepository observed(
      Repository repository,
      Tags tags,
      @Nullable LifecyclePolicy lifecycle,
      @Nullable AccessPolicy access,
      @Nullable String frequency,
      Map<String, Failure> unread) {
    boolean scanOnPush =
        repository.imageScanningConfiguration() != null
            && Boolean.TRUE.equals(repository.imageScanningConfiguration().scanOnPush());
    return new ObservedRepository(
        repository.repositoryArn(),
        repository.repositoryUri(),
        repository.createdAt(),
        new RepositorySettings(
            TagMutability.of(
                repository.imageTagMutabilityAsString(),
                repository.imageTagMutabilityExclusionFilters().stream()
                    .map(ImageTagMutabilityExclusionFilter::filter)
                    .toList()),
            encryption(repository.encryptionConfiguration()),
            scanOnPush,
            lifecycle,
            access,
            null,
            tags),
        frequency != null ? frequency : ObservedRepository.scanFrequency(scanOnPush),
        unread);
  }

  private static Encryption encryption(@Nullable EncryptionConfiguration configuration) {
    return configuration == null
        ? Encryption.DEFAULT
        : new Encryption(configuration.encryptionTypeAsString(), configuration.kmsKey());
  }

  static List<ImageTagMutabilityExclusionFilter> filters(TagMutability mutability) {
    return mutability.exclusionFilters().stream()
        .map(
            filter ->
                ImageTagMutabilityExclusionFilter.builder()
                    .filterType(ImageTagMutabilityExclusionFilterType.WILDCARD)
                    .filter(filter)
                    .build())
        .toList();
  }

  static Collection<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  static Tags tags(Collection<Tag> tags) {
    return Tags.of(
        tags.stream()
            .collect(
                Collectors.toMap(Tag::key, tag -> Objects.requireNonNullElse(tag.value(), ""))));
  }
}
