package dev.ecroperator.simulator.ecr;

import static dev.ecroperator.simulator.ecr.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.EcrException;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.ServerException;

class FaultsTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final String REGION = "eu-west-1";

  private final EcrSimulator simulator = EcrSimulator.start();
  private final Faults faults = simulator.faults();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final AwsClients clients = new AwsClients(simulator.endpoint());
  private final EcrClient ecr = clients.ecr();

  @AfterEach
  void stop() {
    clients.close();
    simulator.close();
  }

  @Test
  void anErrorBeforeTheEffectChangesNothing() {
    Fault fault = faults.on("CreateRepository").error(400, "KmsException", "no such key").times(1);
    assertThat(refusal(() -> create("app"))).isEqualTo("KmsException: no such key");
    assertThat(simulator.repositories(ACCOUNT, REGION)).isEmpty();
    assertThat(fault.hits()).isEqualTo(1);
    create("app");
    assertThat(simulator.log().calls())
        .extracting(Call::status, Call::errorCode, Call::repository)
        .containsExactly(tuple(400, "KmsException", "app"), tuple(200, null, "app"));
  }

  @Test
  void anErrorAfterTheCommitIsAmbiguous() {
    faults.on("CreateRepository").errorAfterCommit(500, "ServerException", "oops").times(1);
    assertThat(refusal(() -> create("app"), ServerException.class))
        .isEqualTo("ServerException: oops");
    assertThat(simulator.repositories(ACCOUNT, REGION)).containsOnlyKeys("app");
    assertThat(refusal(() -> create("app"), RepositoryAlreadyExistsException.class)).isNotEmpty();
  }

  @Test
  void aLostAnswerLeavesTheEffect() {
    faults.on("CreateRepository").loseAnswer().times(1);
    assertThatThrownBy(() -> create("app")).isInstanceOf(SdkClientException.class);
    assertThat(simulator.repositories(ACCOUNT, REGION)).containsOnlyKeys("app");
    assertThat(simulator.log().calls()).extracting(Call::status).containsExactly(0);
    faults.on("DeleteRepository").loseRequest().times(1);
    assertThatThrownBy(() -> delete("app")).isInstanceOf(SdkClientException.class);
    assertThat(simulator.repositories(ACCOUNT, REGION)).containsOnlyKeys("app");
  }

  @Test
  void theSdksOwnRetrySeesAlreadyExistsAfterALostAnswer() {
    faults.on("CreateRepository").loseAnswer().times(1);
    assertThat(
            refusal(
                () -> clients.retryingEcr().createRepository(r -> r.repositoryName("app")),
                RepositoryAlreadyExistsException.class))
        .isNotEmpty();
    assertThat(simulator.log().count("CreateRepository")).isEqualTo(2);
  }

  @Test
  void aHungCallGoesOnWhenItsFaultIsCleared() {
    Fault fault = faults.on("CreateRepository").hang().times(1);
    CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> create("app"));
    await().atMost(PATIENCE).until(() -> fault.hits() == 1);
    assertThat(simulator.repositories(ACCOUNT, REGION)).isEmpty();
    assertThat(call).isNotDone();
    fault.clear();
    assertThat(call.join()).isNotEmpty();
  }

  @Test
  void aCallerThatGivesUpOnAHungAnswerHasItsEffect() {
    faults.on("CreateRepository").hangAfterCommit().times(1);
    try (var impatient = new AwsClients(simulator.endpoint(), Duration.ofSeconds(2))) {
      assertThatThrownBy(() -> impatient.ecr().createRepository(r -> r.repositoryName("app")))
          .isInstanceOf(SdkClientException.class);
    }
    assertThat(simulator.repositories(ACCOUNT, REGION)).containsOnlyKeys("app");
    assertThat(simulator.log().count("CreateRepository")).isEqualTo(1);
  }

  @Test
  void closingEndsHungCalls() {
    Fault fault = faults.onAny().hang().always();
    CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> create("app"));
    await().atMost(PATIENCE).until(() -> fault.hits() == 1);
    simulator.close();
    assertThat(call).failsWithin(PATIENCE);
    assertThat(simulator.repositories(ACCOUNT, REGION)).isEmpty();
  }

  @Test
  void latencyDelays() {
    faults.on("CreateRepository").latency(Duration.ofMillis(150)).times(1);
    assertThat(took(() -> create("one"))).isGreaterThan(Duration.ofMillis(149));
    simulator.latency(Duration.ofMillis(200));
    assertThat(took(() -> create("two"))).isGreaterThan(Duration.ofMillis(199));
    simulator.latency(Duration.ZERO);
  }

  @Test
  void aStaleReadMissesTheLastWrite() {
    create("app");
    create("other");
    faults.on("DescribeRepositories").staleRead().times(2);
    assertThat(refusal(() -> describe("app"), RepositoryNotFoundException.class)).isNotEmpty();
    assertThat(ecr.describeRepositories(r -> {}).repositories()).isEmpty();
    assertThat(describe("app").repositoryName()).isEqualTo("app");

    ecr.putImageTagMutability(r -> r.repositoryName("app").imageTagMutability("IMMUTABLE"));
    faults.onAny().forRepository("app").staleRead().times(2);
    assertThat(describe("other").repositoryName()).isEqualTo("other");
    assertThat(describe("app").imageTagMutabilityAsString()).isEqualTo("MUTABLE");
    assertThat(ecr.describeRepositories(r -> {}).repositories())
        .extracting(Repository::repositoryName, Repository::imageTagMutabilityAsString)
        .containsExactly(tuple("app", "MUTABLE"), tuple("other", "MUTABLE"));
    assertThat(describe("app").imageTagMutabilityAsString()).isEqualTo("IMMUTABLE");
  }

  @Test
  void writesAreNeverStale() {
    Fault fault = faults.onAny().staleRead().times(1);
    create("app");
    delete("app");
    assertThat(fault.hits()).isZero();
  }

  @Test
  void aStaleReadStillSeesTheDeleted() {
    create("app");
    delete("app");
    faults.on("DescribeRepositories").staleRead().always();
    assertThat(describe("app").repositoryName()).isEqualTo("app");
    faults.clear();
    assertThat(refusal(() -> describe("app"))).startsWith("RepositoryNotFoundException");
  }

  @Test
  void faultsStrikeOnlyWhatTheyFit() {
    faults
        .on("CreateRepository")
        .forRepository(name -> name.startsWith("team/"))
        .throttled()
        .always();
    faults.on("DeleteRepository").throttled().times(1);
    faults.onAny().where(call -> call.region().equals("us-east-1")).throttled().always();
    create("app");
    create("lib");
    assertThatThrownBy(() -> create("team/app"))
        .isInstanceOfSatisfying(
            EcrException.class, e -> assertThat(e.isThrottlingException()).isTrue());
    assertThat(refusal(() -> delete("lib"))).isEqualTo("ThrottlingException: Rate exceeded");
    delete("lib");
    assertThat(refusal(() -> clients.ecr("AKIA", "us-east-1").describeRegistry(r -> {})))
        .startsWith("Throttling");
    faults.clear();
    create("team/app");
  }

  @Test
  void accessIsDeniedInTheWordsOfAws() {
    faults.on("CreateRepository").accessDenied().times(1);
    assertThat(refusal(() -> create("app")))
        .isEqualTo(
            "AccessDeniedException: User:"
                + " arn:aws:sts::111122223333:assumed-role/ecr-operator/simulator is not authorized"
                + " to perform: ecr:CreateRepository on resource:"
                + " arn:aws:ecr:eu-west-1:111122223333:repository/app because no identity-based"
                + " policy allows the ecr:CreateRepository action");
    assertThat(simulator.repositories(ACCOUNT, REGION)).isEmpty();
  }

  @Test
  void theRateOfEachOperationIsLimitedOnItsOwn() {
    simulator.limitRate(0.001, 2);
    create("one");
    create("two");
    assertThat(refusal(() -> create("three"))).isEqualTo("ThrottlingException: Rate exceeded");
    assertThat(describe("one").repositoryName()).isEqualTo("one");
    clients.ecr("444455556666", REGION).createRepository(r -> r.repositoryName("one"));
    clients.ecr("AKIA", "us-east-1").createRepository(r -> r.repositoryName("one"));
    simulator.unlimitedRate();
    create("three");
  }

  @Test
  void theLogTellsMutationsFromReadsAndForgetsOnDemand() {
    create("app");
    describe("app");
    assertThat(simulator.log().mutations())
        .extracting(Call::operation)
        .isEqualTo(List.of("CreateRepository"));
    simulator.backDoor(ACCOUNT, REGION).recreate("app");
    assertThat(simulator.log().calls()).hasSize(2);
    simulator.log().clear();
    assertThat(simulator.log().count("CreateRepository")).isZero();
  }

  private static Duration took(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Repository describe(String name) {
    return ecr.describeRepositories(r -> r.repositoryNames(name)).repositories().getFirst();
  }

  private void delete(String name) {
    ecr.deleteRepository(r -> r.repositoryName(name));
  }

  private String create(String name) {
    return ecr.createRepository(r -> r.repositoryName(name)).repository().repositoryArn();
  }
}
