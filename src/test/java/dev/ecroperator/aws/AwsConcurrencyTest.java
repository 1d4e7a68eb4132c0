package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.replication.Registry;
import dev.ecroperator.replication.ReplicationDocument;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bound of calls in flight is one for an account and region, whoever calls. */
class AwsConcurrencyTest {
  private static final List<String> SETTINGS =
      List.of("aws.endpointUrl", "aws.accessKeyId", "aws.secretAccessKey");
  private static final String ACCOUNT = "111122223333";

  /** The region of ECR Public, so that its calls count too. */
  private static final String REGION = "us-east-1";

  private static final int BOUND = 2;

  private final EcrSimulator ecr = EcrSimulator.start();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private AwsRegistries registries;

  @BeforeEach
  void open() {
    System.setProperty("aws.endpointUrl", ecr.endpoint().toString());
    System.setProperty("aws.accessKeyId", ACCOUNT);
    System.setProperty("aws.secretAccessKey", "secret");
    registries =
        new AwsRegistries(
            REGION,
            CallRates.BUILT_IN,
            BOUND,
            1,
            Fence.withoutDeadline(),
            Optional.empty(),
            new AwsCallMetrics(new SimpleMeterRegistry()),
            InstantSource.system());
    // So long that all that may be in flight at once is.
    ecr.latency(Duration.ofMillis(100));
    ecr.faults()
        .over(
            new Line() {
              @Override
              public boolean carries(Request request) {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                return true;
              }

              @Override
              public boolean returns(Request request) {
                inFlight.decrementAndGet();
                return true;
              }
            });
  }

  @AfterEach
  void close() {
    registries.close();
    ecr.close();
    SETTINGS.forEach(System::clearProperty);
  }

  private void delete(Visibility visibility, String name) {
    var target = new RepositoryTarget(visibility, ACCOUNT, REGION, name);
    registries.holding(target).delete(target, false);
  }

  @Test
  void repositoriesOfBothKindsAndReplicationShareIt() throws Exception {
    List<Future<?>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        String name = "app-" + i;
        ecr.backDoor(ACCOUNT, REGION).create(name);
        ecr.publicBackDoor(ACCOUNT).create(name);
        calls.add(threads.submit(() -> delete(Visibility.PRIVATE, name)));
        calls.add(threads.submit(() -> delete(Visibility.PUBLIC, name)));
        calls.add(
            threads.submit(
                () ->
                    registries
                        .at(new Registry(ACCOUNT, REGION))
                        .put(ReplicationDocument.read("{\"rules\":[]}"))));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
    assertThat(ecr.log().calls())
        .extracting(Call::operation)
        .containsOnly("DeleteRepository", "PutReplicationConfiguration");
    assertThat(ecr.log().calls()).extracting(Call::service).contains("ecr", "ecr-public");
    assertThat(ecr.log().calls()).hasSize(15);
    assertThat(most).hasValueLessThanOrEqualTo(BOUND);
  }
}
