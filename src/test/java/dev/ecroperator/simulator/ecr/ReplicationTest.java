package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;
import software.amazon.awssdk.services.ecr.model.ImageReplicationStatus;
import software.amazon.awssdk.services.ecr.model.ReplicationDestination;
import software.amazon.awssdk.services.ecr.model.ReplicationRule;
import software.amazon.awssdk.services.ecr.model.RepositoryFilter;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;

class ReplicationTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final String OTHER = "444455556666";
  private static final String HERE = "eu-west-1";
  private static final String THERE = "us-east-1";
  private static final Duration LONG = Duration.ofHours(1);

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrClient ecr = clients.ecr();
  private final EcrClient ecrThere = clients.ecr(ACCOUNT, THERE);
  private final BackDoor here = simulator.backDoor(ACCOUNT, HERE);
  private final BackDoor there = simulator.backDoor(ACCOUNT, THERE);
  private final BackDoor others = simulator.backDoor(OTHER, THERE);

  @BeforeEach
  void createRepository() {
    simulator.replicationTakes(Duration.ZERO);
    here.create("app");
  }

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void whatIsPushedIsReplicatedWhereTheRulesSay() {
    replicate(ACCOUNT, THERE, "ap");
    String digest = put("{\"a\":1}", "v1");

    ImageDetail replica = describe(ecrThere, digest);
    assertThat(replica.imageTags()).containsExactly("v1");
    assertThat(replica.registryId()).isEqualTo(ACCOUNT);
    assertThat(statuses(digest)).containsExactly("us-east-1 111122223333 COMPLETE");
    assertThat(simulator.images(ACCOUNT, THERE).get("app"))
        .containsExactlyElementsOf(simulator.images(ACCOUNT, HERE).get("app"));
    assertThat(simulator.log().count("DescribeImages", ACCOUNT, THERE)).isOne();
    assertThat(simulator.log().count("DescribeImages", ACCOUNT, HERE)).isZero();
  }

  @Test
  void everyDestinationOfAllRulesIsSentToOnce() {
    String one = "{\"region\":\"us-east-1\",\"registryId\":\"111122223333\"}";
    String two = "{\"region\":\"us-west-2\",\"registryId\":\"111122223333\"}";
    here.setReplication(
        "{\"rules\":[{\"destinations\":[%s]},{\"destinations\":[%s,%s]}]}"
            .formatted(one, two, one));
    there.failArrivals("NO");
    simulator.backDoor(ACCOUNT, "us-west-2").arrivalsTake(LONG);
    assertThat(statuses(put("{\"a\":1}", "v1")))
        .containsExactly("us-east-1 111122223333 FAILED NO", "us-west-2 111122223333 IN_PROGRESS");
  }

  @Test
  void theRepositoryThereHasAwsDefaults() {
    here.setMutability("app", "IMMUTABLE");
    here.setPolicy("app", "{}");
    replicate(ACCOUNT, THERE);
    here.putImage("app", "v1");

    RepositorySnapshot replica = simulator.repository(ACCOUNT, THERE, "app");
    assertThat(replica.mutability()).isEqualTo("MUTABLE");
    assertThat(replica.encryptionType()).isEqualTo("AES256");
    assertThat(replica.policy()).isNull();
    assertThat(replica.tags()).isEmpty();
  }

  @Test
  void otherRepositoriesStay() {
    here.create("lib");
    replicate(ACCOUNT, THERE, "app", "web");
    String digest = here.putImage("lib", "v1");
    assertThat(statuses("lib", id(digest))).isEmpty();
    assertThat(simulator.repositories(ACCOUNT, THERE)).isEmpty();
  }

  @Test
  void onlyWhatIsPushedAfterwardsIsReplicated() {
    String early = put("{\"a\":1}", "v1");
    replicate(ACCOUNT, THERE);
    String late = put("{\"a\":2}", "v2");
    assertThat(statuses(early)).isEmpty();
    assertThat(statuses(late)).hasSize(1);
    here.setReplication("{\"rules\":[]}");
    assertThat(statuses(put("{\"a\":3}", "v3"))).isEmpty();
    assertThat(simulator.images(ACCOUNT, THERE).get("app"))
        .extracting(ImageSnapshot::digest)
        .containsExactly(late);
  }

  @Test
  void replicationTakesItsTime() {
    simulator.replicationTakes(LONG);
    there.arrivalsTake(LONG);
    replicate(ACCOUNT, THERE);
    String digest = put("{\"a\":1}", "v1");
    assertThat(statuses(digest)).containsExactly("us-east-1 111122223333 IN_PROGRESS");
    assertThat(simulator.repositories(ACCOUNT, THERE)).isEmpty();

    simulator.replicationTakes(Duration.ZERO);
    assertThat(statuses(digest)).containsExactly("us-east-1 111122223333 IN_PROGRESS");
    there.arrivalsTake(null);
    assertThat(statuses(digest)).containsExactly("us-east-1 111122223333 COMPLETE");
  }

  @Test
  void replicationEndsByItself() {
    Duration time = Duration.ofMillis(300);
    simulator.replicationTakes(time);
    replicate(ACCOUNT, THERE);
    Instant start = Instant.now();
    String digest = put("{\"a\":1}", "v1");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> statuses(digest).getFirst().endsWith("COMPLETE"));
    assertThat(Instant.now()).isAfterOrEqualTo(start.plus(time));
    assertThat(describe(ecrThere, digest).imagePushedAt())
        .isEqualTo(describe(ecr, digest).imagePushedAt().plus(time));
  }

  @Test
  void whatArrivesGoesNoFurther() {
    replicate(ACCOUNT, THERE);
    there.setReplication(rules(ACCOUNT, "us-west-2"));
    String digest = put("{\"a\":1}", "v1");
    assertThat(simulator.images(ACCOUNT, THERE)).containsKey("app");
    assertThat(simulator.repositories(ACCOUNT, "us-west-2")).isEmpty();
    assertThat(replicationStatuses(ecrThere, "app", id(digest))).isEmpty();
  }

  @Test
  void anImmutableTagThereStays() {
    there.create("app");
    String theirs = there.putImage("app", "v1");
    there.setMutability("app", "IMMUTABLE");
    replicate(ACCOUNT, THERE);
    String digest = put("{\"a\":1}", "v1");
    assertThat(statuses(digest)).containsExactly("us-east-1 111122223333 COMPLETE");
    assertThat(describe(ecrThere, theirs).imageTags()).containsExactly("v1");
    assertThat(describe(ecrThere, digest).hasImageTags()).isFalse();
    there.setMutability("app", "MUTABLE");
    String next = put("{\"a\":2}", "v1");
    assertThat(describe(ecrThere, theirs).hasImageTags()).isFalse();
    assertThat(describe(ecrThere, next).imageTags()).containsExactly("v1");
  }

  @Test
  void anotherTagOfAnImageIsReplicatedToo() {
    replicate(ACCOUNT, THERE);
    String digest = put("{\"a\":1}", "v1");
    put("{\"a\":1}", "v2");
    assertThat(describe(ecrThere, digest).imageTags()).containsExactly("v1", "v2");
    assertThat(statuses(digest)).hasSize(1);
  }

  @Test
  void anotherAccountLetsInWhomItsPolicyNames() {
    replicate(OTHER, THERE);
    String refused = put("{\"a\":1}", "v1");
    assertThat(statuses(refused)).containsExactly(failedAtOthers());
    others.admitReplicationFrom("777788889999");
    assertThat(statuses(put("{\"a\":2}", "v2"))).containsExactly(failedAtOthers());

    others.admitReplicationFrom("777788889999", ACCOUNT);
    String admitted = put("{\"a\":3}", "v3");
    assertThat(statuses(admitted)).containsExactly("us-east-1 444455556666 COMPLETE");
    assertThat(describe(clients.ecr(OTHER, THERE), admitted).imageTags()).containsExactly("v3");
    assertThat(statuses(refused)).containsExactly(failedAtOthers());
  }

  @Test
  void aPolicyThatCreatesNothingNeedsTheRepositoryThere() {
    replicate(OTHER, THERE);
    others.setRegistryPolicy(policy(ACCOUNT, "ecr:ReplicateImage", "*"));
    assertThat(statuses(put("{\"a\":1}", "v1"))).containsExactly(failedAtOthers());
    others.create("app");
    assertThat(statuses(put("{\"a\":2}", "v2"))).containsExactly("us-east-1 444455556666 COMPLETE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "111122223333 | ecr:* | arn:aws:ecr:us-east-1:444455556666:repository/app | COMPLETE",
        "arn:aws:iam::111122223333:root | ECR:rep*e | *repository/a?? | COMPLETE",
        "* | * | * | COMPLETE",
        "777788889999 | ecr:* | * | FAILED",
        "111122223333 | ecr:CreateRepository | * | FAILED",
        "111122223333 | ecr:* | arn:aws:ecr:us-east-1:444455556666:repository/web* | FAILED",
        "111122223333 | ecr:* | arn:aws:us-east-1:444455556666:repository/* | FAILED",
      })
  void thePolicysPrincipalActionAndResourceCount(
      String principal, String action, String resource, String status) {
    others.create("app");
    others.setRegistryPolicy(policy(principal, action, resource));
    replicate(OTHER, THERE);
    assertThat(statuses(put("{\"a\":1}", "v1")).getFirst())
        .startsWith("us-east-1 444455556666 " + status);
  }

  @Test
  void anExplicitDenyWinsAndAConditionAllowsNothing() {
    others.create("app");
    replicate(OTHER, THERE);
    String allow = policy(ACCOUNT, "ecr:*", "*");
    String both =
        allow.replace(
            "[{",
            "[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"NotAction\":\"ecr:CreateRepository\",\"Resource\":\"*\"},{");
    others.setRegistryPolicy(both);
    assertThat(statuses(put("{\"a\":1}", "v1"))).containsExactly(failedAtOthers());
    others.setRegistryPolicy(
        allow.replace(
            "[{", "[{\"Condition\":{\"StringEquals\":{\"aws:SourceAccount\":\"111122223333\"}},"));
    assertThat(statuses(put("{\"a\":2}", "v2"))).containsExactly(failedAtOthers());
    others.setRegistryPolicy(allow);
    assertThat(statuses(put("{\"a\":3}", "v3"))).containsExactly("us-east-1 444455556666 COMPLETE");
  }

  @Test
  void aDestinationFailsAsItIsTold() {
    replicate(ACCOUNT, THERE);
    there.failArrivals("QUOTA_EXCEEDED");
    String digest = put("{\"a\":1}", "v1");
    assertThat(statuses(digest)).containsExactly("us-east-1 111122223333 FAILED QUOTA_EXCEEDED");
    there.failArrivals(null);
    assertThat(statuses(put("{\"a\":2}", "v2"))).containsExactly("us-east-1 111122223333 COMPLETE");
    assertThat(statuses(digest)).first().asString().contains("FAILED");
  }

  @Test
  void deletionsStayWhereTheyAreMade() {
    replicate(ACCOUNT, THERE);
    String digest = put("{\"a\":1}", "v1");
    ecr.batchDeleteImage(r -> r.repositoryName("app").imageIds(id(digest)));
    assertThat(describe(ecrThere, digest).imageTags()).containsExactly("v1");
  }

  @Test
  void deletionsAreReplicatedWhereARuleSaysSo() {
    here.setReplication(
        rules(ACCOUNT, THERE)
            .replace("{\"dest", "{\"deleteReplication\":{\"enabled\":true},\"dest"));
    String twice = put("{\"a\":1}", "v1");
    put("{\"a\":1}", "v2");
    String once = put("{\"a\":2}", "v3");
    there.putImage("app", "own");

    ecr.batchDeleteImage(r -> r.repositoryName("app").imageIds(tag("v1")));
    assertThat(describe(ecrThere, twice).imageTags()).containsExactly("v2");
    assertThat(describe(ecrThere, once).imageTags()).containsExactly("v3");
    here.deleteImages("app");
    assertThat(simulator.images(ACCOUNT, THERE).get("app"))
        .extracting(ImageSnapshot::tags)
        .containsExactly(List.of("own"));
  }

  @Test
  void anImagePushedAgainIsANewOne() {
    replicate(ACCOUNT, THERE);
    String digest = put("{\"a\":1}", "v1");
    here.deleteImages("app");
    here.setReplication("{\"rules\":[]}");
    put("{\"a\":1}", "v1");
    assertThat(statuses(digest)).isEmpty();
  }

  @Test
  void theStatusOfWhatIsNotThereIsAnError() {
    assertThat(
            refusal(
                () -> replicationStatuses(ecr, "none", tag("v1")),
                RepositoryNotFoundException.class))
        .contains("'none' does not exist in the registry with id '111122223333'");
    assertThat(
            refusal(() -> replicationStatuses(ecr, "app", tag("v1")), ImageNotFoundException.class))
        .contains("{imageDigest:'null', imageTag:'v1'}");
    assertThat(refusal(() -> replicationStatuses(ecr, "app", ImageIdentifier.builder().build())))
        .startsWith("InvalidParameterException");
    assertThat(refusal(() -> ecr.describeImageReplicationStatus(r -> r.repositoryName("app"))))
        .contains("'imageId' failed to satisfy constraint: 'Member must not be null'");
  }

  @Test
  void theStatusNamesTheImageAsItWasAsked() {
    put("{\"a\":1}", "v1");
    var answer =
        ecr.describeImageReplicationStatus(
            r -> r.registryId(ACCOUNT).repositoryName("app").imageId(tag("v1")));
    assertThat(answer.repositoryName()).isEqualTo("app");
    assertThat(answer.imageId()).isEqualTo(tag("v1"));
    assertThat(simulator.log().mutations()).extracting(Call::operation).containsExactly("PutImage");
  }

  private void replicate(String account, String region, String... prefixes) {
    ReplicationRule.Builder rule =
        ReplicationRule.builder()
            .destinations(
                ReplicationDestination.builder().registryId(account).region(region).build());
    if (prefixes.length > 0) {
      rule.repositoryFilters(Arrays.stream(prefixes).map(ReplicationTest::filter).toList());
    }
    ecr.putReplicationConfiguration(r -> r.replicationConfiguration(c -> c.rules(rule.build())));
  }

  private static RepositoryFilter filter(String prefix) {
    return RepositoryFilter.builder().filter(prefix).filterType("PREFIX_MATCH").build();
  }

  private static String rules(String account, String region) {
    return "{\"rules\":[{\"destinations\":[{\"region\":\"%s\",\"registryId\":\"%s\"}]}]}"
        .formatted(region, account);
  }

  private static String policy(String principal, String action, String resource) {
    return "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"%s\"},\"Action\":[\"%s\"],\"Resource\":\"%s\"}]}"
        .formatted(principal, action, resource);
  }

  private static String failedAtOthers() {
    return "us-east-1 444455556666 FAILED " + EcrSimulator.REPLICATION_DENIED;
  }

  private List<String> statuses(String digest) {
    return statuses("app", id(digest));
  }

  private List<String> statuses(String repository, ImageIdentifier id) {
    return replicationStatuses(ecr, repository, id);
  }

  private static List<String> replicationStatuses(
      EcrClient client, String repository, ImageIdentifier id) {
    return client
        .describeImageReplicationStatus(r -> r.repositoryName(repository).imageId(id))
        .replicationStatuses()
        .stream()
        .map(ReplicationTest::words)
        .toList();
  }

  private static String words(ImageReplicationStatus status) {
    String words = status.region() + " " + status.registryId() + " " + status.statusAsString();
    return status.failureCode() == null ? words : words + " " + status.failureCode();
  }

  private static ImageDetail describe(EcrClient client, String digest) {
    return client
        .describeImages(r -> r.repositoryName("app").imageIds(id(digest)))
        .imageDetails()
        .getFirst();
  }

  private String put(String manifest, String tag) {
    return ecr.putImage(r -> r.repositoryName("app").imageManifest(manifest).imageTag(tag))
        .image()
        .imageId()
        .imageDigest();
  }

  private static ImageIdentifier id(String digest) {
    return ImageIdentifier.builder().imageDigest(digest).build();
  }

  private static ImageIdentifier tag(String tag) {
    return ImageIdentifier.builder().imageTag(tag).build();
  }
}
