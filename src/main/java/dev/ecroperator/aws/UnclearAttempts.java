package dev.ecroperator.aws;

import dev.ecroperator.convergence.Failure;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Counts the attempts of a call that AWS neither answered nor refused. The SDK makes several and
 * tells of the last one only: one that was refused, after one that took effect and whose answer was
 * lost, would be taken for a call that changed nothing.
 */
final class UnclearAttempts implements ExecutionInterceptor {
  private static final ExecutionAttribute<Integer> UNCLEAR =
      new ExecutionAttribute<>("UnclearAttempts");

  /**
   * What AWS says of an attempt whatever an earlier one has changed. That something exists, or that
   * there is no room for it, may even be the earlier one's doing.
   */
  private static final Set<Failure.Kind> OF_ONE_ATTEMPT =
      EnumSet.of(
          Failure.Kind.EXISTS,
          Failure.Kind.QUOTA,
          Failure.Kind.KMS,
          Failure.Kind.THROTTLED,
          Failure.Kind.UNAVAILABLE,
          Failure.Kind.DENIED,
          Failure.Kind.PRINCIPAL_NOT_FOUND);

  /** Marks the failure of a call of which an attempt may have taken effect. */
  private static final class Mark extends Exception {
    private static final long serialVersionUID = 1L;

    Mark() {
      super("an attempt of the call may have taken effect", null, false, false);
    }
  }

  /**
   * What the failure of a call that changes something means for all of its attempts.
   *
   * @param failure what its last attempt means
   * @param thrown the exception that told it
   */
  static Failure weigh(Failure failure, SdkException thrown) {
    boolean isMarked = Arrays.stream(thrown.getSuppressed()).anyMatch(Mark.class::isInstance);
    return isMarked && OF_ONE_ATTEMPT.contains(failure.kind())
        ? new Failure(
            Failure.Kind.AMBIGUOUS,
            failure.action(),
            failure.message() + " (an earlier attempt may have taken effect: looking again)",
            failure.trace())
        : failure;
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    attributes.putAttribute(UNCLEAR, unclear(attributes) + 1);
  }

  /** An answer is clear where it refuses: one that accepts may not be readable. */
  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    if (context.httpResponse().statusCode() / 100 == 4) {
      attributes.putAttribute(UNCLEAR, unclear(attributes) - 1);
    }
  }

  @Override
  public Throwable modifyException(
      Context.FailedExecution context, ExecutionAttributes attributes) {
    if (unclear(attributes) > 0) {
      context.exception().addSuppressed(new Mark());
    }
    return context.exception();
  }

  private static int unclear(ExecutionAttributes attributes) {
    return Objects.requireNonNullElse(attributes.getAttribute(UNCLEAR), 0);
  }
}
