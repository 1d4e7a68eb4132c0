package dev.ecroperator.aws;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.repository.AccessPolicy;
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
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryScanningConfiguration;

/** Amazon ECR in one account and region. */
final class PrivateRegistry implements RepositoryRegistry {
  private final EcrClient ecr;
  private final AwsCalls calls;
  private final String partition;
  private final RepositoryInventory inventory;

  PrivateRegistry(EcrClient ecr, AwsCalls calls, String partition, RepositoryInventory inventory) {
    this.ecr = ecr;
    this.calls = calls;
    this.partition = partition;
    this.inventory = inventory;
  }

  @Override
  public ObservedRepository create(RepositoryTarget target, RepositorySettings settings) {
    try {
      return PrivateShapes.created(
          calls
              .write(
                  "CreateRepository",
                  () -> ecr.createRepository(PrivateShapes.creation(target, settings)))
              .repository(),
          settings);
    } finally {
      inventory.changed(target.name());
    }
  }

  @Override
  public Optional<ObservedRepository> find(RepositoryTarget target, Duration maxAge) {
    RepositoryInventory.Entry listed = inventory.find(target.name(), maxAge);
    return Absence.asEmpty(
        () -> {
          Repository repository = listed != null ? listed.repository() : describe(target);
          Tags tags = readTags(target);
          Map<String, Failure> unread = new HashMap<>();
          LifecyclePolicy lifecycle =
              Permitted.read("lifecyclePolicy", unread, () -> lifecyclePolicy(target));
          AccessPolicy access = Permitted.read("accessPolicy", unread, () -> accessPolicy(target));
          String frequency =
              listed != null
                  ? listed.scanFrequency()
                  : Permitted.read("scanning", unread, () -> scanFrequency(target));
          return PrivateShapes.observed(repository, tags, lifecycle, access, frequency, unread);
        });
  }

  @Override
  public ObservedRepository readAgain(
      RepositoryTarget target, ObservedRepository observed, RepositoryChange change) {
    return Permitted.orFail(
        () -> observed.with(observed.settings().withAccessPolicy(accessPolicy(target))));
  }

  @Override
  public Optional<Tags> tags(RepositoryTarget target) {
    return Absence.asEmpty(() -> readTags(target));
  }

  @Override
  public void apply(RepositoryTarget target, RepositoryChange change, Runnable lookAgain) {
    if (!(change instanceof RepositoryChange.OfPrivate ours)) {
      throw new IllegalArgumentException("not for a private repository: " + change);
    }
    try {
      send(target, ours, lookAgain);
    } finally {
      inventory.changed(target.name());
    }
  }

  private void send(
      RepositoryTarget target, RepositoryChange.OfPrivate change, Runnable lookAgain) {
    switch (change) {
      case RepositoryChange.TagResource tag ->
          calls.write(
              "TagResource",
              lookAgain,
              () ->
                  ecr.tagResource(
                      r -> r.resourceArn(arn(target)).tags(PrivateShapes.tags(tag.tags()))));
      case RepositoryChange.UntagResource untag ->
          calls.write(
              "UntagResource",
              () -> ecr.untagResource(r -> r.resourceArn(arn(target)).tagKeys(untag.keys())));
      case RepositoryChange.PutImageTagMutability put ->
          calls.write(
              "PutImageTagMutability",
              () ->
                  ecr.putImageTagMutability(
                      r -> {
                        r.registryId(target.accountId())
                            .repositoryName(target.name())
                            .imageTagMutability(put.mutability().mode());
                        if (!put.mutability().exclusionFilters().isEmpty()) {
                          r.imageTagMutabilityExclusionFilters(
                              PrivateShapes.filters(put.mutability()));
                        }
                      }));
      case RepositoryChange.PutImageScanningConfiguration put ->
          calls.write(
              "PutImageScanningConfiguration",
              () ->
                  ecr.putImageScanningConfiguration(
                      r ->
                          r.registryId(target.accountId())
                              .repositoryName(target.name())
                              .imageScanningConfiguration(s -> s.scanOnPush(put.scanOnPush()))));
      case RepositoryChange.PutLifecyclePolicy put ->
          calls.write(
              "PutLifecyclePolicy",
              () ->
                  ecr.putLifecyclePolicy(
                      r ->
                          r.registryId(target.accountId())
                              .repositoryName(target.name())
                              .lifecyclePolicyText(put.policy().json())));
      case RepositoryChange.DeleteLifecyclePolicy ignored ->
          Absence.accepted(
              "LifecyclePolicyNotFoundException",
              () ->
                  calls.write(
                      "DeleteLifecyclePolicy",
                      () ->
                          ecr.deleteLifecyclePolicy(
                              r ->
                                  r.registryId(target.accountId()).repositoryName(target.name()))));
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
    }
  }

  @Override
  public void delete(RepositoryTarget target, boolean withImages, Runnable lookAgain) {
    try {
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
    } finally {
      inventory.changed(target.name());
    }
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
    return PrivateShapes.tags(
        calls
            .read(
                "ListTagsForResource",
                () -> ecr.listTagsForResource(r -> r.resourceArn(arn(target))))
            .tags());
  }

  private LifecyclePolicy lifecyclePolicy(RepositoryTarget target) {
    return Absence.asDefault(
        "LifecyclePolicyNotFoundException",
        LifecyclePolicy.none(),
        () ->
            LifecyclePolicy.parse(
                calls
                    .read(
                        "GetLifecyclePolicy",
                        () ->
                            ecr.getLifecyclePolicy(
                                r ->
                                    r.registryId(target.accountId()).repositoryName(target.name())))
                    .lifecyclePolicyText()));
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

  /** Null where it does not tell, as of a repository that it does not know yet. */
  private @Nullable String scanFrequency(RepositoryTarget target) {
    return Absence.asEmpty(
            () ->
                calls.read(
                    "BatchGetRepositoryScanningConfiguration",
                    () ->
                        ecr.batchGetRepositoryScanningConfiguration(
                            r -> r.repositoryNames(target.name()))))
        .stream()
        .flatMap(answer -> answer.scanningConfigurations().stream())
        .map(RepositoryScanningConfiguration::scanFrequencyAsString)
        .findFirst()
        .orElse(null);
  }

  private String arn(RepositoryTarget target) {
    return "arn:"
        + partition
        + ":ecr:"
        + target.region()
        + ":"
        + target.accountId()
        + ":repository/"
        + target.name();
  }
}
