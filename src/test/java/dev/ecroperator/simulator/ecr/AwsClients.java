package dev.ecroperator.simulator.ecr;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.sts.StsClient;

/** AWS's own clients against the simulator. They do not retry, so that a test sees each answer. */
final class AwsClients implements AutoCloseable {
  private final SdkHttpClient http =
      Apache5HttpClient.builder().maxConnections(64).socketTimeout(Duration.ofSeconds(2)).build();
  private final URI endpoint;

  AwsClients(URI endpoint) {
    this.endpoint = endpoint;
  }

  EcrClient ecr() {
    return ecr("AKIASIMULATED", "eu-west-1");
  }

  EcrClient ecr(String accessKeyId, String region) {
    return configured(EcrClient.builder().httpClient(http), accessKeyId, region).build();
  }

  EcrClient retryingEcr() {
    return configured(EcrClient.builder().httpClient(http), "AKIASIMULATED", "eu-west-1")
        .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD))
        .build();
  }

  EcrPublicClient ecrPublic(String region) {
    return configured(EcrPublicClient.builder().httpClient(http), "AKIASIMULATED", region).build();
  }

  StsClient sts(String accessKeyId) {
    return configured(StsClient.builder().httpClient(http), accessKeyId, "eu-west-1").build();
  }

  private <B extends AwsClientBuilder<B, C>, C> B configured(
      B builder, String accessKeyId, String region) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, "secret")))
        .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()));
  }

  @Override
  public void close() {
    http.close();
  }
}
