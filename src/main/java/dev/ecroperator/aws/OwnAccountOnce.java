package dev.ecroperator.aws;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.OwnAccount;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operator's own account, asked for until it is known, and then no more. */
final class OwnAccountOnce {
  /** How long a failure to learn it answers for all that ask. */
  private static final Duration FAILURE_KEPT = Duration.ofSeconds(1);

  private final Supplier<OwnAccount> question;
  private final LongSupplier nanoTime;

  private volatile @Nullable OwnAccount known;
  private @Nullable CallFailedException lastFailure;
  private long lastFailureAt;

  /**
   * An account that is not known yet.
   *
   * @param question asks AWS, and fails with a {@link CallFailedException}
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  OwnAccountOnce(Supplier<OwnAccount> question, LongSupplier nanoTime) {
    this.question = question;
    this.nanoTime = nanoTime;
  }

  /**
   * The account.
   *
   * @throws CallFailedException where it cannot be learnt now
   */
  OwnAccount get() {
    OwnAccount answer = known;
    return answer != null ? answer : learn();
  }

  /** One learns for all that wait. */
  private synchronized OwnAccount learn() {
    OwnAccount answer = known;
    if (answer != null) {
      return answer;
    }
    if (lastFailure != null && nanoTime.getAsLong() - lastFailureAt < FAILURE_KEPT.toNanos()) {
      throw lastFailure;
    }
    try {
      answer = question.get();
      known = answer;
      return answer;
    } catch (CallFailedException e) {
      lastFailure = e;
      lastFailureAt = nanoTime.getAsLong();
      throw e;
    }
  }
}
