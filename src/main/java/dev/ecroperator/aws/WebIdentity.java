package dev.ecroperator.aws;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.services.sts.model.IdpCommunicationErrorException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The role of IRSA, by the SDK's standard settings of it ({@code AWS_ROLE_ARN}, {@code
 * AWS_WEB_IDENTITY_TOKEN_FILE}, {@code AWS_ROLE_SESSION_NAME}). The SDK would ask STS by a client
 * of its own, which may take two minutes and knows nothing of our proxy.
 */
final class WebIdentity implements AwsCredentialsProvider, SdkAutoCloseable {
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);
  private static final int ATTEMPTS = 2;

  /** Both attempts and the pause between them. */
  private static final Duration CALL_TIMEOUT = Duration.ofMillis(4_500);

  private final StsClient sts;
  private final StsWebIdentityTokenFileCredentialsProvider session;

  /**
   * The role as STS of the region gives it.
   *
   * @param http stays open when this is closed
   */
  WebIdentity(Region region, SdkHttpClient http) {
    sts =
        StsClient.builder()
            .region(region)
            .httpClient(http)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(
                o ->
                    o.apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                        .apiCallTimeout(CALL_TIMEOUT)
                        .retryStrategy(
                            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                // As the SDK's own client has it.
                                .retryOnException(IdpCommunicationErrorException.class)
                                .build()))
            .build();
    session = StsWebIdentityTokenFileCredentialsProvider.builder().stsClient(sts).build();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return session.resolveCredentials();
  }

  @Override
  public void close() {
    session.close();
    sts.close();
  }
}
