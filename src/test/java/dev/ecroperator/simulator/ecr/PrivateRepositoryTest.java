package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.CreateRepositoryRequest;
import software.amazon.awssdk.services.ecr.model.EncryptionType;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecr.model.LimitExceededException;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotEmptyException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.ScanningConfigurationFailureCode;
import software.amazon.awssdk.services.ecr.model.Tag;

class PrivateRepositoryTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final String REGION = "eu-west-1";
  private static final ImageTagMutabilityExclusionFilter DEV =
      ImageTagMutabilityExclusionFilter.builder().filterType("WILDCARD").filter("dev-*").build();

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrClient ecr = clients.ecr();

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void createSetsEverythingInOneCall() {
    Repository created =
        ecr.createRepository(
                r ->
                    r.repositoryName("team/app")
                        .tags(tag("team", "pay"))
                        .imageScanningConfiguration(s -> s.scanOnPush(true))
                        .imageTagMutability(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION)
                        .imageTagMutabilityExclusionFilters(DEV)
                        .encryptionConfiguration(e -> e.encryptionType(EncryptionType.AES256)))
            .repository();

    assertThat(created.repositoryArn())
        .isEqualTo("arn:aws:ecr:eu-west-1:111122223333:repository/team/app");
    assertThat(created.repositoryUri())
        .isEqualTo("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app");
    assertThat(created.registryId()).isEqualTo(ACCOUNT);
    Repository read = describe("team/app");
    assertThat(read).isEqualTo(created);
    assertThat(read.imageScanningConfiguration().scanOnPush()).isTrue();
    assertThat(read.imageTagMutabilityExclusionFilters()).containsExactly(DEV);
    assertThat(ecr.listTagsForResource(r -> r.resourceArn(created.repositoryArn())).tags())
        .containsExactly(tag("team", "pay"));
    RepositorySnapshot snapshot = simulator.repository(ACCOUNT, REGION, "team/app");
    assertThat(snapshot.createdAt()).isEqualTo(created.createdAt());
    assertThat(snapshot.mutability()).isEqualTo("IMMUTABLE_WITH_EXCLUSION");
    assertThat(snapshot.exclusionFilters()).containsExactly("dev-*");
    assertThat(snapshot.tags()).isEqualTo(Map.of("team", "pay"));
  }

  @Test
  void defaultsAreThoseOfAws() {
    create("app");

    Repository read = describe("app");
    assertThat(read.imageTagMutability()).isEqualTo(ImageTagMutability.MUTABLE);
    assertThat(read.imageScanningConfiguration().scanOnPush()).isFalse();
    assertThat(read.encryptionConfiguration().encryptionType()).isEqualTo(EncryptionType.AES256);
    assertThat(read.encryptionConfiguration().kmsKey()).isNull();
    assertThat(read.hasImageTagMutabilityExclusionFilters()).isFalse();
  }

  @Test
  void keysAreReadBackAsArns() {
    assertThat(keyReadBack("by-default", null))
        .matches("arn:aws:kms:eu-west-1:111122223333:key/[0-9a-f-]{36}");
    assertThat(keyReadBack("by-id", "1234abcd"))
        .isEqualTo("arn:aws:kms:eu-west-1:111122223333:key/1234abcd");
    String arn = "arn:aws:kms:eu-west-1:999999999999:key/1";
    assertThat(keyReadBack("by-arn", arn)).isEqualTo(arn);
    assertThat(keyReadBack("by-alias", "alias/mine"))
        .startsWith("arn:aws:kms:eu-west-1:111122223333:key/")
        .isEqualTo(keyReadBack("by-alias-arn", "arn:aws:kms:eu-west-1:111122223333:alias/mine"))
        .isNotEqualTo(keyReadBack("by-other-alias", "alias/other"));
    assertThat(
            refusal(
                () ->
                    ecr.createRepository(
                        r ->
                            r.repositoryName("app")
                                .encryptionConfiguration(
                                    e -> e.encryptionType("AES256").kmsKey("k")))))
        .startsWith("InvalidParameterException");
  }

  @Test
  void creatingTwiceIsRefused() {
    create("app");
    assertThat(refusal(() -> create("app"), RepositoryAlreadyExistsException.class))
        .isEqualTo(
            "RepositoryAlreadyExistsException: The repository with name 'app' already exists in the"
                + " registry with id '111122223333'");
  }

  @Test
  void theQuotaOfRepositoriesIsKept() {
    simulator.repositoryQuota(1);
    create("one");
    assertThat(refusal(() -> create("two"), LimitExceededException.class))
        .startsWith("LimitExceeded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "Upper", "a//b", "-a", "a_-b", "a/"})
  void namesThatAwsRefusesAreRefused(String name) {
    assertThat(refusal(() -> create(name)))
        .startsWith(
            "InvalidParameterException: Invalid parameter at 'repositoryName' failed to satisfy"
                + " constraint:");
  }

  @Test
  void namesMayHaveTheirFullLength() {
    create("a--b".repeat(64));
    assertThat(refusal(() -> create("a".repeat(257)))).contains("length less than or equal to 256");
  }

  @Test
  void unknownValuesAreRefused() {
    create("app");
    assertThat(
            refusal(
                () ->
                    ecr.putImageTagMutability(
                        r -> r.repositoryName("app").imageTagMutability("SOME"))))
        .isEqualTo(
            "InvalidParameterException: Invalid parameter at 'imageTagMutability' failed to satisfy"
                + " constraint: 'Member must satisfy enum value set: [MUTABLE, IMMUTABLE,"
                + " IMMUTABLE_WITH_EXCLUSION, MUTABLE_WITH_EXCLUSION]'");
    assertThat(refusal(() -> ecr.putImageTagMutability(r -> r.imageTagMutability("MUTABLE"))))
        .contains("'repositoryName'", "must not be null");
  }

  @Test
  void oneMissingNameFailsTheWholeDescribe() {
    create("app");
    assertThat(
            refusal(
                () -> ecr.describeRepositories(r -> r.repositoryNames("app", "gone")),
                RepositoryNotFoundException.class))
        .isEqualTo(
            "RepositoryNotFoundException: The repository with name 'gone' does not exist in the"
                + " registry with id '111122223333'");
    assertThat(refusal(() -> ecr.describeRepositories(r -> r.repositoryNames("app").maxResults(5))))
        .startsWith("InvalidParameterException");
    List<String> tooMany = IntStream.range(0, 101).mapToObj(i -> "app" + i).toList();
    assertThat(refusal(() -> ecr.describeRepositories(r -> r.repositoryNames(tooMany))))
        .contains("less than or equal to 100");
    assertThat(refusal(() -> ecr.describeRepositories(r -> r.maxResults(1001))))
        .contains("'maxResults'");
  }

  @Test
  void pagingShowsEveryRepositoryOnce() {
    IntStream.range(0, 25).forEach(i -> create("app" + i));
    assertThat(
            ecr.describeRepositoriesPaginator(r -> r.maxResults(10)).repositories().stream()
                .map(Repository::repositoryName))
        .hasSize(25)
        .doesNotHaveDuplicates();
    assertThat(simulator.log().count("DescribeRepositories")).isEqualTo(3);
    assertThat(refusal(() -> ecr.describeRepositories(r -> r.nextToken("nonsense"))))
        .contains("'nextToken'");
  }

  @Test
  void deletingImagesTakesForce() {
    create("app");
    simulator.backDoor(ACCOUNT, REGION).putImage("app", "v1");
    assertThat(
            refusal(
                () -> ecr.deleteRepository(r -> r.repositoryName("app")),
                RepositoryNotEmptyException.class))
        .contains("still contains images");
    ecr.deleteRepository(r -> r.repositoryName("app").force(true));
    assertThat(refusal(() -> ecr.deleteRepository(r -> r.repositoryName("app").force(true))))
        .startsWith("RepositoryNotFoundException");
    assertThat(simulator.repositories(ACCOUNT, REGION)).isEmpty();
  }

  @Test
  void tagsMergeAndGoByUntagging() {
    String arn = create("app");
    ecr.tagResource(r -> r.resourceArn(arn).tags(tag("a", "1"), tag("b", "2")));
    ecr.tagResource(r -> r.resourceArn(arn).tags(tag("b", "3"), tag("c", "4")));
    ecr.untagResource(r -> r.resourceArn(arn).tagKeys("a", "none"));

    assertThat(ecr.listTagsForResource(r -> r.resourceArn(arn)).tags())
        .containsExactlyInAnyOrder(tag("b", "3"), tag("c", "4"));
    assertThat(refusal(() -> ecr.tagResource(r -> r.resourceArn(arn).tags(tag("aws:x", "1")))))
        .startsWith("InvalidTagParameterException");
    assertThat(
            refusal(() -> ecr.tagResource(r -> r.resourceArn(arn).tags(tag("k".repeat(129), "1")))))
        .startsWith("InvalidTagParameterException");
    List<Tag> many = IntStream.range(0, 49).mapToObj(i -> tag("k" + i, "v")).toList();
    assertThat(refusal(() -> ecr.tagResource(r -> r.resourceArn(arn).tags(many))))
        .startsWith("TooManyTagsException");
    assertThat(refusal(() -> ecr.listTagsForResource(r -> r.resourceArn(arn + "x"))))
        .startsWith("RepositoryNotFoundException");
    assertThat(
            refusal(
                () ->
                    ecr.listTagsForResource(
                        r -> r.resourceArn("arn:aws:ecr:us-east-1:1:repository/app"))))
        .contains("'resourceArn'");
  }

  @Test
  void exclusionFiltersGoWithExclusionOnly() {
    create("app");
    ecr.putImageTagMutability(
        r ->
            r.repositoryName("app")
                .imageTagMutability("MUTABLE_WITH_EXCLUSION")
                .imageTagMutabilityExclusionFilters(DEV));
    assertThat(describe("app").imageTagMutabilityExclusionFilters()).containsExactly(DEV);
    ecr.putImageTagMutability(r -> r.repositoryName("app").imageTagMutability("IMMUTABLE"));
    assertThat(describe("app").hasImageTagMutabilityExclusionFilters()).isFalse();

    assertThat(mutabilityRefused("IMMUTABLE_WITH_EXCLUSION")).contains("required");
    assertThat(mutabilityRefused("IMMUTABLE", DEV)).contains("not allowed");
    ImageTagMutabilityExclusionFilter stars = DEV.copy(f -> f.filter("*a*b*"));
    assertThat(mutabilityRefused("IMMUTABLE_WITH_EXCLUSION", stars)).contains("wildcards");
    assertThat(mutabilityRefused("IMMUTABLE_WITH_EXCLUSION", DEV, DEV, DEV, DEV, DEV, DEV))
        .contains("equal to 5");
  }

  @Test
  void effectiveScanningMayComeFromTheRegistry() {
    create("own");
    create("none");
    create("team/app");
    ecr.putImageScanningConfiguration(
        r -> r.repositoryName("own").imageScanningConfiguration(s -> s.scanOnPush(true)));
    simulator.backDoor(ACCOUNT, REGION).setRegistryScanning("team/*", "CONTINUOUS_SCAN");

    var answer =
        ecr.batchGetRepositoryScanningConfiguration(
            r -> r.repositoryNames("own", "none", "team/app", "gone"));

    assertThat(answer.scanningConfigurations())
        .extracting(s -> s.scanFrequencyAsString())
        .containsExactly("SCAN_ON_PUSH", "MANUAL", "CONTINUOUS_SCAN");
    assertThat(answer.failures())
        .extracting(f -> f.failureCode())
        .containsExactly(ScanningConfigurationFailureCode.REPOSITORY_NOT_FOUND);
    assertThat(describe("own").imageScanningConfiguration().scanOnPush()).isTrue();
    assertThat(describe("team/app").imageScanningConfiguration().scanOnPush()).isFalse();
    List<String> tooMany = IntStream.range(0, 26).mapToObj(i -> "app" + i).toList();
    assertThat(
            refusal(
                () -> ecr.batchGetRepositoryScanningConfiguration(r -> r.repositoryNames(tooMany))))
        .contains("less than or equal to 25");
  }

  private String mutabilityRefused(String mode, ImageTagMutabilityExclusionFilter... filters) {
    return refusal(
        () ->
            ecr.putImageTagMutability(
                r -> {
                  r.repositoryName("app").imageTagMutability(mode);
                  if (filters.length > 0) {
                    r.imageTagMutabilityExclusionFilters(filters);
                  }
                }));
  }

  private String keyReadBack(String name, @Nullable String key) {
    CreateRepositoryRequest request =
        CreateRepositoryRequest.builder()
            .repositoryName(name)
            .encryptionConfiguration(e -> e.encryptionType(EncryptionType.KMS).kmsKey(key))
            .build();
    return ecr.createRepository(request).repository().encryptionConfiguration().kmsKey();
  }

  private String create(String name) {
    return ecr.createRepository(r -> r.repositoryName(name)).repository().repositoryArn();
  }

  private Repository describe(String name) {
    return ecr.describeRepositories(r -> r.repositoryNames(name)).repositories().getFirst();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
