package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ReplicationDestination;
import software.amazon.awssdk.services.ecr.model.ReplicationRule;
import software.amazon.awssdk.services.ecr.model.RepositoryFilter;

class RegistryTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final String REGION = "eu-west-1";

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
  void theBackDoorShowsMembersThatTheSdkDropsAndKeepsThem() {
    String foreign = "{\"rules\":[{\"destinations\":[],\"future\":{\"member\":1}}]}";
    simulator.backDoor(ACCOUNT, REGION).setReplication(foreign);
    assertThat(rules()).hasSize(1);
    assertThat(simulator.replicationConfiguration(ACCOUNT, REGION)).isEqualTo(foreign);
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
