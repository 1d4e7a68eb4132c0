package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ecr.model.GetLifecyclePolicyResponse;
import software.amazon.awssdk.services.ecr.model.GetRepositoryPolicyResponse;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecr.model.ReplicationDestination;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryFilter;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.Tag;

/**
 * Somebody at the AWS console: sees and edits the registry of one region over the wire, by an
 * access key of their own.
 */
final class Outsider implements AutoCloseable {
  /** Whose calls are not the operator's. */
  static final String ACCESS_KEY = OperatorProcess.ACCOUNT + "OUTSIDER";

  private final SdkHttpClient http = Apache5HttpClient.builder().maxConnections(16).build();
  private final EcrClient ecr;

  Outsider(URI endpoint, String region) {
    ecr =
        EcrClient.builder()
            .httpClient(http)
            .endpointOverride(endpoint)
            .region(Region.of(region))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(ACCESS_KEY, EcrSimulator.SECRET_ACCESS_KEY)))
            .build();
  }

  /** The repository as ECR shows it; empty where there is none. */
  Optional<RepositorySnapshot> find(String name) {
    try {
      Repository found =
          ecr.describeRepositories(r -> r.repositoryNames(name)).repositories().getFirst();
      ListTagsForResourceResponse tags =
          ecr.listTagsForResource(r -> r.resourceArn(found.repositoryArn()));
      DescribeImagesResponse images = ecr.describeImages(r -> r.repositoryName(name));
      return Optional.of(
          new RepositorySnapshot(
              found.repositoryName(),
              found.repositoryArn(),
              found.repositoryUri(),
              found.createdAt(),
              found.imageTagMutabilityAsString(),
              found.imageTagMutabilityExclusionFilters().stream()
                  .map(ImageTagMutabilityExclusionFilter::filter)
                  .toList(),
              found.imageScanningConfiguration().scanOnPush(),
              found.encryptionConfiguration().encryptionTypeAsString(),
              found.encryptionConfiguration().kmsKey(),
              tags.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)),
              policy(name),
              lifecycle(name),
              images.imageDetails().size()));
    } catch (RepositoryNotFoundException e) {
      return Optional.empty();
    }
  }

  private @Nullable String policy(String name) {
    try {
      GetRepositoryPolicyResponse answer = ecr.getRepositoryPolicy(r -> r.repositoryName(name));
      return answer.policyText();
    } catch (RepositoryPolicyNotFoundException e) {
      return null;
    }
  }

  private @Nullable String lifecycle(String name) {
    try {
      GetLifecyclePolicyResponse answer = ecr.getLifecyclePolicy(r -> r.repositoryName(name));
      return answer.lifecyclePolicyText();
    } catch (LifecyclePolicyNotFoundException e) {
      return null;
    }
  }

  void create(String name, Map<String, String> tags) {
    ecr.createRepository(r -> r.repositoryName(name).tags(tags(tags)));
  }

  void delete(String name) {
    ecr.deleteRepository(r -> r.repositoryName(name).force(true));
  }

  void setMutability(String name, ImageTagMutability mutability) {
    ecr.putImageTagMutability(r -> r.repositoryName(name).imageTagMutability(mutability));
  }

  void setScanOnPush(String name, boolean scanOnPush) {
    ecr.putImageScanningConfiguration(
        r -> r.repositoryName(name).imageScanningConfiguration(s -> s.scanOnPush(scanOnPush)));
  }

  void setLifecycle(String name, String text) {
    ecr.putLifecyclePolicy(r -> r.repositoryName(name).lifecyclePolicyText(text));
  }

  void deleteLifecycle(String name) {
    ecr.deleteLifecyclePolicy(r -> r.repositoryName(name));
  }

  /** The registry's replication rules, each as "filters to regions". */
  List<String> replicationRules() {
    return ecr.describeRegistry(r -> {}).replicationConfiguration().rules().stream()
        .map(
            rule ->
                rule.repositoryFilters().stream().map(RepositoryFilter::filter).sorted().toList()
                    + " to "
                    + rule.destinations().stream()
                        .map(ReplicationDestination::region)
                        .sorted()
                        .toList())
        .toList();
  }

  void setPolicy(String name, String text) {
    ecr.setRepositoryPolicy(r -> r.repositoryName(name).policyText(text));
  }

  void deletePolicy(String name) {
    ecr.deleteRepositoryPolicy(r -> r.repositoryName(name));
  }

  void tag(String name, Map<String, String> tags) {
    ecr.tagResource(r -> r.resourceArn(arn(name)).tags(tags(tags)));
  }

  void untag(String name, String... keys) {
    ecr.untagResource(r -> r.resourceArn(arn(name)).tagKeys(keys));
  }

  void push(String name, String tag) {
    ecr.putImage(
        r ->
            r.repositoryName(name)
                .imageTag(tag)
                .imageManifestMediaType("application/vnd.oci.image.manifest.v1+json")
                .imageManifest(
                    """
                    {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                    "config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":2,\
                    "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},\
                    "layers":[]}\
                    """));
  }

  void deleteImage(String name, String tag) {
    var id = ImageIdentifier.builder().imageTag(tag).build();
    ecr.batchDeleteImage(r -> r.repositoryName(name).imageIds(id));
  }

  private String arn(String name) {
    return ecr.describeRepositories(r -> r.repositoryNames(name))
        .repositories()
        .getFirst()
        .repositoryArn();
  }

  private static Collection<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  @Override
  public void close() {
    ecr.close();
    http.close();
  }
}
