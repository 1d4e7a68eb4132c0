package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** What a caller's policies do not allow is refused before anything else. */
class PermissionTest {
  private static final String KEY = "AKIAPERMITTED";

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrClient ecr = clients.ecr(KEY, "eu-west-1");

  @BeforeEach
  void somebodysRepositories() {
    clients.ecr().createRepository(r -> r.repositoryName("ours").tags(tag("team", "a")));
    clients.ecr().createRepository(r -> r.repositoryName("theirs").tags(tag("team", "b")));
    clients.ecr().createRepository(r -> r.repositoryName("nobodys"));
  }

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private void permit(String action, String resource, String condition) {
    simulator.permit(
        KEY,
        IdentityPolicy.parse(
            """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "%s",
             "Resource": "%s", "Condition": %s}]}
            """
                .formatted(action, resource, condition)));
  }

  @Test
  void withoutPoliciesEverythingIsAllowedAndByNoneNothing() {
    assertThat(ecr.describeRepositories(r -> {}).repositories()).hasSize(3);
    simulator.permit(KEY);
    assertThat(refusal(() -> ecr.describeRepositories(r -> {})))
        .isEqualTo(
            "AccessDeniedException: User:"
                + " arn:aws:sts::111122223333:assumed-role/ecr-operator/simulator is not authorized"
                + " to perform: ecr:DescribeRepositories on resource:"
                + " arn:aws:ecr:eu-west-1:111122223333:repository/* because no identity-based"
                + " policy allows the ecr:DescribeRepositories action");
    assertThat(clients.sts(KEY).getCallerIdentity().account()).isEqualTo("111122223333");
    assertThat(clients.ecr().describeRepositories(r -> {}).repositories()).hasSize(3);
  }

  @Test
  void theTagsOfTheResourceDecide() {
    permit(
        "ecr:DeleteRepository",
        "arn:aws:ecr:*:111122223333:repository/*",
        "{\"StringLike\": {\"aws:ResourceTag/team\": [\"a*\", \"c\"]}}");

    for (String name : List.of("theirs", "nobodys", "absent")) {
      assertThat(refusal(() -> ecr.deleteRepository(r -> r.repositoryName(name))))
          .startsWith("AccessDenied")
          .contains("repository/" + name);
    }
    ecr.deleteRepository(r -> r.repositoryName("ours"));
    assertThat(simulator.usedActions()).containsExactly("ecr:DeleteRepository");
  }

  @Test
  void theTagsOfTheRequestDecideAndAreAPermissionMore() {
    permit("ecr:CreateRepository", "*", "{\"StringLike\": {\"aws:RequestTag/team\": \"a\"}}");
    assertThat(refusal(() -> ecr.createRepository(r -> r.repositoryName("new"))))
        .contains("ecr:CreateRepository");
    assertThat(
            refusal(
                () -> ecr.createRepository(r -> r.repositoryName("new").tags(tag("team", "a")))))
        .contains("ecr:TagResource on resource: arn:aws:ecr:eu-west-1:111122223333:repository/new");
  }

  @Test
  void keysAreAskedForWhereTheCustomerNamesOne() {
    permit("ecr:CreateRepository", "*", "{}");
    ecr.createRepository(
        r -> r.repositoryName("by-aws").encryptionConfiguration(e -> e.encryptionType("KMS")));
    assertThat(
            refusal(
                () ->
                    ecr.createRepository(
                        r ->
                            r.repositoryName("by-key")
                                .encryptionConfiguration(
                                    e -> e.encryptionType("KMS").kmsKey("1234")))))
        .contains("kms:DescribeKey on resource: arn:aws:kms:eu-west-1:111122223333:key/1234");
  }

  @Test
  void theFirstReplicationMakesARole() {
    permit("ecr:PutReplicationConfiguration", "*", "{}");
    assertThat(
            refusal(
                () ->
                    ecr.putReplicationConfiguration(
                        r -> r.replicationConfiguration(c -> c.rules(List.of())))))
        .contains(
            "iam:CreateServiceLinkedRole on resource:"
                + " arn:aws:iam::111122223333:role/aws-service-role/replication.ecr.amazonaws.com/");
    clients
        .ecr()
        .putReplicationConfiguration(r -> r.replicationConfiguration(c -> c.rules(List.of())));
    ecr.putReplicationConfiguration(r -> r.replicationConfiguration(c -> c.rules(List.of())));
  }

  @Test
  void conditionsOnWhatIsAbsentAreAsInIam() {
    Access bare = Access.to("ecr:UntagResource", "arn");
    assertThat(holds("Null", "true", bare)).isTrue();
    assertThat(holds("Null", "false", bare)).isFalse();
    assertThat(holds("StringEquals", "a", bare)).isFalse();
    assertThat(holds("StringLike", "*", bare)).isFalse();
    assertThat(holds("StringLikeIfExists", "a", bare)).isTrue();
    assertThat(holds("ForAllValues:StringNotEquals", "a", bare)).isTrue();
    Access given = bare.with("aws:TagKeys", List.of("b", "a"));
    assertThat(holds("Null", "true", given)).isFalse();
    assertThat(holds("StringEquals", "a", given)).isTrue();
    assertThat(holds("StringLikeIfExists", "c", given)).isFalse();
    assertThat(holds("ForAllValues:StringNotEquals", "a", given)).isFalse();
    assertThat(holds("ForAllValues:StringNotEquals", "c", given)).isTrue();
  }

  private static boolean holds(String operator, String value, Access access) {
    return IdentityPolicy.parse(
            """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:Untag*",
             "Resource": "*", "Condition": {"%s": {"AWS:tagkeys": "%s"}}}]}
            """
                .formatted(operator, value))
        .allows(access);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not JSON",
        "{\"Version\": \"2008-10-17\", \"Statement\": []}",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"*\","
            + " \"Resource\": \"*\"}]}",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"NotAction\":"
            + " \"*\", \"Resource\": \"*\"}]}",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\"}]}"
      })
  void whatIsNotUnderstoodIsNoPolicy(String text) {
    assertThatThrownBy(() -> IdentityPolicy.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aConditionThatIsNotUnderstoodIsNoPolicy() {
    assertThatThrownBy(() -> holds("NumericEquals", "1", Access.to("ecr:UntagResource", "arn")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWebIdentityIsKnownByItsTokenAndItsSessionEnds() {
    simulator.webIdentityToken("first");
    var sts = clients.sts("unused");
    assertThat(refusal(() -> assumeWith("other", sts))).startsWith("ExpiredTokenException");

    Credentials session = assumeWith("first", sts);

    assertThat(clients.ecr(session, "eu-west-1").describeRepositories(r -> {}).repositories())
        .hasSize(3);
    simulator.sessionsLast(Duration.ZERO);
    Credentials ended = assumeWith("first", sts);
    assertThat(refusal(() -> clients.ecr(ended, "eu-west-1").describeRepositories(r -> {})))
        .startsWith("ExpiredTokenException");
    assertThat(refusal(() -> clients.sts(ended).getCallerIdentity())).startsWith("ExpiredToken:");
  }

  private static Credentials assumeWith(String token, StsClient sts) {
    return sts.assumeRoleWithWebIdentity(
            r ->
                r.roleArn("arn:aws:iam::111122223333:role/ecr-operator")
                    .roleSessionName("pod")
                    .webIdentityToken(token))
        .credentials();
  }

  @Test
  void accessesCarryTagsByKey() {
    Access access =
        Access.to("ecr:TagResource", "arn").tagging(Map.of("A", "1")).tagged(Map.of("B", "2"));
    assertThat(access.context())
        .isEqualTo(
            Map.of(
                "aws:tagkeys", List.of("A"),
                "aws:requesttag/a", List.of("1"),
                "aws:resourcetag/b", List.of("2")));
  }
}
