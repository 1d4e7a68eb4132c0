package dev.ecroperator.aws;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The SDK's default credentials, which may come later: its chain looks only once whether there is a
 * profile file, so one that found nothing is replaced by a new one.
 */
final class PatientCredentials implements AwsCredentialsProvider, AutoCloseable {
  private DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build();

  @Override
  public AwsCredentials resolveCredentials() {
    DefaultCredentialsProvider asked = current();
    try {
      return asked.resolveCredentials();
    } catch (SdkClientException e) {
      replace(asked);
      throw e;
    }
  }

  private synchronized DefaultCredentialsProvider current() {
    return chain;
  }

  private synchronized void replace(DefaultCredentialsProvider failed) {
    if (chain == failed) {
      failed.close();
      chain = DefaultCredentialsProvider.builder().build();
    }
  }

  @Override
  public synchronized void close() {
    chain.close();
  }
}
