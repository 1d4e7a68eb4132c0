package dev.ecroperator.aws;

import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.SdkAutoCloseable;
import software.amazon.awssdk.utils.StringUtils;
import software.amazon.awssdk.utils.SystemSetting;

/**
 * The one identity that the SDK's standard settings name: the first that is configured, in the
 * order of the SDK's default chain. Where it fails, no other serves. The default chain would go on
 * to the next: to the pod's role for a profile, or to the node's for a pod. That may be in another
 * account, whose registry would be taken for the operator's own.
 */
final class ConfiguredIdentity {
  private static final String DEFAULT_PROFILE = "default";

  /** A profile with one of these is meant to give credentials. */
  private static final Set<String> CREDENTIALS_OF_A_PROFILE =
      Set.of(
          ProfileProperty.AWS_ACCESS_KEY_ID,
          ProfileProperty.AWS_SESSION_TOKEN,
          ProfileProperty.CREDENTIAL_PROCESS,
          ProfileProperty.LOGIN_SESSION,
          ProfileProperty.ROLE_ARN,
          ProfileProperty.SSO_ACCOUNT_ID,
          ProfileProperty.SSO_ROLE_NAME,
          ProfileProperty.SSO_START_URL,
          "sso_session");

  /** Where credentials come from, in the order in which they are looked for. */
  private enum Source {
    SYSTEM_PROPERTIES,
    ENVIRONMENT,
    WEB_IDENTITY,
    NAMED_PROFILE,
    DEFAULT_PROFILE,
    CONTAINER,
    NODE
  }

  private final Region region;
  private final SdkHttpClient http;
  private @Nullable Source source;
  private @Nullable AwsCredentialsProvider provider;

  /**
   * The identity that is configured whenever it is asked for.
   *
   * @param region whose STS gives the role of IRSA
   * @param http by which that is asked
   */
  ConfiguredIdentity(Region region, SdkHttpClient http) {
    this.region = region;
    this.http = http;
  }

  /**
   * Its credentials as they are now; this may take as long as whoever gives them does.
   *
   * @throws RuntimeException where there are none: the SDK's own, of whatever type. After that,
   *     what is kept is made anew: some of the SDK's providers look only once for their files
   */
  AwsCredentials resolve() {
    AwsCredentialsProvider asked = current();
    try {
      return asked.resolveCredentials();
    } catch (RuntimeException e) {
      forget(asked);
      if (asked instanceof InstanceProfileCredentialsProvider) {
        throw SdkClientException.create(PatientCredentials.NONE, e);
      }
      throw e;
    }
  }

  /** Settings are read each time: a file may come later, such as one that is mounted. */
  private synchronized AwsCredentialsProvider current() {
    Source named = named();
    if (provider != null && named == source) {
      return provider;
    }
    forget();
    source = named;
    provider = open(named);
    return provider;
  }

  private Source named() {
    if (!StringUtils.isBlank(System.getProperty(SdkSystemSetting.AWS_ACCESS_KEY_ID.property()))) {
      return Source.SYSTEM_PROPERTIES;
    }
    if (isSet(SdkSystemSetting.AWS_ACCESS_KEY_ID)) {
      return Source.ENVIRONMENT;
    }
    if (isSet(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE)) {
      return Source.WEB_IDENTITY;
    }
    if (isSet(ProfileFileSystemSetting.AWS_PROFILE)) {
      return Source.NAMED_PROFILE;
    }
    // One that served stays: while its file is being rewritten, it may seem to be gone.
    if (source == Source.DEFAULT_PROFILE || defaultProfileHasCredentials()) {
      return Source.DEFAULT_PROFILE;
    }
    return isSet(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI)
            || isSet(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
        ? Source.CONTAINER
        : Source.NODE;
  }

  private AwsCredentialsProvider open(Source source) {
    return switch (source) {
      case SYSTEM_PROPERTIES -> SystemPropertyCredentialsProvider.create();
      case ENVIRONMENT -> EnvironmentVariableCredentialsProvider.create();
      case WEB_IDENTITY -> new WebIdentity(region, http);
      case NAMED_PROFILE -> ProfileCredentialsProvider.create();
      case DEFAULT_PROFILE -> ProfileCredentialsProvider.create(DEFAULT_PROFILE);
      case CONTAINER -> ContainerCredentialsProvider.create();
      case NODE -> InstanceProfileCredentialsProvider.create();
    };
  }

  /** A setting that is empty counts as unset, as charts render optional values so. */
  private static boolean isSet(SystemSetting setting) {
    return setting.getNonDefaultStringValue().filter(value -> !value.isEmpty()).isPresent();
  }

  private static boolean defaultProfileHasCredentials() {
    return ProfileFile.defaultProfileFile()
        .profile(DEFAULT_PROFILE)
        .filter(
            profile ->
                !Collections.disjoint(profile.properties().keySet(), CREDENTIALS_OF_A_PROFILE))
        .isPresent();
  }

  private synchronized void forget(AwsCredentialsProvider failed) {
    if (failed.equals(provider)) {
      forget();
    }
  }

  /** Lets go of what is kept, with the connections to those who give credentials. */
  synchronized void forget() {
    if (provider instanceof SdkAutoCloseable held) {
      held.close();
    }
    provider = null;
  }
}
