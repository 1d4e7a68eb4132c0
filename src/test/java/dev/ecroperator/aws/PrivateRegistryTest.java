package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.repository.RepositoryChange;
import dev.ecroperator.repository.RepositoryRegistry;
import dev.ecroperator.repository.RepositorySettings;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.repository.TagMutability;
import dev.ecroperator.repository.Tags;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;

/** What was listed before our own write is not believed after it. */
class PrivateRegistryTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final Duration MAX_AGE = Duration.ofMinutes(2);
  private static final String NAME = "team/app";
  private static final RepositoryTarget TARGET =
      new RepositoryTarget(Visibility.PRIVATE, ACCOUNT, "eu-west-1", NAME);
  private static final TagMutability IMMUTABLE = TagMutability.of("IMMUTABLE", List.of());

  private final EcrSimulator simulator = EcrSimulator.start();
  private final BackDoor console = simulator.backDoor(ACCOUNT, "eu-west-1");
  private final EcrClient ecr =
      LoopbackClients.of(EcrClient.builder(), simulator.endpoint(), Region.EU_WEST_1).build();
  private final AwsCalls calls =
      LoopbackClients.calls(Region.EU_WEST_1, CallRates.BUILT_IN, new Turns(10));

  /** A clock that stands: all lists stay young. */
  private final AtomicLong nanos = new AtomicLong();

  private final RepositoryInventory inventory =
      new RepositoryInventory(ecr, calls, ACCOUNT, nanos::get);

  private final RepositoryRegistry registry = new PrivateRegistry(ecr, calls, "aws", inventory);

  @BeforeEach
  void aListThatHasTheRepository() {
    console.create(NAME);
    while (inventory.find(NAME, MAX_AGE) == null) {
      // Until so many have asked that a list is worth its calls.
    }
    simulator.log().clear();
  }

  @AfterEach
  void close() {
    ecr.close();
    simulator.close();
  }

  private void makeImmutable() {
    registry.apply(TARGET, new RepositoryChange.PutImageTagMutability(IMMUTABLE), () -> {});
  }

  private String mutability() {
    RepositorySettings found = registry.find(TARGET, MAX_AGE).orElseThrow().settings();
    return Objects.requireNonNull(found.imageTagMutability()).mode();
  }

  @Test
  void whatIsListedIsNotReadOneByOne() {
    assertThat(mutability()).isEqualTo("MUTABLE");
    assertThat(simulator.log().count("DescribeRepositories")).isZero();
    assertThat(simulator.log().count("BatchGetRepositoryScanningConfiguration")).isZero();
  }

  @Test
  void aListIsNotBelievedOfWhatWeChangedSince() {
    makeImmutable();
    assertThat(mutability()).isEqualTo("IMMUTABLE");
  }

  @Test
  void aListIsNotBelievedOfWhatWeMayHaveChangedSince() {
    simulator.faults().on("PutImageTagMutability").loseAnswer().always();
    assertThatThrownBy(this::makeImmutable).isInstanceOf(CallFailedException.class);
    assertThat(mutability()).isEqualTo("IMMUTABLE");
  }

  /** It tells of neither: what it has was read before the change took effect. */
  @Test
  void aListThatWasBegunWhileOurChangeWasUnderWayIsNotBelieved() {
    simulator
        .faults()
        .over(
            Line.before(
                request -> {
                  if (request.what().equals("PutImageTagMutability")) {
                    nanos.incrementAndGet();
                    assertThat(inventory.names(Duration.ZERO)).contains(NAME);
                  }
                }));
    makeImmutable();
    assertThat(mutability()).isEqualTo("IMMUTABLE");
  }

  /** Its answer was on the way: what it has was read before the change. */
  @Test
  void aListThatWasBegunBeforeOurChangeIsNotBelieved() {
    nanos.incrementAndGet();
    simulator
        .faults()
        .over(
            Line.beforeTheAnswer(
                request -> {
                  if (request.what().equals("DescribeRepositories")) {
                    simulator.faults().over(Line.WHOLE);
                    nanos.incrementAndGet();
                    makeImmutable();
                    nanos.incrementAndGet();
                  }
                }));
    assertThat(inventory.names(Duration.ZERO)).contains(NAME);
    assertThat(mutability()).isEqualTo("IMMUTABLE");
  }

  /** Until the next one is there, the last one is served. */
  @Test
  void aListThatIsBeingReplacedIsNotBelievedOfWhatWeChangedSinceIt() {
    makeImmutable();
    nanos.incrementAndGet();
    Queue<Boolean> believed = new ConcurrentLinkedQueue<>();
    simulator
        .faults()
        .over(Line.before(request -> believed.add(inventory.find(NAME, MAX_AGE) != null)));
    assertThat(inventory.names(Duration.ZERO)).contains(NAME);
    simulator.faults().over(Line.WHOLE);

    assertThat(believed).as("while the names are listed, and their scanning").hasSize(2);
    assertThat(believed).containsOnly(false);
    assertThat(inventory.find(NAME, MAX_AGE)).isNotNull();
    assertThat(mutability()).isEqualTo("IMMUTABLE");
  }

  /** Somebody makes it anew, with other settings. */
  @Test
  void aListIsNotBelievedOfWhatWeDeletedSince() {
    registry.delete(TARGET, false, () -> {});
    assertThat(registry.find(TARGET, MAX_AGE)).isEmpty();
    createImmutable();
    assertThat(mutability()).isEqualTo("IMMUTABLE");
  }

  @Test
  void aListIsNotBelievedOfWhatWeMayHaveDeletedSince() {
    simulator.faults().on("DeleteRepository").loseAnswer().always();
    assertThatThrownBy(() -> registry.delete(TARGET, false, () -> {}))
        .isInstanceOf(CallFailedException.class);
    createImmutable();
    assertThat(mutability()).isEqualTo("IMMUTABLE");
  }

  private void createImmutable() {
    console.create(NAME);
    console.setMutability(NAME, "IMMUTABLE");
  }

  /** Somebody deleted what the list tells of, and ours is another one. */
  @Test
  void aListIsNotBelievedOfWhatWeCreatedSince() {
    console.delete(NAME);
    registry.create(
        TARGET, new RepositorySettings(IMMUTABLE, null, null, null, null, null, Tags.NONE));
    assertThat(mutability()).isEqualTo("IMMUTABLE");
  }

  @Test
  void imagesAreDeletedOnlyWhereThatIsAskedFor() {
    console.putImage(NAME, "1");
    assertThatThrownBy(() -> registry.delete(TARGET, false, () -> {}))
        .isInstanceOfSatisfying(
            CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.NOT_EMPTY));
    assertThat(simulator.repository(ACCOUNT, "eu-west-1", NAME).images()).isEqualTo(1);

    registry.delete(TARGET, true, () -> {});
    assertThat(registry.find(TARGET, Duration.ZERO)).isEmpty();
  }

  @Test
  void aRepositoryThatTheAnswerLacksIsNotThere() {
    try (var loopback = new Loopback();
        EcrClient odd =
            LoopbackClients.of(
                    EcrClient.builder(),
                    URI.create(
                        loopback.serve(asked -> Loopback.Answer.ok("{\"repositories\":[]}"))),
                    Region.EU_WEST_1)
                .build()) {
      assertThat(new PrivateRegistry(odd, calls, "aws", inventory).find(TARGET, Duration.ZERO))
          .isEmpty();
    }
  }
}
