package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.repository.Catalog;
import dev.ecroperator.repository.ObservedRepository;
import dev.ecroperator.repository.RepositoryRegistry;
import dev.ecroperator.repository.RepositorySettings;
import dev.ecroperator.repository.RepositoryTarget;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
}
