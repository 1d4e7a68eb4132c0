package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.CountedLine;
import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bound of calls in flight is one for an account and region, whoever calls. */
class AwsConcurrencyTest {
  /** The region of ECR Public, so that its calls count too. */
  private static final String REGION = "us-east-1";

  private static final int BOUND = 2;

  private final SimulatedAws aws = new SimulatedAws(REGION, BOUND, Fence.withoutDeadline());
  private final EcrSimulator ecr = aws.ecr;

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void repositoriesOfBothKindsAndReplicationShareIt() throws Exception {
    var line = new CountedLine();
    // So long that all that may be in flight at once is.
    ecr.latency(Duration.ofMillis(100));
    ecr.faults().over(line);
    List<Future<?>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        String name = "app-" + i;
        ecr.backDoor(SimulatedAws.ACCOUNT, REGION).create(name);
        ecr.publicBackDoor(SimulatedAws.ACCOUNT).create(name);
        calls.add(threads.submit(() -> aws.delete(Visibility.PRIVATE, REGION, name)));
        calls.add(threads.submit(() -> aws.delete(Visibility.PUBLIC, REGION, name)));
        calls.add(threads.submit(() -> aws.replicateNothing(REGION)));
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
    assertThat(line.most()).isLessThanOrEqualTo(BOUND);
  }

  @Test
  void eachRegionHasItsOwn() throws Exception {
    var together = new CountDownLatch(2 * BOUND);
    ecr.faults().over(new Meeting(together));
    List<Future<?>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String region : List.of(REGION, "eu-west-1")) {
        for (int i = 0; i < BOUND; i++) {
          String name = "app-" + i;
          calls.add(threads.submit(() -> aws.delete(Visibility.PRIVATE, region, name)));
        }
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
    assertThat(together.getCount()).isZero();
    assertThat(ecr.log().calls()).as("none was tried again").hasSize(2 * BOUND);
  }

  /** Where each request waits for the others, and in vain where they do not come meanwhile. */
  private record Meeting(CountDownLatch together) implements Line {
    @Override
    public boolean carries(Request request) {
      together.countDown();
      try {
        return together.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public boolean returns(Request request) {
      return true;
    }
  }
}
