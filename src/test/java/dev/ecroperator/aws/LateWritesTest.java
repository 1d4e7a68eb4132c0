package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.repository.AccessPolicy.Scope;
import dev.ecroperator.repository.Catalog;
import dev.ecroperator.repository.RepositoryChange;
import dev.ecroperator.repository.RepositoryRegistry;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;

/**
 * What others may have changed since it was read is looked at once more where the write had to wait
 * for its turn, by the registries of both kinds.
 */
class LateWritesTest {
  private static final String ACCOUNT = EcrSimulator.DEFAULT_ACCOUNT;
  private static final Region REGION = Region.US_EAST_1;
  private static final String POLICY =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Pull\",\"Effect\":\"Allow\","
          + "\"Principal\":\"*\",\"Action\":\"ecr:BatchGetImage\"}]}";

  private final EcrSimulator simulator = EcrSimulator.start();
  private final EcrClient ecr =
      LoopbackClients.of(EcrClient.builder(), simulator.endpoint(), REGION).build();
  private final EcrPublicClient ecrPublic =
      LoopbackClients.of(EcrPublicClient.builder(), simulator.endpoint(), REGION).build();

  private final Turns turns = new Turns(1);
  private final AwsCalls calls = LoopbackClients.calls(REGION, CallRates.BUILT_IN, turns);
  private final RepositoryRegistry privately =
      new PrivateRegistry(
          ecr, calls, "aws", new RepositoryInventory(ecr, calls, ACCOUNT, System::nanoTime));
  private final RepositoryRegistry publicly = new PublicRegistry(ecrPublic, calls);

  /** A write to a repository that is named as the operation. */
  private record Write(RepositoryRegistry registry, RepositoryTarget target, Sending sending) {
    void send() {
      sending.by(registry, target, this::look);
    }

    /** By a call that needs a turn of its own, as one looks at an owner tag. */
    private void look() {
      if (registry.tags(target).isEmpty()) {
        throw new CallFailedException(
            new Failure(Failure.Kind.CHANGED, "ecr:" + target.name(), "is gone"));
      }
    }
  }

  @FunctionalInterface
  private interface Sending {
    void by(RepositoryRegistry registry, RepositoryTarget target, Runnable lookAgain);
  }

  private static Sending change(RepositoryChange change) {
    return (registry, target, lookAgain) -> registry.apply(target, change, lookAgain);
  }

  private List<Write> writes() {
    List<Write> all = new ArrayList<>();
    ofBoth()
        .forEach(
            (operation, sending) -> {
              all.add(write(Visibility.PRIVATE, privately, operation, sending));
              all.add(write(Visibility.PUBLIC, publicly, operation, sending));
            });
    var catalog =
        new RepositoryChange.PutRepositoryCatalogData(
            Catalog.EMPTY, new Catalog("ours", null, null, null, null));
    all.add(write(Visibility.PUBLIC, publicly, "put-repository-catalog-data", change(catalog)));
    return all;
  }

  private static Map<String, Sending> ofBoth() {
    return new TreeMap<>(
        Map.of(
            "tag-resource",
            change(
                new RepositoryChange.TagResource(
                    new TreeMap<>(Map.of("ecroperator.dev/owner", "us")))),
            "set-repository-policy",
            change(
                new RepositoryChange.SetRepositoryPolicy(
                    Scope.DOCUMENT, PolicyDocument.parse(POLICY))),
            "delete-repository-policy",
            change(new RepositoryChange.DeleteRepositoryPolicy(Scope.DOCUMENT)),
            "delete-repository",
            (registry, target, lookAgain) -> registry.delete(target, true, lookAgain)));
  }

  private static Write write(
      Visibility visibility, RepositoryRegistry registry, String name, Sending sending) {
    return new Write(
        registry, new RepositoryTarget(visibility, ACCOUNT, REGION.id(), name), sending);
  }

  private BackDoor console(Write write) {
    return write.target().visibility() == Visibility.PUBLIC
        ? simulator.publicBackDoor(ACCOUNT)
        : simulator.backDoor(ACCOUNT, REGION.id());
  }

  @AfterEach
  void close() {
    ecr.close();
    ecrPublic.close();
    simulator.close();
  }

  @Test
  void whatHadNotToWaitIsSentWithoutAnotherLook() {
    for (Write write : writes()) {
      console(write).create(write.target().name());
      write.send();
    }
    assertThat(simulator.log().calls()).hasSize(writes().size());
  }

  @Test
  void whatIsNoMoreAsItWasPlannedOnIsNotSent() throws Exception {
    List<FutureTask<Void>> late = new ArrayList<>();
    turns.acquire();
    for (Write write : writes()) {
      console(write).create(write.target().name());
      var sending = new FutureTask<Void>(write::send, null);
      late.add(sending);
      Thread waits = Thread.startVirtualThread(sending);
      await().until(() -> waits.getState() == Thread.State.WAITING);
    }
    long since = System.nanoTime();
    await().until(() -> System.nanoTime() - since > AwsCalls.RECENT.toNanos());
    for (Write write : writes()) {
      console(write).delete(write.target().name());
    }
    turns.release();

    assertThat(late)
        .allSatisfy(
            sending ->
                assertThat(sending)
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableThat()
                    .withMessageContaining("is gone"));
    assertThat(simulator.log().mutations()).isEmpty();
  }
}
