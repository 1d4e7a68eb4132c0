package dev.ecroperator.aws;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.repository.AccessPolicy;
import dev.ecroperator.repository.Catalog;
import dev.ecroperator.repository.ObservedRepository;
import dev.ecroperator.repository.RepositorySettings;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.repository.Tags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecrpublic.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.ecrpublic.model.Repository;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryCatalogData;
import software.amazon.awssdk.services.ecrpublic.model.RepositoryCatalogDataInput;
import software.amazon.awssdk.services.ecrpublic.model.Tag;

/** Between our records and the shapes of Amazon ECR Public's API, both ways; pure. */
final class PublicShapes {
  private PublicShapes() {}

  /** The request that creates a repository with all settings that CreateRepository accepts. */
  static CreateRepositoryRequest creation(RepositoryTarget target, RepositorySettings settings) {
    CreateRepositoryRequest.Builder request =
        CreateRepositoryRequest.builder()
            .repositoryName(target.name())
            .tags(tags(settings.tags().values()));
    Catalog catalog = settings.catalog();
    if (catalog != null) {
      request.catalogData(input(catalog));
    }
    return request.build();
  }

  /** What a repository is right after CreateRepository: it has no access policy yet. */
  static ObservedRepository created(Repository created, RepositorySettings settings) {
    Catalog catalog = settings.catalog();
    return observed(
        created,
        Tags.of(settings.tags().values()),
        AccessPolicy.NONE,
        catalog == null ? Catalog.EMPTY : catalog.over(Catalog.EMPTY),
        Map.of());
  }

  /**
   * A repository as it was read.
   *
   * @param access null where it could not be read; likewise the catalog
   * @param unread why, by setting
   */
  static ObservedRepository observed(
      Repository repository,
      Tags tags,
      @Nullable AccessPolicy access,
      @Nullable Catalog catalog,
      Map<String, Failure> unread) {
    return new ObservedRepository(
        repository.repositoryArn(),
        repository.repositoryUri(),
        repository.createdAt(),
        new RepositorySettings(null, null, null, null, access, catalog, tags),
        null,
        unread);
  }

  static RepositoryCatalogDataInput input(Catalog catalog) {
    return RepositoryCatalogDataInput.builder()
        .description(catalog.description())
        .aboutText(catalog.aboutText())
        .usageText(catalog.usageText())
        .architectures(catalog.architectures())
        .operatingSystems(catalog.operatingSystems())
        .build();
  }

  /** What is absent in the data is empty in the catalog. */
  static Catalog catalog(RepositoryCatalogData data) {
    return new Catalog(
        text(data.description()),
        text(data.aboutText()),
        text(data.usageText()),
        sorted(data.architectures()),
        sorted(data.operatingSystems()));
  }

  private static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }

  private static List<String> sorted(@Nullable List<String> values) {
    return values == null ? List.of() : values.stream().sorted().toList();
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
