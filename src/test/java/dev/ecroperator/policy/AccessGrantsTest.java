package dev.ecroperator.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.AccessGrantSpec;
import dev.ecroperator.api.AccessPolicySpec;
import dev.ecroperator.api.ServiceGrantSpec;
import dev.ecroperator.api.Visibility;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessGrantsTest {
  private static final ServiceGrantSpec LAMBDA =
      new ServiceGrantSpec(
          "lambda.amazonaws.com",
          List.of("444455556666"),
          List.of("arn:aws:lambda:eu-west-1:444455556666:function:*"));
  private static final String ANY_FUNCTION = "arn:aws:lambda:*:*:function:*";
  private static final String ROLE = "arn:aws:iam::444455556666:role/deployer";
  private static final ServiceGrantSpec BUILD =
      new ServiceGrantSpec("codebuild.amazonaws.com", List.of("444455556666"), null);

  private static AccessPolicySpec pull(
      @Nullable List<String> accounts,
      @Nullable List<String> principals,
      @Nullable List<String> organizations,
      @Nullable List<ServiceGrantSpec> services) {
    return new AccessPolicySpec(
        new AccessGrantSpec(accounts, principals, organizations, services), null, null);
  }

  private static AccessPolicySpec push(String account) {
    return new AccessPolicySpec(
        null, new AccessGrantSpec(List.of(account), null, null, null), null);
  }

  @Test
  void pullSpelledOut() {
    AccessPolicySpec spec =
        pull(
            List.of("444455556666"),
            List.of("arn:aws:iam::444455556666:role/deployer"),
            List.of("o-abc1234567"),
            List.of(LAMBDA, BUILD));
    String actions =
        "'Action':['ecr:BatchCheckLayerAvailability','ecr:BatchGetImage','ecr:GetDownloadUrlForLayer']";
    assertThat(AccessGrants.statementsFor(spec, Visibility.PRIVATE, "aws").json())
        .isEqualTo(
            ("{'Version':'2012-10-17','Statement':["
                 + "{'Sid':'EcrOperatorPullPrincipals','Effect':'Allow','Principal':{'AWS':["
                 + "'arn:aws:iam::444455556666:role/deployer','arn:aws:iam::444455556666:root']},"
                    + actions
                    + "},{'Sid':'EcrOperatorPullOrganizations','Effect':'Allow','Principal':'*',"
                    + actions
                    + ",'Condition':{'StringEquals':{'aws:PrincipalOrgID':['o-abc1234567']}}},"
                    + "{'Sid':'EcrOperatorPullService0','Effect':'Allow','Principal':{'Service':"
                    + "'codebuild.amazonaws.com'},"
                    + actions
                    + ",'Condition':{'StringEquals':{'aws:SourceAccount':['444455556666']}}},"
                    + "{'Sid':'EcrOperatorPullService1','Effect':'Allow','Principal':{'Service':"
                    + "'lambda.amazonaws.com'},"
                    + actions
                    + ",'Condition':{'StringEquals':{'aws:SourceAccount':['444455556666']},"
                    + "'ArnLike':{'aws:SourceArn':"
                    + "['arn:aws:lambda:eu-west-1:444455556666:function:*']}}}]}")
                .replace('\'', '"'));
  }

  @Test
  void pushHasPullAndMore() {
    assertThat(
            AccessGrants.statementsFor(push("111122223333"), Visibility.PRIVATE, "aws-cn").json())
        .contains("\"EcrOperatorPushPrincipals\"", "\"arn:aws-cn:iam::111122223333:root\"")
        .contains(
            "[\"ecr:BatchCheckLayerAvailability\",\"ecr:BatchGetImage\","
                + "\"ecr:GetDownloadUrlForLayer\",\"ecr:InitiateLayerUpload\","
                + "\"ecr:UploadLayerPart\",\"ecr:CompleteLayerUpload\",\"ecr:PutImage\"]");
  }

  @Test
  void publicRepositoriesArePushedToOnly() {
    assertThat(AccessGrants.statementsFor(push("111122223333"), Visibility.PUBLIC, "aws").json())
        .contains("\"ecr-public:PutImage\"")
        .doesNotContain("\"ecr:");
    AccessPolicySpec pull = pull(null, null, null, null);
    assertThat(AccessGrantRules.problem(pull, Visibility.PUBLIC, "aws").orElseThrow())
        .startsWith("pull: ");
    assertThatThrownBy(() -> AccessGrants.statementsFor(pull, Visibility.PUBLIC, "aws"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("pull: ");
  }

  @Test
  void orderAndRepeatsOfTheUsersListsMakeNoDifference() {
    AccessPolicySpec one =
        pull(List.of("111122223333", "444455556666"), null, null, List.of(LAMBDA, BUILD));
    AccessPolicySpec other =
        pull(
            List.of("444455556666"),
            List.of("arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root"),
            null,
            List.of(BUILD, LAMBDA, BUILD));
    assertThat(AccessGrants.statementsFor(one, Visibility.PRIVATE, "aws").json())
        .isEqualTo(AccessGrants.statementsFor(other, Visibility.PRIVATE, "aws").json());
  }

  @Test
  void aValueThatIsRepeatedInAnyListIsWrittenOnce() {
    String account = "444455556666";
    String organization = "o-abc1234567";
    String arn = "arn:aws:s3:::bucket";
    AccessPolicySpec once =
        pull(
            List.of(account),
            List.of(ROLE),
            List.of(organization),
            List.of(new ServiceGrantSpec("s3.amazonaws.com", List.of(account), List.of(arn))));
    AccessPolicySpec twice =
        pull(
            List.of(account, account),
            List.of(ROLE, ROLE),
            List.of(organization, organization),
            List.of(
                new ServiceGrantSpec(
                    "s3.amazonaws.com", List.of(account, account), List.of(arn, arn))));
    assertThat(AccessGrants.statementsFor(twice, Visibility.PRIVATE, "aws").json())
        .isEqualTo(AccessGrants.statementsFor(once, Visibility.PRIVATE, "aws").json());
  }

  @Test
  void nothingGrantedIsNone() {
    assertThat(
            AccessGrants.statementsFor(
                    new AccessPolicySpec(null, null, null), Visibility.PRIVATE, "aws")
                .isNone())
        .isTrue();
    assertThat(
            AccessGrants.statementsFor(
                pull(List.of(), null, null, null), Visibility.PRIVATE, "aws"))
        .isEqualTo(PolicyDocument.none());
  }

  @Test
  void everyStatementIsOwned() {
    PolicyDocument statements =
        AccessGrants.statementsFor(
            pull(List.of("111122223333"), null, List.of("o-abc1234567"), List.of(LAMBDA)),
            Visibility.PRIVATE,
            "aws");
    PolicyDocument foreign =
        PolicyDocument.parse(
            "{\"Version\":\"2008-10-17\",\"Statement\":{\"Sid\":\"LambdaECRImageRetrievalPolicy\"}}");
    PolicyDocument merged = foreign.withStatements(AccessGrants.OWNED_SIDS, statements);
    assertThat(merged.onlyStatements(AccessGrants.OWNED_SIDS)).isEqualTo(statements);
    assertThat(merged.withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none()))
        .isEqualTo(foreign);
  }

  @Test
  void whatIsNoGrantIsRefusedByName() {
    assertRefused(pull(List.of("123"), null, null, null), "pull.accounts[0]: ");
    assertRefused(pull(null, List.of("*", "role/x"), null, null), "pull.principals[1]: ");
    assertRefused(pull(null, null, List.of("o-*"), null), "pull.organizations[0]: ");
    assertRefused(
        pull(null, null, null, List.of(LAMBDA, new ServiceGrantSpec("x.y", List.of(), null))),
        "pull.services[1]: sourceAccounts or sourceArns");
    assertRefused(
        pull(null, null, null, List.of(new ServiceGrantSpec("x.y", null, List.of(ANY_FUNCTION)))),
        "pull.services[0].sourceArns[0]: without sourceAccounts");
    for (String any :
        List.of(
            "arn:aws:s3:::*",
            "arn:aws:s3:::?/a",
            "arn:aws:lambda:*::*",
            "arn:aws:lambda:*:*:function:arn:a:b:c:d:")) {
      assertRefused(
          pull(null, null, null, List.of(new ServiceGrantSpec("x.y", null, List.of(any)))),
          "pull.services[0].sourceArns[0]: without sourceAccounts");
    }
    assertRefused(
        pull(null, null, null, List.of(new ServiceGrantSpec(null, null, List.of("arn:x")))),
        "pull.services[0].service: ");
    assertRefused(
        pull(null, null, null, List.of(new ServiceGrantSpec("x.y", null, List.of("*")))),
        "pull.services[0].sourceArns[0]: ");
    assertRefused(
        pull(null, List.of("arn:aws:iam::444455556666:role/${aws:username}"), null, null),
        "pull.principals[0]: ");
    for (String principal : List.of("arn:", "arn:aws:s3:::b", "444455556666", ROLE + "*")) {
      assertRefused(pull(null, List.of(principal), null, null), "pull.principals[0]: ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::444455556666:group/developers",
        "arn:aws:iam::444455556666:instance-profile/node",
        "arn:aws:iam::444455556666:policy/pull",
        "arn:aws:iam::444455556666:oidc-provider/token.example.com",
        "arn:aws:iam::444455556666:role/",
        "arn:aws:iam::444455556666:root/x",
        "arn:aws:iam::444455556666:assumed-role/a/b",
        "arn:aws:sts::444455556666:role/deployer",
        "arn:aws:sts::444455556666:root",
        "arn:aws:iam::444455556666:role/deployer ",
        "arn:aws:iam::444455556666:role/de ployer",
        "arn:aws:iam::444455556666:role/deployer\u00a0",
        "arn:aws:iam::444455556666:role/deployer\n",
      })
  void whatCanNeverBeAPrincipalIsRefused(String arn) {
    assertRefused(pull(null, List.of(arn), null, null), "pull.principals[0]: ");
  }

  @Test
  void aPrincipalOfAnotherPartitionIsRefused() {
    AccessPolicySpec spec = pull(null, List.of("arn:aws-cn:iam::444455556666:role/a"), null, null);
    assertRefused(spec, "pull.principals[0]: the ARN of an IAM principal of partition aws,");
    assertThat(AccessGrantRules.problem(spec, Visibility.PRIVATE, "aws-cn")).isEmpty();
  }

  @Test
  void sourcesOfOneAccountAndPrincipalsOfIamAreAccepted() {
    for (String arn :
        List.of(
            "arn:aws:s3:::bucket",
            "arn:aws:s3:::bucket/*",
            "arn:aws:lambda:*:444455556666:function:*")) {
      assertAccepted(
          pull(null, null, null, List.of(new ServiceGrantSpec("x.y", null, List.of(arn)))));
    }
    assertAccepted(
        pull(
            null,
            List.of(
                "*",
                ROLE,
                "arn:aws:iam::444455556666:root",
                "arn:aws:iam::444455556666:user/path/Me+you=@us,_.-",
                "arn:aws:sts::444455556666:assumed-role/a/b",
                "arn:aws:sts::444455556666:federated-user/me"),
            null,
            List.of(new ServiceGrantSpec("x.y", List.of("444455556666"), List.of(ANY_FUNCTION)))));
  }

  private static void assertRefused(AccessPolicySpec spec, String problem) {
    assertThat(AccessGrantRules.problem(spec, Visibility.PRIVATE, "aws").orElseThrow())
        .startsWith(problem);
  }

  private static void assertAccepted(AccessPolicySpec spec) {
    assertThat(AccessGrantRules.problem(spec, Visibility.PRIVATE, "aws")).isEmpty();
  }
}
