package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.repository.Catalog;
import dev.ecroperator.repository.ObservedRepository;
import dev.ecroperator.repository.RepositoryRegistry;
import dev.ecroperator.repository.RepositorySettings;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.simulator.ecr.BackDoor;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;

class PublicRegistryTest {
  private static final String REGION = "us-east-1";

  private final SimulatedAws aws = new SimulatedAws(REGION, 20, Fence.withoutDeadline());

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void whereThereIsNoCatalogDataTheCatalogIsEmpty() {
    var target = new RepositoryTarget(Visibility.PUBLIC, SimulatedAws.ACCOUNT, REGION, "sdk");
    aws.ecr.publicBackDoor(SimulatedAws.ACCOUNT).create("sdk");
    RepositoryRegistry registry = aws.registries.holding(target);

    ObservedRepository found = registry.find(target, Duration.ZERO).orElseThrow();

    assertThat(found.settings().catalog()).isEqualTo(Catalog.EMPTY);
    assertThat(found.unread()).isEmpty();
  }

  @Test
  void whatCameToBeInAnotherAccountIsNotTakenForTheObjects() {
    var target = new RepositoryTarget(Visibility.PUBLIC, SimulatedAws.ACCOUNT, REGION, "sdk");
    aws.credentialsOf("444455556666");
    assertThatThrownBy(
            () -> aws.registries.holding(target).create(target, RepositorySettings.UNDECLARED))
        .isInstanceOf(CallFailedException.class)
        .hasMessageContaining("444455556666:repository/sdk, which is not in 111122223333");
  }

  @Test
  void imagesAreDeletedOnlyWhereThatIsAskedFor() {
    var target = new RepositoryTarget(Visibility.PUBLIC, SimulatedAws.ACCOUNT, REGION, "sdk");
    BackDoor console = aws.ecr.publicBackDoor(SimulatedAws.ACCOUNT);
    console.create("sdk");
    console.putImage("sdk", "1");
    RepositoryRegistry registry = aws.registries.holding(target);

    assertThatThrownBy(() -> registry.delete(target, false, () -> {}))
        .isInstanceOfSatisfying(
            CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.NOT_EMPTY));
    assertThat(aws.ecr.publicRepository(SimulatedAws.ACCOUNT, "sdk").images()).isEqualTo(1);

    registry.delete(target, true, () -> {});
    assertThat(registry.find(target, Duration.ZERO)).isEmpty();
  }

  @Test
  void aRepositoryThatTheAnswerLacksIsNotThere() {
    var target = new RepositoryTarget(Visibility.PUBLIC, SimulatedAws.ACCOUNT, REGION, "sdk");
    try (var loopback = new Loopback();
        EcrPublicClient odd =
            LoopbackClients.of(
                    EcrPublicClient.builder(),
                    URI.create(
                        loopback.serve(asked -> Loopback.Answer.ok("{\"repositories\":[]}"))),
                    Region.US_EAST_1)
                .build()) {
      AwsCalls calls = LoopbackClients.calls(Region.US_EAST_1, CallRates.BUILT_IN, new Turns(1));
      assertThat(new PublicRegistry(odd, calls).find(target, Duration.ZERO)).isEmpty();
    }
  }
}
