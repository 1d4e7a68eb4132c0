package dev.ecroperator.aws;

import dev.ecroperator.convergence.Fence;
import java.time.Duration;
import java.util.function.LongSupplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * The SDK's clients as the operator has them: over one pool of connections, by the credentials of
 * the configured identity, bounded in time, and fenced at each attempt. Endpoints, proxies and
 * credentials are the SDK's standard settings.
 */
final class AwsClients implements AutoCloseable {
  /** So that an attempt comes to the third address of a host of which two are down. */
  private static final Duration CONNECTION_TIMEOUT = Duration.ofMillis(1_500);

  /**
   * All attempts of one call: after one that hung there is next to no time, so that its turn is
   * free.
   */
  private static final Duration CALL_TIMEOUT = AwsRegistries.ATTEMPT_TIMEOUT.plusSeconds(1);

  private final Fence fence;
  private final SdkHttpClient http;
  private final PatientCredentials credentials;

  /**
   * Clients that open no connection yet.
   *
   * @param ownRegion whose STS gives the role of IRSA
   * @param connections the most that are open at once
   * @param fence no call is sent while it is closed
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  AwsClients(
      Region ownRegion, int connections, Fence fence, ProxySettings proxy, LongSupplier nanoTime) {
    this.fence = fence;
    this.http =
        Apache5HttpClient.builder()
            .maxConnections(connections)
            .connectionTimeout(CONNECTION_TIMEOUT)
            .socketTimeout(AwsRegistries.ATTEMPT_TIMEOUT)
            .proxyConfiguration(proxy.configuration())
            .build();
    this.credentials = new PatientCredentials(ownRegion, http, nanoTime);
  }

  /**
   * Makes a client; to be closed or not, since what it holds is shared.
   *
   * @throws RuntimeException the SDK's own, of whatever type, where it cannot use one of its
   *     standard settings
   */
  <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C make(
      B builder, Region region) {
    return builder
        .region(region)
        .httpClient(http)
        .credentialsProvider(credentials)
        .overrideConfiguration(overrides())
        .build();
  }

  private ClientOverrideConfiguration overrides() {
    return ClientOverrideConfiguration.builder()
        .retryStrategy(RetryMode.STANDARD)
        .addExecutionInterceptor(new RawJson())
        .addExecutionInterceptor(new FencedTransmission(fence))
        .addExecutionInterceptor(new UnclearAttempts())
        .addExecutionInterceptor(new RefusedCredentials(credentials))
        .apiCallAttemptTimeout(AwsRegistries.ATTEMPT_TIMEOUT)
        .apiCallTimeout(CALL_TIMEOUT)
        .build();
  }

  @Override
  public void close() {
    credentials.end();
    http.close();
  }
}
