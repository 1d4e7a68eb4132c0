package dev.ecroperator.aws;

import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Has credentials asked for anew that AWS knows no more: the SDK keeps them until the time that
 * they were given for is over, which may be hours.
 */
final class RefusedCredentials implements ExecutionInterceptor {
  private static final Set<String> CODES =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "UnrecognizedClientException");

  private final PatientCredentials credentials;

  RefusedCredentials(PatientCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    if (context.exception() instanceof AwsServiceException answered) {
      AwsErrorDetails details = answered.awsErrorDetails();
      if (details != null && details.errorCode() != null && CODES.contains(details.errorCode())) {
        credentials.refused();
      }
    }
  }
}
