package dev.ecroperator.aws;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * The credentials of the configured identity, which may come later, and go. One thread asks for
 * them, for all that wait, and nobody interrupts it: a call whose time is over interrupts its own
 * thread, which would end the question without an answer, and tell of nothing but that.
 *
 * <p>It is not {@link AutoCloseable}: every client that is closed would close it for all others.
 */
final class PatientCredentials implements AwsCredentialsProvider {
  /** How the message of a failure begins. */
  static final String NONE = "Unable to load credentials";

  /** How long a call waits for them: it holds a turn meanwhile, and has 6 s in all. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A question that takes longer is given up; the SDK's own clients need two minutes to fail. */
  private static final Duration LOST = Duration.ofMinutes(3);

  /** How often they are asked for anew because AWS refuses them, at most. */
  static final Duration RENEWAL = Duration.ofSeconds(5);

  private final ConfiguredIdentity identity;
  private final LongSupplier nanoTime;
  private @Nullable Question last;
  private volatile @Nullable String lastFailure;
  private long renewedAt;

  /** What is asked, or was. */
  private record Question(CompletableFuture<AwsCredentials> answer, Thread asks, long since) {}

  /**
   * Credentials by the SDK's standard settings.
   *
   * @param region whose STS gives the role of IRSA
   * @param http by which that is asked
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  PatientCredentials(Region region, SdkHttpClient http, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    identity = new ConfiguredIdentity(region, http);
    renewedAt = nanoTime.getAsLong() - RENEWAL.toNanos();
  }

  /**
   * The credentials as they are now, after 5 s at most.
   *
   * @throws SdkClientException where there are none, for whatever reason; its message begins with
   *     {@link #NONE}, and then a colon where it is known why. It has no cause: the SDK would tell
   *     of some causes in place of it
   */
  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return question().answer().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(told(Objects.requireNonNullElse(e.getCause(), e)), e);
    } catch (TimeoutException e) {
      String before = lastFailure;
      throw failure(
          before == null ? NONE + ": no answer within " + PATIENCE.toSeconds() + " s" : before, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(NONE + ": interrupted", e);
    }
  }

  private synchronized Question question() {
    long now = nanoTime.getAsLong();
    Question open = last;
    if (open != null && !open.answer().isDone()) {
      if (now - open.since() <= LOST.toNanos()) {
        return open;
      }
      open.asks().interrupt();
      identity.forget();
    }
    var answer = new CompletableFuture<AwsCredentials>();
    open = new Question(answer, Thread.ofVirtual().unstarted(() -> ask(answer)), now);
    last = open;
    open.asks().start();
    return open;
  }

  private void ask(CompletableFuture<AwsCredentials> answer) {
    try {
      AwsCredentials credentials = identity.resolve();
      lastFailure = null;
      answer.complete(credentials);
    } catch (Throwable e) {
      lastFailure = told(e);
      answer.completeExceptionally(e);
    }
  }

  private static SdkClientException failure(String message, Exception why) {
    SdkClientException failure = SdkClientException.create(message);
    failure.addSuppressed(why);
    return failure;
  }

  private static String told(Throwable failure) {
    String said = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof UnknownHostException) {
        // Of this the SDK says to see the cause.
        said = "unknown host " + e.getMessage();
      }
    }
    // The SDK shows all profiles that there are.
    String why = said.replaceFirst(": ProfileFile\\(.*", "");
    return why.equals(NONE) ? NONE : NONE + ": " + why;
  }

  /** AWS refuses them, though by the time that they were given for they would still serve. */
  synchronized void refused() {
    long now = nanoTime.getAsLong();
    if (now - renewedAt >= RENEWAL.toNanos()) {
      renewedAt = now;
      identity.forget();
    }
  }

  /** Lets go of the connections to those who give credentials. */
  void end() {
    identity.forget();
  }
}
