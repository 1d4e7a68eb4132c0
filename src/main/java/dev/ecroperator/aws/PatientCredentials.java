package dev.ecroperator.aws;

import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The SDK's default credentials, which may come later, and go: its chain looks only once whether
 * there is a profile file, so one that fails is replaced by a new one.
 *
 * <p>It is not {@link AutoCloseable}: every client that is closed would close it for all others.
 */
final class PatientCredentials implements AwsCredentialsProvider {
  /** How the message of a failure begins. */
  static final String NONE = "Unable to load credentials";

  /** What the chain's message quotes of the two that work for pods: IRSA and Pod Identity. */
  private static final Pattern OF_PODS =
      Pattern.compile(
          "(?:WebIdentityTokenFile|Container)CredentialsProvider\\(\\): (.+?)"
              + "(?=, \\w+CredentialsProvider\\(|]$)");

  private DefaultCredentialsProvider chain = newChain();

  /**
   * The credentials as they are now.
   *
   * @throws SdkClientException where there are none, for whatever reason; its message begins with
   *     {@link #NONE}, and then a colon where it is known why
   */
  @Override
  public AwsCredentials resolveCredentials() {
    DefaultCredentialsProvider asked = current();
    try {
      return asked.resolveCredentials();
    } catch (RuntimeException e) {
      replace(asked);
      throw SdkClientException.create(message(e), e);
    }
  }

  /**
   * Each time the first that has credentials gives them, and keeps them itself: else, after one
   * failure of the pod's own role, that of the node would serve for good.
   */
  private static DefaultCredentialsProvider newChain() {
    return DefaultCredentialsProvider.builder().reuseLastProviderEnabled(false).build();
  }

  private static String message(RuntimeException e) {
    String said = Objects.requireNonNullElse(e.getMessage(), e.toString());
    String why =
        said.startsWith(NONE)
            ? OF_PODS
                .matcher(said)
                .results()
                .map((MatchResult quoted) -> quoted.group(1))
                // The one that a pod is not configured for says which variables are to be set.
                .filter(quoted -> !quoted.endsWith(" set."))
                .collect(Collectors.joining("; "))
            : said;
    return why.isEmpty() ? NONE : NONE + ": " + why;
  }

  private synchronized DefaultCredentialsProvider current() {
    return chain;
  }

  private synchronized void replace(DefaultCredentialsProvider failed) {
    if (chain == failed) {
      failed.close();
      chain = newChain();
    }
  }

  /** Lets go of the connections to those who give credentials. */
  synchronized void end() {
    chain.close();
  }
}
