package dev.ecroperator.simulator.ecr;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What AWS's client made of an error answer. */
final class Refusals {
  private Refusals() {}

  /** The code and message of the error that the call must end in. */
  static String refusal(ThrowingCallable call) {
    return refusal(call, AwsServiceException.class);
  }

  static String refusal(ThrowingCallable call, Class<? extends AwsServiceException> type) {
    AwsServiceException refused = catchThrowableOfType(type, call);
    if (refused == null) {
      throw new AssertionError("was not refused");
    }
    return refused.awsErrorDetails().errorCode() + ": " + refused.awsErrorDetails().errorMessage();
  }
}
