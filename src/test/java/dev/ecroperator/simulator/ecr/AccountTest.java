package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.sts.model.Credentials;

class AccountTest {
  private static final String OTHER = "444455556666";
  private static final String SIGNED_ECR = signed("ecr");

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void everyAccountAndRegionIsARegistryOfItsOwn() {
    for (EcrClient ecr :
        new EcrClient[] {
          clients.ecr(), clients.ecr(OTHER, "eu-west-1"), clients.ecr(OTHER + "KEY", "us-west-2")
        }) {
      ecr.createRepository(r -> r.repositoryName("app"));
    }
    assertThat(simulator.repositories(EcrSimulator.DEFAULT_ACCOUNT, "eu-west-1"))
        .containsOnlyKeys("app");
    assertThat(simulator.repository(OTHER, "us-west-2", "app").arn())
        .isEqualTo("arn:aws:ecr:us-west-2:444455556666:repository/app");
    assertThat(simulator.log().calls())
        .extracting(Call::region)
        .containsExactly("eu-west-1", "eu-west-1", "us-west-2");
    assertThat(simulator.repositories(OTHER, "eu-central-1")).isEmpty();
  }

  @Test
  void otherPartitionsHaveOtherNames() {
    var china =
        clients
            .ecr(OTHER, "cn-north-1")
            .createRepository(r -> r.repositoryName("app"))
            .repository();
    assertThat(china.repositoryArn())
        .isEqualTo("arn:aws-cn:ecr:cn-north-1:444455556666:repository/app");
    assertThat(china.repositoryUri())
        .isEqualTo("444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/app");
  }

  @Test
  void anAssumedRoleActsInItsAccount() {
    Credentials assumed =
        clients
            .sts("AKIASIMULATED")
            .assumeRole(
                r -> r.roleArn("arn:aws:iam::444455556666:role/path/deploy").roleSessionName("me"))
            .credentials();

    clients.ecr(assumed.accessKeyId(), "eu-west-1").createRepository(r -> r.repositoryName("app"));

    assertThat(simulator.repositories(OTHER, "eu-west-1")).containsOnlyKeys("app");
    var identity = clients.sts(assumed.accessKeyId()).getCallerIdentity();
    assertThat(identity.account()).isEqualTo(OTHER);
    assertThat(identity.arn()).isEqualTo("arn:aws:sts::444455556666:assumed-role/deploy/me");
    assertThat(assumed.expiration()).isInTheFuture();
  }

  @Test
  void stsRefusesInItsOwnWords() {
    var sts = clients.sts("AKIASIMULATED");
    assertThat(refusal(() -> sts.assumeRole(r -> r.roleArn("nonsense").roleSessionName("me"))))
        .startsWith("ValidationError");
    simulator.faults().on("AssumeRole").accessDenied().times(1);
    assertThat(
            refusal(
                () ->
                    sts.assumeRole(
                        r -> r.roleArn("arn:aws:iam::444455556666:role/x").roleSessionName("me"))))
        .startsWith(
            "AccessDenied: User: arn:aws:sts::111122223333:assumed-role/ecr-operator/simulator")
        .contains("sts:AssumeRole on resource: arn:aws:iam::444455556666:role/x");
    assertThat(simulator.log().mutations()).isEmpty();
  }

  @Test
  void anotherAccountsRegistryIsDenied() {
    assertThat(refusal(() -> clients.ecr().describeRepositories(r -> r.registryId(OTHER))))
        .startsWith("AccessDeniedException")
        .contains(
            "arn:aws:ecr:eu-west-1:444455556666:repository/*", "no resource-based policy allows");
  }

  @Test
  void whatIsNotSignedIsRefused() throws Exception {
    String target = "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories";
    assertThat(post(target, null, "{}")).contains("400", "MissingAuthenticationTokenException");
    assertThat(post(target, "Bearer x", "{}")).contains("IncompleteSignatureException");
    assertThat(post(target, signed("s3"), "{}"))
        .contains("InvalidSignatureException", "correct service: 'ecr'");
    assertThat(post(target, SIGNED_ECR, "{}")).isEqualTo("200 {\"repositories\":[]}");
    assertThat(simulator.log().calls())
        .extracting(Call::status)
        .containsExactly(400, 400, 400, 200);
  }

  @Test
  void whatIsNotUnderstoodIsRefused() throws Exception {
    String ecr = "AmazonEC2ContainerRegistry_V20150921.";
    assertThat(post(ecr + "StartImageScan", SIGNED_ECR, "{}"))
        .startsWith("400 {\"__type\":\"UnknownOperationException\"");
    assertThat(post("Other.Op", SIGNED_ECR, "{}")).contains("UnknownOperationException");
    assertThat(post(ecr + "CreateRepository", SIGNED_ECR, "{")).contains("SerializationException");
    assertThat(post(ecr + "CreateRepository", SIGNED_ECR, "{\"repositoryName\":5}"))
        .contains("SerializationException");
  }

  private String post(String target, @Nullable String authorization, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(simulator.endpoint() + "/"))
            .header("X-Amz-Target", target)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }

  private static String signed(String service) {
    return "AWS4-HMAC-SHA256 Credential=AKIA/20261101/eu-west-1/"
        + service
        + "/aws4_request, SignedHeaders=host, Signature=0";
  }
}
