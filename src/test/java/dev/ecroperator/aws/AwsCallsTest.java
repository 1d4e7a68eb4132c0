package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure.Kind;
import dev.ecroperator.convergence.Trace;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

class AwsCallsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private AwsCalls calls(int concurrency) {
    return calls(concurrency, CallRates.BUILT_IN);
  }

  private AwsCalls calls(int concurrency, CallRates rates) {
    return new AwsCalls(
        "ecr",
        "111122223333",
        "eu-west-1",
        rates,
        new Turns(concurrency),
        new AwsCallMetrics(meters));
  }

  private double counted(String code) {
    return meters
        .get("ecr_operator_aws_calls")
        .tags(
            "account", "111122223333",
            "region", "eu-west-1",
            "operation", "DescribeRepositories",
            "code", code)
        .counter()
        .count();
  }

  @Test
  void anAnswerIsPassedOnAndCounted() {
    assertThat(calls(1).read("DescribeRepositories", () -> "answer")).isEqualTo("answer");
    assertThat(counted("OK")).isEqualTo(1);
    assertThat(
            meters
                .get("ecr_operator_aws_call_seconds")
                .tag("operation", "DescribeRepositories")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(meters.get("ecr_operator_aws_wait_seconds").timer().count()).isEqualTo(1);
  }

  @Test
  void aFailureIsTranslatedAndCountedByItsCode() {
    AwsCalls calls = calls(1);
    assertThatThrownBy(
            () ->
                calls.write(
                    "DescribeRepositories",
                    () -> {
                      throw SdkClientException.create("reset");
                    }))
        .isInstanceOfSatisfying(
            CallFailedException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.AMBIGUOUS);
              assertThat(e.failure().action()).isEqualTo("ecr:DescribeRepositories");
            })
        .hasCauseInstanceOf(SdkClientException.class);
    assertThat(counted("SdkClientException")).isEqualTo(1);
  }

  @Test
  void aWriteThatMayHaveToLookAgainIsAsMuchInDoubtWithoutAnAnswer() {
    assertThatThrownBy(
            () ->
                calls(1)
                    .write(
                        "DeleteRepository",
                        () -> {},
                        () -> {
                          throw SdkClientException.create("reset");
                        }))
        .isInstanceOfSatisfying(
            CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AMBIGUOUS));
  }

  @Test
  void aFailureTellsWhatAwsHasItUnder() {
    AwsCalls calls = calls(1);
    assertThatThrownBy(
            () ->
                calls.read(
                    "DescribeRepositories",
                    () -> {
                      throw AwsServiceException.builder()
                          .requestId("7f-1")
                          .statusCode(400)
                          .awsErrorDetails(
                              AwsErrorDetails.builder().errorCode("KmsException").build())
                          .build();
                    }))
        .isInstanceOfSatisfying(
            CallFailedException.class,
            e ->
                assertThat(e.failure().trace())
                    .isEqualTo(new Trace("DescribeRepositories", "KmsException", "7f-1")));
  }

  @Test
  void aBugIsNotCountedAsOkAndGivesItsPlaceBack() {
    AwsCalls calls = calls(1);
    assertThatThrownBy(
            () ->
                calls.read(
                    "DescribeRepositories",
                    () -> {
                      throw new IllegalStateException("bug");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(counted("Unexpected")).isEqualTo(1);
    assertThat(calls.read("DescribeRepositories", () -> 1)).isEqualTo(1);
  }

  @Test
  void noMoreThanTheBoundAreInFlight() throws Exception {
    AwsCalls calls = calls(3);
    var inFlight = new AtomicInteger();
    var most = new AtomicInteger();
    var release = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        all.add(
            threads.submit(
                () ->
                    calls.read(
                        "DescribeRepositories",
                        () -> {
                          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                          awaitOrFail(release);
                          return inFlight.decrementAndGet();
                        })));
      }
      try {
        await().atMost(Duration.ofMinutes(1)).until(() -> inFlight.get() == 3);
      } finally {
        release.countDown();
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(most).hasValue(3);
    assertThat(counted("OK")).isEqualTo(12);
  }

  /** Twenty a second: eleven calls take half a second, less a token or two that came meanwhile. */
  @Test
  void callsThatWaitedForOneThatHungGoAtTheRateAfterwards() throws Exception {
    AwsCalls calls = calls(1, CallRates.parse("DescribeRepositories=20/1"));
    var hangs = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    Queue<Long> sent = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> calls.read("DescribeRepositories", () -> hang(hangs, release)));
      hangs.await();
      for (int i = 0; i < 11; i++) {
        threads.execute(
            () -> calls.read("DescribeRepositories", () -> sent.add(System.nanoTime())));
      }
      // As long as it takes to save up a token for each.
      long since = System.nanoTime();
      await().until(() -> System.nanoTime() - since > Duration.ofMillis(700).toNanos());
      release.countDown();
    }
    assertThat(sent).hasSize(11);
    assertThat(Duration.ofNanos(Collections.max(sent) - Collections.min(sent)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(350));
  }

  @Test
  void whoIsStoppedWhileItWaitsStandsInNobodysWay() throws Exception {
    AwsCalls calls = calls(1);
    var hangs = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> calls.read("DescribeRepositories", () -> hang(hangs, release)));
      hangs.await();
      var failure = new CompletableFuture<Throwable>();
      Thread stopped =
          Thread.startVirtualThread(
              () ->
                  failure.complete(
                      catchThrowable(() -> calls.read("DescribeRepositories", () -> "sent"))));
      await().until(() -> stopped.getState() == Thread.State.WAITING);
      stopped.interrupt();
      assertThat(failure.get()).isInstanceOf(CallFailedException.class);
      release.countDown();
      var next = new CompletableFuture<String>();
      Thread.startVirtualThread(
          () -> next.complete(calls.read("DescribeRepositories", () -> "answer")));
      assertThat(next).succeedsWithin(Duration.ofMinutes(1));
    }
  }

  private static int hang(CountDownLatch hangs, CountDownLatch release) {
    hangs.countDown();
    awaitOrFail(release);
    return 0;
  }

  private static void awaitOrFail(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void aProcessThatStopsMakesNoCall() {
    AwsCalls calls = calls(1);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(
              () ->
                  calls.read(
                      "DescribeRepositories",
                      () -> {
                        throw new AssertionError("called");
                      }))
          .isInstanceOfSatisfying(
              CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whoHadToWaitLooksAgainRightBeforeTheCall() throws Exception {
    AwsCalls calls = calls(1, CallRates.parse("DeleteRepository=1/1"));
    List<Future<List<String>>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        all.add(
            threads.submit(
                () -> {
                  List<String> did = new ArrayList<>();
                  // It makes calls of its own, for which there has to be a turn.
                  Runnable look = () -> calls.read("ListTagsForResource", () -> did.add("look"));
                  calls.write("DeleteRepository", look, () -> did.add("delete"));
                  return did;
                }));
      }
    }
    List<List<String>> did = new ArrayList<>();
    for (Future<List<String>> one : all) {
      did.add(one.get());
    }
    assertThat(did).contains(List.of("look", "delete"));
    assertThat(did).allMatch(each -> each.getLast().equals("delete"));
  }

  @Test
  void whatIsNoMoreAsItWasPlannedOnIsNotSent() {
    AwsCalls calls = calls(1, CallRates.parse("DeleteRepository=1/1"));
    Runnable changed =
        () -> {
          throw new IllegalStateException("changed");
        };
    assertThat(calls.write("DeleteRepository", changed, () -> "sent")).isEqualTo("sent");
    List<Future<String>> later = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        later.add(threads.submit(() -> calls.write("DeleteRepository", changed, () -> "sent")));
      }
    }
    assertThat(later).anyMatch(call -> call.state() == Future.State.FAILED);
    assertThat(calls.read("DescribeRepositories", () -> 1)).as("its turn is free").isEqualTo(1);
  }

  @Test
  void whoWaitedForItsTurnLooksAgainWithoutIt() throws Exception {
    AwsCalls calls = calls(1);
    var hangs = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    List<String> did = Collections.synchronizedList(new ArrayList<>());
    Runnable look = () -> calls.read("ListTagsForResource", () -> did.add("look"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> calls.read("DescribeRepositories", () -> hang(hangs, release)));
      hangs.await();
      Thread waits =
          Thread.startVirtualThread(
              () -> calls.write("DeleteRepository", look, () -> did.add("delete")));
      await().until(() -> waits.getState() == Thread.State.WAITING);
      long since = System.nanoTime();
      await().until(() -> System.nanoTime() - since > AwsCalls.RECENT.plusMillis(500).toNanos());
      release.countDown();
      waits.join();
    }
    assertThat(did).contains("look").endsWith("delete");
  }
}
