package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.sts.model.Credentials;

class AccountTest {
  private static final String OTHER = "444455556666";

  private final EcrSimulator simulator = EcrSimulator.start();
  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final Wire wire = new Wire(simulator.endpoint());

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

    clients.ecr(assumed, "eu-west-1").createRepository(r -> r.repositoryName("app"));

    assertThat(simulator.repositories(OTHER, "eu-west-1")).containsOnlyKeys("app");
    var identity = clients.sts(assumed).getCallerIdentity();
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
    assertThat(wire.send(wire.unsigned(target, Map.of()), "{}"))
        .contains("400", "MissingAuthenticationTokenException");
    assertThat(wire.send(wire.unsigned(target, Map.of("Authorization", "Bearer x")), "{}"))
        .contains("IncompleteSignatureException");
    var by = AwsCredentialsIdentity.create("AKIA", EcrSimulator.SECRET_ACCESS_KEY);
    assertThat(wire.send(wire.signed(target, "{}", by, "s3"), "{}"))
        .contains("InvalidSignatureException", "correct service: 'ecr'");
    assertThat(wire.post(target, "{}")).isEqualTo("200 {\"repositories\":[]}");
    assertThat(simulator.log().calls())
        .extracting(Call::status)
        .containsExactly(400, 400, 400, 200);
  }

  @Test
  void whatIsChangedAfterItWasSignedIsRefused() throws Exception {
    String target = "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories";
    SdkHttpRequest signed = wire.signed(target, "{}");
    String mismatch = "400 {\"__type\":\"InvalidSignatureException\"";
    assertThat(wire.send(signed, "{\"maxResults\":1}")).startsWith(mismatch);
    assertThat(
            wire.send(
                signed.copy(r -> r.putHeader("X-Amz-Target", target.replace("es", "s"))), "{}"))
        .startsWith(mismatch);
    assertThat(wire.send(signed.copy(r -> r.removeHeader("X-Amz-Date")), "{}"))
        .startsWith(mismatch);
    var otherSecret = AwsCredentialsIdentity.create("AKIA", "another");
    assertThat(wire.send(wire.signed(target, "{}", otherSecret, "ecr"), "{}")).startsWith(mismatch);
  }

  @Test
  void aSessionIsKnownByItsTokenToo() throws Exception {
    Credentials session =
        clients
            .sts("111122223333")
            .assumeRole(r -> r.roleArn("arn:aws:iam::444455556666:role/x").roleSessionName("x1"))
            .credentials();
    String target = "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories";
    var whole =
        AwsSessionCredentialsIdentity.create(
            session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    var withoutToken =
        AwsCredentialsIdentity.create(session.accessKeyId(), session.secretAccessKey());
    assertThat(wire.send(wire.signed(target, "{}", whole, "ecr"), "{}")).startsWith("200");
    assertThat(wire.send(wire.signed(target, "{}", withoutToken, "ecr"), "{}"))
        .startsWith("400 {\"__type\":\"UnrecognizedClientException\"");
  }

  @Test
  void whatIsNotUnderstoodIsRefused() throws Exception {
    String ecr = "AmazonEC2ContainerRegistry_V20150921.";
    assertThat(wire.post(ecr + "StartImageScan", "{}"))
        .startsWith("400 {\"__type\":\"UnknownOperationException\"");
    assertThat(wire.post("Other.Op", "{}")).contains("UnknownOperationException");
    assertThat(wire.post(ecr + "CreateRepository", "{")).contains("SerializationException");
    assertThat(wire.post(ecr + "CreateRepository", "{\"repositoryName\":5}"))
        .contains("SerializationException");
  }
}
