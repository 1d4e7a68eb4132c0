package dev.ecroperator.aws;

import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's default credentials, which may come later, and go: its chain looks only once whether
 * there is a profile file, so one that fails is replaced by a new one; without those of the node
 * for a pod that has its own.
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

  /** Where IRSA, and Pod Identity or ECS, tell a process of its role. */
  private static final List<SdkSystemSetting> ROLES_OF_PODS =
      List.of(
          SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE,
          SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI,
          SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI);

  private AwsCredentialsProvider chain = newChain();

  /**
   * The credentials as they are now.
   *
   * @throws SdkClientException where there are none, for whatever reason; its message begins with
   *     {@link #NONE}, and then a colon where it is known why
   */
  @Override
  public AwsCredentials resolveCredentials() {
    AwsCredentialsProvider asked = current();
    try {
      return asked.resolveCredentials();
    } catch (RuntimeException e) {
      replace(asked);
      throw SdkClientException.create(message(e), e);
    }
  }

  /**
   * Each time the first that has credentials gives them, and keeps them itself: else, after one
   * failure of the first, another would serve for good.
   *
   * <p>A pod with a role of its own is served by no role of its node, which the default chain would
   * go on to: it may be in another account, whose registry would be taken for the operator's own.
   */
  private static AwsCredentialsProvider newChain() {
    boolean hasOwnRole =
        ROLES_OF_PODS.stream().anyMatch(setting -> setting.getStringValue().isPresent());
    return hasOwnRole
        ? AwsCredentialsProviderChain.builder()
            .reuseLastProviderEnabled(false)
            .credentialsProviders(
                SystemPropertyCredentialsProvider.create(),
                EnvironmentVariableCredentialsProvider.create(),
                WebIdentityTokenFileCredentialsProvider.create(),
                ProfileCredentialsProvider.create(),
                ContainerCredentialsProvider.builder().build())
            .build()
        : DefaultCredentialsProvider.builder().reuseLastProviderEnabled(false).build();
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

  private synchronized AwsCredentialsProvider current() {
    return chain;
  }

  private synchronized void replace(AwsCredentialsProvider failed) {
    if (chain.equals(failed)) {
      end();
      chain = newChain();
    }
  }

  /** Lets go of the connections to those who give credentials. */
  synchronized void end() {
    if (chain instanceof SdkAutoCloseable held) {
      held.close();
    }
  }
}
