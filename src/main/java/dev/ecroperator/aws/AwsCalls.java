package dev.ecroperator.aws;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Trace;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The calls to one service in one account and region: each waits for its turn, is counted and
 * timed, and fails as a {@link CallFailedException}. No more than a given number are in flight, so
 * that a service that hangs cannot take all of the process with it.
 */
final class AwsCalls {
  /** How long what was read counts as read right before. */
  static final Duration RECENT = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(AwsCalls.class);

  private final String service;
  private final String account;
  private final String region;
  private final CallRates rates;
  private final Turns inFlight;
  private final AwsCallMetrics metrics;
  private final Map<String, Line> lines = new ConcurrentHashMap<>();

  /** Those who wait to make one operation: the first of them alone takes tokens. */
  private record Line(Turns first, Bucket bucket) {
    static Line of(CallRates.Rate rate) {
      return new Line(new Turns(1), rate.bucket());
    }

    /** Waits until there is a token, and leaves it there. */
    void awaitToken() throws InterruptedException {
      long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
      while (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
        wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
      }
    }
  }

  /**
   * The calls of one service.
   *
   * @param service the prefix of its IAM actions, such as {@code ecr}
   * @param inFlight a turn for each call that may be in flight
   */
  AwsCalls(
      String service,
      String account,
      String region,
      CallRates rates,
      Turns inFlight,
      AwsCallMetrics metrics) {
    this.service = service;
    this.account = account;
    this.region = region;
    this.rates = rates;
    this.inFlight = inFlight;
    this.metrics = metrics;
  }

  /** Makes a call that changes nothing. */
  <T> T read(String operation, Supplier<T> call) {
    return make(operation, false, call);
  }

  /** Makes a call that changes something: without an answer, it may have done so. */
  <T> T write(String operation, Supplier<T> call) {
    return make(operation, true, call);
  }

  /**
   * Makes a call that changes what somebody else may have changed since it was read.
   *
   * @param lookAgain throws where what the call was planned on is no more; it is asked right before
   *     the call, where that had to wait for longer than {@link #RECENT}, and once more where it
   *     had to wait for so long after it
   */
  <T> T write(String operation, Runnable lookAgain, Supplier<T> call) {
    awaitTurn(operation, lookAgain);
    return send(operation, true, call);
  }

  private <T> T make(String operation, boolean changes, Supplier<T> call) {
    awaitTurn(operation, null);
    return send(operation, changes, call);
  }

  /** Makes a call whose turn it is, and gives the turn back. */
  private <T> T send(String operation, boolean changes, Supplier<T> call) {
    long started = System.nanoTime();
    String code = "Unexpected";
    try {
      T answer = call.get();
      code = "OK";
      return answer;
    } catch (SdkException e) {
      code = FailureTable.code(e);
      var trace = new Trace(operation, code, requestId(e));
      log(trace);
      Failure last = FailureTable.read(e, action(operation), changes);
      throw new CallFailedException(
          (changes ? UnclearAttempts.weigh(last, e) : last).tracedBy(trace), e);
    } finally {
      inFlight.release();
      metrics.called(account, region, operation, code, since(started));
    }
  }

  private String action(String operation) {
    return service + ":" + operation;
  }

  private void awaitTurn(String operation, @Nullable Runnable lookAgain) {
    long started = System.nanoTime();
    try {
      Line line = lines.computeIfAbsent(operation, name -> Line.of(rates.of(name)));
      line.first().acquire();
      try {
        take(line, started, lookAgain);
      } finally {
        line.first().release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallFailedException(
          new Failure(Failure.Kind.UNAVAILABLE, action(operation), "the operator is stopping"), e);
    }
    metrics.waited(operation, since(started));
  }

  /**
   * Takes a turn, and a token with it. Who waits for a token or looks again holds no turn, and who
   * waits for a turn or looks again holds no token: else tokens would be saved up beyond the burst
   * while calls hang, and all be used at once when they end.
   *
   * @param entered when it was asked for, as {@link System#nanoTime} reads
   * @param lookAgain null where there is nothing to look at
   */
  private void take(Line line, long entered, @Nullable Runnable lookAgain)
      throws InterruptedException {
    long looked = entered;
    while (true) {
      line.awaitToken();
      if (lookAgain != null && isOld(looked)) {
        lookAgain.run();
        looked = System.nanoTime();
      }
      inFlight.acquire();
      if (lookAgain == null || !isOld(looked)) {
        // It is there still, for nobody else takes one.
        line.bucket().tryConsume(1);
        return;
      }
      inFlight.release();
    }
  }

  private static boolean isOld(long looked) {
    return since(looked).compareTo(RECENT) > 0;
  }

  private static @Nullable String requestId(SdkException e) {
    return e instanceof AwsServiceException answered ? answered.requestId() : null;
  }

  private static void log(Trace failed) {
    log.atDebug()
        .addKeyValue("operation", failed.operation())
        .addKeyValue("code", failed.code())
        .addKeyValue("requestId", failed.requestId())
        .log("an AWS call failed");
  }

  private static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
