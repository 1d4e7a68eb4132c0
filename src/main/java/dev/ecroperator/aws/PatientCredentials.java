package dev.ecroperator.aws;

import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The credentials of the configured identity, which may come later, and go.
 *
 * <p>It is not {@link AutoCloseable}: every client that is closed would close it for all others.
 */
final class PatientCredentials implements AwsCredentialsProvider {
  /** How the message of a failure begins. */
  static final String NONE = "Unable to load credentials";

  private final ConfiguredIdentity identity = new ConfiguredIdentity();

  /**
   * The credentials as they are now.
   *
   * @throws SdkClientException where there are none, for whatever reason; its message begins with
   *     {@link #NONE}, and then a colon where it is known why
   */
  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return identity.resolve();
    } catch (RuntimeException e) {
      throw SdkClientException.create(message(e), e);
    }
  }

  private static String message(RuntimeException e) {
    String said = Objects.requireNonNullElse(e.getMessage(), e.toString());
    // The SDK shows all profiles that there are.
    String why = said.replaceFirst(": ProfileFile\\(.*", "");
    return why.equals(NONE) ? NONE : NONE + ": " + why;
  }

  /** Lets go of the connections to those who give credentials. */
  void end() {
    identity.forget();
  }
}
