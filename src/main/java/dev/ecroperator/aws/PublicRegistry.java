package dev.ecroperator.aws;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.repository.AccessPolicy;
import dev.ecroperator.repository.Catalog;
import dev.ecroperator.repository.ObservedRepository;
import dev.ecroperator.repository.RepositoryChange;
import dev.ecroperator.repository.RepositoryRegistry;
import dev.ecroperator.repository.RepositorySettings;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.repository.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.ecrpublic.model.Repository;

/** Amazon ECR Public of one account. */
final class PublicRegistry implements RepositoryRegistry {
  private final EcrPublicClient ecr;
  private final AwsCalls calls;

  PublicRegistry(EcrPublicClient ecr, AwsCalls calls) {
    this.ecr = ecr;
    this.calls = calls;
  }

  @Override
  public ObservedRepository create(RepositoryTarget target, RepositorySettings settings) {
    Repository created =
        calls
            .write(
                "CreateRepository",
                () -> ecr.createRepository(PublicShapes.creation(target, settings)))
            .repository();
    requireOwn(target, created);
    return PublicShapes.created(created, settings);
  }

  /** The operation names no registry: it is about that of whoever calls. */
  private static void requireOwn(RepositoryTarget target, Repository created) {
    if (!target.accountId().equals(created.registryId())) {
      throw new CallFailedException(
          new Failure(
              Failure.Kind.UNAVAILABLE,
              target.visibility().action("CreateRepository"),
              "created "
                  + created.repositoryArn()
                  + ", which is not in "
                  + target.accountId()
                  + ": the operator's credentials are another account's now; mend them, or restart"
                  + " the operator, and delete that repository"));
    }
  }

  @Override
  public Optional<ObservedRepository> find(RepositoryTarget target, Duration maxAge) {
    return Absence.asEmpty(
        () -> {
          Repository repository = describe(target);
          Tags tags = readTags(target);
          Map<String, Failure> unread = new HashMap<>();
          AccessPolicy access = Permitted.read("accessPolicy", unread, () -> accessPolicy(target));
          Catalog catalog = Permitted.read("catalog", unread, () -> catalog(target));
          return PublicShapes.observed(repository, tags, access, catalog, unread);
        });
  }

  @Override
  public ObservedRepository readAgain(
      RepositoryTarget target, ObservedRepository observed, RepositoryChange change) {
    return Permitted.orFail(
        () ->
            observed.with(
                change instanceof RepositoryChange.PutRepositoryCatalogData
                    ? observed.settings().withCatalog(catalog(target))
                    : observed.settings().withAccessPolicy(accessPolicy(target))));
  }

  @Override
  public Optional<Tags> tags(RepositoryTarget target) {
    return Absence.asEmpty(() -> readTags(target));
  }

  @Override
  public void apply(RepositoryTarget target, RepositoryChange change, Runnable lookAgain) {
    if (!(change instanceof RepositoryChange.OfPublic ours)) {
      throw new IllegalArgumentException("not for a public repository: " + change);
    }
    switch (ours) {
      case RepositoryChange.TagResource tag ->
          calls.write(
              "TagResource",
              lookAgain,
              () ->
                  ecr.tagResource(
                      r -> r.resourceArn(arn(target)).tags(PublicShapes.tags(tag.tags()))));
      case RepositoryChange.UntagResource untag ->
          calls.write(
              "UntagResource",
              () -> ecr.untagResource(r -> r.resourceArn(arn(target)).tagKeys(untag.keys())));
      case RepositoryChange.SetRepositoryPolicy set ->
          calls.write(
              "SetRepositoryPolicy",
              lookAgain,
              () ->
                  ecr.setRepositoryPolicy(
                      r ->
                          r.registryId(target.accountId())
                              .repositoryName(target.name())
                              .policyText(set.document().json())));
      case RepositoryChange.DeleteRepositoryPolicy ignored ->
          Absence.accepted(
              "RepositoryPolicyNotFoundException",
              () ->
                  calls.write(
                      "DeleteRepositoryPolicy",
                      lookAgain,
                      () ->
                          ecr.deleteRepositoryPolicy(
                              r ->
                                  r.registryId(target.accountId()).repositoryName(target.name()))));
      case RepositoryChange.PutRepositoryCatalogData put ->
          calls.write(
              "PutRepositoryCatalogData",
              lookAgain,
              () ->
                  ecr.putRepositoryCatalogData(
                      r ->
                          r.registryId(target.accountId())
                              .repositoryName(target.name())
                              .catalogData(PublicShapes.input(put.catalog()))));
    }
  }

  @Override
  public void delete(RepositoryTarget target, boolean withImages, Runnable lookAgain) {
    Absence.accepted(
        () ->
            calls.write(
                "DeleteRepository",
                lookAgain,
                () ->
                    ecr.deleteRepository(
                        r ->
                            r.registryId(target.accountId())
                                .repositoryName(target.name())
                                .force(withImages))));
  }

  private Repository describe(RepositoryTarget target) {
    return calls
        .read(
            "DescribeRepositories",
            () ->
                ecr.describeRepositories(
                    r -> r.registryId(target.accountId()).repositoryNames(target.name())))
        .repositories()
        .stream()
        .findFirst()
        .orElseThrow(() -> Absence.of(target));
  }

  private Tags readTags(RepositoryTarget target) {
    return PublicShapes.tags(
        calls
            .read(
                "ListTagsForResource",
                () -> ecr.listTagsForResource(r -> r.resourceArn(arn(target))))
            .tags());
  }

  private AccessPolicy accessPolicy(RepositoryTarget target) {
    return Absence.asDefault(
        "RepositoryPolicyNotFoundException",
        AccessPolicy.NONE,
        () ->
            AccessPolicy.document(
                PolicyDocument.parse(
                    calls
                        .read(
                            "GetRepositoryPolicy",
                            () ->
                                ecr.getRepositoryPolicy(
                                    r ->
                                        r.registryId(target.accountId())
                                            .repositoryName(target.name())))
                        .policyText())));
  }

  private Catalog catalog(RepositoryTarget target) {
    return Absence.asDefault(
        "RepositoryCatalogDataNotFoundException",
        Catalog.EMPTY,
        () ->
            PublicShapes.catalog(
                calls
                    .read(
                        "GetRepositoryCatalogData",
                        () ->
                            ecr.getRepositoryCatalogData(
                                r ->
                                    r.registryId(target.accountId()).repositoryName(target.name())))
                    .catalogData()));
  }

  private static String arn(RepositoryTarget target) {
    return "arn:aws:ecr-public::" + target.accountId() + ":repository/" + target.name();
  }
}
