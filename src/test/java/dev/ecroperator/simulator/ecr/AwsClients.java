package dev.ecroperator.simulator.ecr;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
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
import software.amazon.awssdk.services.sts.model.Credentials;

/** AWS's own clients against the simulator. They do not retry, so that a test sees each answer. */
final class AwsClients implements AutoCloseable {
  private final SdkHttpClient http;
  private final URI endpoint;

  /** Clients that wait for as long as a slow machine may take. */
  AwsClients(URI endpoint) {
    this(endpoint, Duration.ofMinutes(2));
  }

  /** Clients that give up when nothing has come for that long. */
  AwsClients(URI endpoint, Duration patience) {
    this.endpoint = endpoint;
    this.http = Apache5HttpClient.builder().maxConnections(64).socketTimeout(patience).build();
  }

  EcrClient ecr() {
    return ecr("AKIASIMULATED", "eu-west-1");
  }

  EcrClient ecr(String accessKeyId, String region) {
    return configured(EcrClient.builder().httpClient(http), key(accessKeyId), region).build();
  }

  EcrClient ecr(Credentials session, String region) {
    return configured(EcrClient.builder().httpClient(http), of(session), region).build();
  }

  EcrClient retryingEcr() {
    return configured(EcrClient.builder().httpClient(http), key("AKIASIMULATED"), "eu-west-1")
        .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD))
        .build();
  }

  EcrPublicClient ecrPublic(String region) {
    return configured(EcrPublicClient.builder().httpClient(http), key("AKIASIMULATED"), region)
        .build();
  }

  StsClient sts(String accessKeyId) {
    return configured(StsClient.builder().httpClient(http), key(accessKeyId), "eu-west-1").build();
  }

  StsClient sts(Credentials session) {
    return configured(StsClient.builder().httpClient(http), of(session), "eu-west-1").build();
  }

  private static AwsCredentials key(String accessKeyId) {
    return AwsBasicCredentials.create(accessKeyId, EcrSimulator.SECRET_ACCESS_KEY);
  }

  private static AwsCredentials of(Credentials session) {
    return AwsSessionCredentials.create(
        session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
  }

  private <B extends AwsClientBuilder<B, C>, C> B configured(
      B builder, AwsCredentials credentials, String region) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()));
  }

  @Override
  public void close() {
    http.close();
  }
}
