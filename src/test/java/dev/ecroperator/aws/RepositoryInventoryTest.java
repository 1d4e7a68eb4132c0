package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure.Kind;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.ecr.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;

class RepositoryInventoryTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final Duration MAX_AGE = Duration.ofMinutes(2);
  private static final int READ_ONE_BY_ONE = 9;

  private final EcrSimulator simulator = EcrSimulator.start();
  private final BackDoor console = simulator.backDoor(ACCOUNT, "eu-west-1");
  private final EcrClient ecr =
      LoopbackClients.of(EcrClient.builder(), simulator.endpoint(), Region.EU_WEST_1).build();

  /** Begins where it goes round soon, as a monotonic clock may. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - MAX_AGE.toNanos() / 2);

  private final RepositoryInventory inventory =
      new RepositoryInventory(ecr, calls(), ACCOUNT, nanos::get);

  private static AwsCalls calls() {
    return LoopbackClients.calls(
        Region.EU_WEST_1, CallRates.parse("DescribeRepositories=1000/1000"), new Turns(10));
  }

  @BeforeEach
  void aHundredRepositories() {
    for (int i = 0; i < 100; i++) {
      console.create(name(i));
    }
  }

  @AfterEach
  void close() {
    ecr.close();
    simulator.close();
  }

  private static String name(int i) {
    return "team/app-" + i;
  }

  private void askForAll() {
    for (int i = 0; i < 100; i++) {
      inventory.find(name(i), MAX_AGE);
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private String mutability(String name) {
    return Objects.requireNonNull(inventory.find(name, MAX_AGE), "not in the list")
        .repository()
        .imageTagMutabilityAsString();
  }

  @Test
  void aFewQuestionsAreNotWorthAList() {
    for (int i = 0; i < READ_ONE_BY_ONE; i++) {
      assertThat(inventory.find(name(i), MAX_AGE)).isNull();
    }

    assertThat(simulator.log().calls()).isEmpty();
  }

  @Test
  void aHundredRepositoriesAreSeenByOneListAndFourBatches() {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    simulator.log().clear();

    askForAll();

    assertThat(inventory.find(name(7), MAX_AGE)).isNotNull();
    assertThat(simulator.log().count("DescribeRepositories")).isEqualTo(1);
    assertThat(simulator.log().count("BatchGetRepositoryScanningConfiguration")).isEqualTo(4);
  }

  @Test
  void anEditOutOfBandIsSeenWhenTheListIsTooOld() {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    askForAll();
    console.setMutability(name(7), "IMMUTABLE");

    assertThat(mutability(name(7))).isEqualTo("MUTABLE");
    pass(MAX_AGE.plusSeconds(1));
    assertThat(mutability(name(7))).isEqualTo("IMMUTABLE");
  }

  @Test
  void aListIsNotTrustedForWhatWasChangedSinceItBegan() {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    askForAll();
    pass(Duration.ofSeconds(1));

    inventory.changed(name(7));

    assertThat(inventory.find(name(7), MAX_AGE)).isNull();
    assertThat(inventory.find(name(8), MAX_AGE)).isNotNull();
  }

  @Test
  void onlyDifferencesOfTheMonotonicClockMeanAnything() {
    for (int i = 0; i < 25; i++) {
      inventory.find(name(i), MAX_AGE);
    }
    pass(MAX_AGE.dividedBy(2).plusSeconds(1));
    assertThat(nanos).hasNegativeValue();

    assertThat(inventory.find(name(7), MAX_AGE)).isNotNull();
    inventory.changed(name(7));
    assertThat(inventory.find(name(7), MAX_AGE)).isNull();
  }

  @Test
  void whatAListLacksIsForASingleReadToConfirm() {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    askForAll();

    assertThat(inventory.find("team/other", MAX_AGE)).isNull();
  }

  @Test
  void theNewestIsNeverServedFromAList() {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    askForAll();

    assertThat(inventory.find(name(7), Duration.ZERO)).isNull();
  }

  @Test
  void whereTheListIsDeniedSingleReadsServeForAWhile() {
    simulator.faults().on("DescribeRepositories").accessDenied().always();
    askForAll();
    askForAll();

    assertThat(simulator.log().count("DescribeRepositories")).isEqualTo(1);

    simulator.faults().clear();
    pass(RepositoryInventory.DENIAL_KEPT.minusSeconds(1));
    askForAll();
    assertThat(inventory.find(name(7), MAX_AGE)).isNull();
    pass(Duration.ofSeconds(1));
    askForAll();
    assertThat(inventory.find(name(7), MAX_AGE)).isNotNull();
  }

  @Test
  void aListThatIsThrottledFailsTheLooksUntilItIsTriedAgainSoon() {
    for (int i = 0; i < READ_ONE_BY_ONE; i++) {
      inventory.find(name(i), MAX_AGE);
    }
    Fault throttled = simulator.faults().on("DescribeRepositories").throttled().always();
    int triesOfTheSdk = 0;
    for (int i = READ_ONE_BY_ONE; i < 100; i++) {
      String name = name(i);
      assertThatThrownBy(() -> inventory.find(name, MAX_AGE))
          .isInstanceOfSatisfying(
              CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.THROTTLED));
      triesOfTheSdk = triesOfTheSdk == 0 ? throttled.hits() : triesOfTheSdk;
    }
    assertThat(throttled.hits()).isEqualTo(triesOfTheSdk);

    throttled.clear();
    pass(RepositoryInventory.FAILURE_KEPT);
    assertThat(inventory.find(name(7), MAX_AGE)).isNotNull();
  }

  @Test
  void aListThatIsOutOfReachFailsTheLooksUntilItIsTriedAgainSoon() {
    for (int i = 0; i < READ_ONE_BY_ONE; i++) {
      inventory.find(name(i), MAX_AGE);
    }
    Fault expired =
        simulator
            .faults()
            .on("DescribeRepositories")
            .error(400, "ExpiredTokenException", "expired")
            .always();
    for (int i = READ_ONE_BY_ONE; i < 100; i++) {
      String name = name(i);
      assertThatThrownBy(() -> inventory.find(name, MAX_AGE))
          .isInstanceOfSatisfying(
              CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }

    expired.clear();
    pass(RepositoryInventory.FAILURE_KEPT);
    assertThat(inventory.find(name(7), MAX_AGE)).isNotNull();
  }

  @Test
  void aListThatIsNotUnderstoodIsTriedAgainSoonAndSingleReadsServeMeanwhile() {
    simulator.faults().on("DescribeRepositories").error(400, "Whatever", "?").times(1);
    askForAll();
    assertThat(inventory.find(name(7), MAX_AGE)).isNull();

    pass(RepositoryInventory.FAILURE_KEPT);
    assertThat(inventory.find(name(7), MAX_AGE)).isNotNull();
  }

  @Test
  void aListThatSucceedsEndsTheFailureBeforeIt() {
    simulator.faults().on("DescribeRepositories").accessDenied().times(1);
    askForAll();

    inventory.names(Duration.ZERO);
    pass(MAX_AGE.plusSeconds(1));

    assertThat(inventory.find(name(7), MAX_AGE)).isNotNull();
  }

  @Test
  void aBatchThatFailsLeavesTheOthersListed() {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    simulator
        .faults()
        .on("BatchGetRepositoryScanningConfiguration")
        .forRepository(name(0))
        .error(400, "ThrottlingException", "Rate exceeded")
        .always();
    askForAll();

    assertThat(inventory.find(name(0), MAX_AGE)).isNull();
    assertThat(
            IntStream.range(0, 100).filter(i -> inventory.find(name(i), MAX_AGE) != null).count())
        .isEqualTo(75);
  }

  @Test
  void batchesThatAllFailAreNotAllTried() {
    for (int i = 100; i < 200; i++) {
      console.create(name(i));
    }
    for (int i = 0; i < 200; i++) {
      inventory.find(name(i), MAX_AGE);
    }
    pass(MAX_AGE.plusSeconds(1));
    simulator.log().clear();
    simulator
        .faults()
        .on("BatchGetRepositoryScanningConfiguration")
        .error(400, "Whatever", "?")
        .always();

    inventory.names(MAX_AGE);

    assertThat(simulator.log().count("BatchGetRepositoryScanningConfiguration")).isEqualTo(3);
  }

  @Test
  void batchesWithOneThatIsGoneKeepNoOthersFromBeingListed() {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    simulator.log().clear();
    simulator
        .faults()
        .on("BatchGetRepositoryScanningConfiguration")
        .error(400, "RepositoryNotFoundException", "one of them does not exist")
        .times(3);
    askForAll();
    assertThat(simulator.log().count("BatchGetRepositoryScanningConfiguration")).isEqualTo(4);
  }

  @Test
  void batchesThatAreDeniedAreTriedOnce() {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    simulator.log().clear();
    simulator.faults().on("BatchGetRepositoryScanningConfiguration").accessDenied().always();

    inventory.names(MAX_AGE);

    assertThat(simulator.log().count("BatchGetRepositoryScanningConfiguration")).isEqualTo(1);
  }

  @Test
  void aListThatIsTooOldIsNotServedWhereTheNextIsDenied() {
    askForAll();
    simulator.faults().on("DescribeRepositories").accessDenied().always();
    assertThat(inventory.find(name(7), MAX_AGE)).isNotNull();
    pass(MAX_AGE.plusSeconds(1));

    assertThat(inventory.find(name(7), MAX_AGE)).isNull();
  }

  @Test
  void aFailureIsKeptFromWhenItCame() {
    onEachList(() -> pass(RepositoryInventory.FAILURE_KEPT.plusSeconds(1)));
    Fault expired =
        simulator
            .faults()
            .on("DescribeRepositories")
            .error(400, "ExpiredTokenException", "expired")
            .always();
    for (int i = 0; i < READ_ONE_BY_ONE; i++) {
      inventory.find(name(i), MAX_AGE);
    }
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> inventory.find(name(7), MAX_AGE))
          .isInstanceOf(CallFailedException.class);
    }
    assertThat(expired.hits()).isEqualTo(1);
  }

  @Test
  void oneListsForAllThatWait() throws Exception {
    askForAll();
    pass(MAX_AGE.plusSeconds(1));
    simulator.log().clear();
    var isListing = new CountDownLatch(1);
    var goesOn = new CountDownLatch(1);
    onEachList(
        () -> {
          isListing.countDown();
          try {
            goesOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    var first = new FutureTask<>(() -> inventory.find(name(7), MAX_AGE));
    Thread.ofVirtual().start(first);
    isListing.await();
    var second = new FutureTask<>(() -> inventory.find(name(8), MAX_AGE));
    var third = new FutureTask<>(() -> inventory.names(MAX_AGE));
    for (Thread waits :
        List.of(Thread.ofVirtual().start(second), Thread.ofVirtual().start(third))) {
      await().until(() -> waits.getState() == Thread.State.WAITING);
    }
    goesOn.countDown();

    assertThat(first.get()).isNotNull();
    assertThat(second.get()).isNotNull();
    assertThat(third.get()).hasSize(100);
    assertThat(simulator.log().count("DescribeRepositories")).isEqualTo(1);
  }

  private void onEachList(Runnable happens) {
    simulator
        .faults()
        .over(
            Line.before(
                request -> {
                  if (request.what().equals("DescribeRepositories")) {
                    happens.run();
                  }
                }));
  }

  @Test
  void namesAreKnownWhereScanningIsNot() {
    simulator.faults().on("BatchGetRepositoryScanningConfiguration").accessDenied().always();
    askForAll();

    assertThat(inventory.names(MAX_AGE)).hasSize(100);
    assertThat(inventory.find(name(7), MAX_AGE)).isNull();
    assertThat(simulator.log().count("DescribeRepositories")).isEqualTo(1);
  }

  @Test
  void namesThatCannotBeListedAreNotAskedForByEachOfMany() {
    simulator.faults().on("DescribeRepositories").accessDenied().always();
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> inventory.names(MAX_AGE)).isInstanceOf(CallFailedException.class);
    }
    assertThat(simulator.log().count("DescribeRepositories")).isEqualTo(1);

    simulator.faults().clear();
    pass(RepositoryInventory.FAILURE_KEPT);
    assertThat(inventory.names(MAX_AGE)).hasSize(100);
  }

  @Test
  void aLookThatIsAskedForGetsNamesThoughAListFailedBefore() {
    simulator.faults().on("DescribeRepositories").accessDenied().times(1);
    assertThatThrownBy(() -> inventory.names(MAX_AGE)).isInstanceOf(CallFailedException.class);

    assertThat(inventory.names(Duration.ZERO)).hasSize(100);
  }

  @Test
  void repositoriesThatAreGoneAreAskedForNoMore() {
    askForAll();
    for (int i = 0; i < 75; i++) {
      console.delete(name(i));
    }
    pass(MAX_AGE.plusSeconds(1));
    inventory.names(MAX_AGE);
    for (int i = 0; i < 75; i++) {
      console.create(name(i));
    }
    pass(MAX_AGE.plusSeconds(1));
    simulator.log().clear();

    inventory.names(MAX_AGE);

    assertThat(simulator.log().count("BatchGetRepositoryScanningConfiguration")).isEqualTo(1);
  }

  @Test
  void aListOfManyPagesIsReadToItsEnd() {
    for (int i = 100; i < 1_100; i++) {
      console.create(name(i));
    }
    inventory.find(name(1_099), MAX_AGE);

    askForAll();

    assertThat(simulator.log().count("DescribeRepositories")).isEqualTo(2);
    assertThat(inventory.find(name(1_099), MAX_AGE)).isNotNull();

    pass(MAX_AGE.plusSeconds(1));
    assertThat(inventory.find(name(0), MAX_AGE)).as("one is not worth two pages").isNull();
    assertThat(inventory.find(name(1), MAX_AGE)).as("two are").isNotNull();
  }

  /** An inventory of a registry that always answers with the same page. */
  private static NavigableSet<String> names(Loopback loopback, String page) {
    try (EcrClient odd =
        EcrClient.builder()
            .endpointOverride(URI.create(loopback.serve(asked -> Loopback.Answer.ok(page))))
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .build()) {
      return new RepositoryInventory(odd, calls(), ACCOUNT, System::nanoTime).names(MAX_AGE);
    }
  }

  @Test
  void anEmptyPageTokenIsTheEndOfTheList() {
    try (var loopback = new Loopback()) {
      assertThat(
              names(loopback, "{\"repositories\":[{\"repositoryName\":\"a\"}],\"nextToken\":\"\"}"))
          .containsExactly("a");
    }
  }

  @Test
  void aPageThatComesAgainAndAgainEndsTheList() {
    try (var loopback = new Loopback()) {
      assertThatThrownBy(() -> names(loopback, "{\"repositories\":[],\"nextToken\":\"same\"}"))
          .isInstanceOfSatisfying(
              CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
          .hasMessageContaining("ecr:DescribeRepositories");
    }
  }
}
