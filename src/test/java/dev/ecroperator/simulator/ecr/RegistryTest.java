package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.RegistryPolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.ReplicationDestination;
import software.amazon.awssdk.services.ecr.model.ReplicationRule;
import software.amazon.awssdk.services.ecr.model.RepositoryFilter;

class RegistryTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final String REGION = "eu-west-1";
  private static final String ADMIT =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},
      "Action":["ecr:ReplicateImage"],"Resource":["arn:aws:ecr:eu-west-1:111122223333:repository/*"]}]}\
      """;

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrClient ecr = clients.ecr();

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void replicationIsReplacedAsAWhole() {
    assertThat(rules()).isEmpty();
    put(rule("app", destination("us-east-1")), rule("lib", destination("us-east-1")));
    assertThat(rules()).hasSize(2);
    put(rule("app", destination("us-west-2")));
    assertThat(rules()).containsExactly(rule("app", destination("us-west-2")));
    put();
    assertThat(rules()).isEmpty();
    assertThat(ecr.describeRegistry(r -> {}).registryId()).isEqualTo(ACCOUNT);
  }

  @Test
  void replicationThatAwsRefusesIsRefused() {
    assertThat(refusal(() -> put(rule("app", destination(REGION))))).contains("same as the source");
    assertThat(refusal(() -> put(rule("app")))).contains("must have a destination");
    assertThat(refusal(() -> put(rule("a", destination("us-east-1")))))
        .contains("greater than or equal to 2");
    ReplicationRule[] tooMany =
        IntStream.range(0, 26)
            .mapToObj(i -> rule("app" + i, destination("us-east-1")))
            .toArray(ReplicationRule[]::new);
    assertThat(refusal(() -> put(tooMany))).contains("less than or equal to 25");
    simulator.replicationDestinationQuota(1);
    assertThat(refusal(() -> put(rule("app", destination("us-east-1"), destination("us-east-2")))))
        .contains("unique destinations");
    assertThat(rules()).isEmpty();
  }

  @Test
  void aNumberOfDestinationsAFilterAndAnAccountHaveTheirLimits() {
    assertThat(
            refusal(
                () ->
                    put(
                        rule(
                            "app",
                            IntStream.range(0, 101)
                                .mapToObj(i -> destination("us-east-" + i))
                                .toArray(ReplicationDestination[]::new)))))
        .contains("destinations", "less than or equal to 100");
    assertThat(refusal(() -> put(rule("App", destination("us-east-1")))))
        .contains("regular expression");
    assertThat(refusal(() -> put(rule("a".repeat(257), destination("us-east-1")))))
        .contains("less than or equal to 256");
    assertThat(refusal(() -> put(rule("app", destination("US East")))))
        .contains("region", "regular expression");
    assertThat(
            refusal(() -> put(rule("app", destination("us-east-1").copy(d -> d.registryId("1"))))))
        .contains("registryId", "regular expression");
    assertThat(refusal(() -> put(rule("app", destination("cn-north-1"))))).contains("partition");
    assertThat(
            refusal(
                () ->
                    put(
                        rule("app", destination("us-east-1"))
                            .copy(r -> r.repositoryFilters(List.of())))))
        .contains("repositoryFilters", "greater than or equal to 1");
    assertThat(
            refusal(
                () ->
                    put(
                        rule("app", destination("us-east-1"))
                            .copy(
                                r ->
                                    r.repositoryFilters(
                                        RepositoryFilter.builder()
                                            .filter("app")
                                            .filterType("SUFFIX_MATCH")
                                            .build())))))
        .contains("enum");
    assertThat(rules()).isEmpty();
  }

  @Test
  void quotasCanBeLowered() {
    simulator.replicationRuleQuota(1);
    simulator.replicationFilterQuota(1);
    ReplicationRule rule = rule("app", destination("us-east-1"));
    put(rule);
    assertThat(refusal(() -> put(rule, rule("lib", destination("us-east-1")))))
        .contains("at most 1 rules");
    RepositoryFilter filter = rule.repositoryFilters().getFirst();
    assertThat(refusal(() -> put(rule.copy(r -> r.repositoryFilters(filter, filter)))))
        .contains("at most 1 filters");
    assertThat(rules()).containsExactly(rule);
  }

  @Test
  void rulesWithMembersThatNobodyKnowsAreReadAsTheyWereWrittenToTheByte() throws Exception {
    String configuration =
        """
        {"rules": [{"future":{"b":1.50,"a":[1e2,null,"\\u00e9 \\" é"]},
          "destinations":[{"registryId":"111122223333","more":true,"region":"us-east-1"}],
          "deleteReplication": {"enabled":true} }],
          "else":0 }\
        """;
    String answered = "\"replicationConfiguration\":" + configuration + "}";
    assertThat(
            post(
                "PutReplicationConfiguration",
                "{\"a\":{\"replicationConfiguration\":1}, \"replicationConfiguration\" : "
                    + configuration
                    + " , \"z\":[] }"))
        .isEqualTo("{" + answered);
    assertThat(post("DescribeRegistry", "{}"))
        .isEqualTo("{\"registryId\":\"111122223333\"," + answered);
    assertThat(simulator.replicationConfiguration(ACCOUNT, REGION)).isEqualTo(configuration);
    assertThat(rules()).hasSize(1);
  }

  @Test
  void otherRulesAreReadInOtherWordsAndAnotherOrder() throws Exception {
    String foreign =
        "{\"destinations\" :[{\"region\":\"eu-north-1\",\"registryId\":\"111122223333\"}],"
            + " \"future\":1}";
    String app =
        "{\"destinations\":[{\"region\":\"us-east-1\",\"registryId\":\"111122223333\"},"
            + "{\"region\":\"us-east-2\",\"registryId\":\"111122223333\"}],"
            + "\"repositoryFilters\":[{\"filter\":\"app\",\"filterType\":\"PREFIX_MATCH\"}]}";
    post(
        "PutReplicationConfiguration",
        "{\"replicationConfiguration\":{\"rules\":[" + app + "," + foreign + "]}}");

    String read = simulator.replicationConfiguration(ACCOUNT, REGION);
    assertThat(read)
        .startsWith("{\"rules\":[")
        .contains(foreign, "{\"filterType\":\"PREFIX_MATCH\",\"filter\":\"app\"}")
        .doesNotContain(app);
    assertThat(rules())
        .extracting(rule -> rule.destinations().stream().map(r -> r.region()).toList())
        .containsExactlyInAnyOrder(List.of("us-east-2", "us-east-1"), List.of("eu-north-1"));
  }

  @Test
  void whatSomebodyElseWroteIsReadToTheByteToo() throws Exception {
    String foreign = "{\"rules\": [{\"destinations\":[ ],\"future\":{\"member\":1.0}}]}";
    simulator.backDoor(ACCOUNT, REGION).setReplication(foreign);
    assertThat(rules()).hasSize(1);
    assertThat(post("DescribeRegistry", "")).endsWith(":" + foreign + "}");
    assertThat(simulator.replicationConfiguration(ACCOUNT, REGION)).isEqualTo(foreign);
    assertThatThrownBy(() -> simulator.backDoor(ACCOUNT, REGION).setReplication("[]"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStaleReadSeesTheConfigurationBefore() {
    put(rule("app", destination("us-east-1")));
    simulator.faults().on("DescribeRegistry").staleRead().times(1);
    assertThat(rules()).isEmpty();
    assertThat(rules()).hasSize(1);
  }

  @Test
  void theFirstConfigurationTakesTheRightToMakeARole() {
    simulator.faults().on("PutReplicationConfiguration").replicationRoleDenied().times(1);
    assertThat(refusal(() -> put(rule("app", destination("us-east-1")))))
        .isEqualTo(
            "AccessDeniedException: User:"
                + " arn:aws:sts::111122223333:assumed-role/ecr-operator/simulator is not authorized"
                + " to perform: iam:CreateServiceLinkedRole on resource:"
                + " arn:aws:iam::111122223333:role/aws-service-role/replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication"
                + " because no identity-based policy allows the iam:CreateServiceLinkedRole"
                + " action");
    assertThat(rules()).isEmpty();
    put(rule("app", destination("us-east-1")));
  }

  @Test
  void aRegistrysPolicyIsReadBackInOtherWords() {
    assertThat(refusal(() -> ecr.getRegistryPolicy(r -> {}), RegistryPolicyNotFoundException.class))
        .isEqualTo(
            "RegistryPolicyNotFoundException: Registry policy does not exist in the registry with"
                + " id '111122223333'");
    ecr.putRegistryPolicy(r -> r.policyText(ADMIT));
    var read = ecr.getRegistryPolicy(r -> {});
    assertThat(read.registryId()).isEqualTo(ACCOUNT);
    assertThat(read.policyText()).contains("\"arn:aws:iam::444455556666:root\"");
    assertThat(refusal(() -> clients.ecr("AKIA", "us-east-1").getRegistryPolicy(r -> {})))
        .startsWith("RegistryPolicyNotFoundException");
    assertThat(ecr.deleteRegistryPolicy(r -> {}).policyText()).isEqualTo(read.policyText());
    assertThat(refusal(() -> ecr.deleteRegistryPolicy(r -> {})))
        .startsWith("RegistryPolicyNotFoundException");
  }

  @Test
  void aBrokenRegistryPolicyIsRefused() {
    String invalid =
        "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy constraint:"
            + " 'Invalid registry policy provided'";
    assertThat(refusal(() -> ecr.putRegistryPolicy(r -> r.policyText("{")))).isEqualTo(invalid);
    assertThat(
            refusal(
                () -> ecr.putRegistryPolicy(r -> r.policyText(ADMIT.replace("Resource", "Other")))))
        .isEqualTo(invalid);
    assertThat(refusal(() -> ecr.putRegistryPolicy(r -> r.policyText(ADMIT + " ".repeat(10_240)))))
        .contains("equal to 10240");
    simulator.unknownPrincipal("444455556666");
    assertThat(refusal(() -> ecr.putRegistryPolicy(r -> r.policyText(ADMIT))))
        .contains("Principal not found");
  }

  @Test
  void tokensLastTwelveHours() {
    var data = ecr.getAuthorizationToken(r -> {}).authorizationData().getFirst();
    assertThat(
            new String(
                Base64.getDecoder().decode(data.authorizationToken()), StandardCharsets.UTF_8))
        .startsWith("AWS:");
    assertThat(data.expiresAt())
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(719)),
            Instant.now().plus(Duration.ofMinutes(721)));
    assertThat(data.proxyEndpoint())
        .isEqualTo("https://111122223333.dkr.ecr.eu-west-1.amazonaws.com");
  }

  private String post(String operation, String body) throws Exception {
    String target = "AmazonEC2ContainerRegistry_V20150921." + operation;
    String answer = new Wire(simulator.endpoint()).post(target, body);
    assertThat(answer).startsWith("200 ");
    return answer.substring("200 ".length());
  }

  private void put(ReplicationRule... rules) {
    ecr.putReplicationConfiguration(r -> r.replicationConfiguration(c -> c.rules(rules)));
  }

  private List<ReplicationRule> rules() {
    return ecr.describeRegistry(r -> {}).replicationConfiguration().rules();
  }

  private static ReplicationRule rule(String prefix, ReplicationDestination... destinations) {
    return ReplicationRule.builder()
        .repositoryFilters(
            RepositoryFilter.builder().filter(prefix).filterType("PREFIX_MATCH").build())
        .destinations(destinations)
        .build();
  }

  private static ReplicationDestination destination(String region) {
    return ReplicationDestination.builder().region(region).registryId(ACCOUNT).build();
  }
}
