package dev.ecroperator.aws;

import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** The region that the operator runs in, by the SDK's standard settings. */
public final class OwnRegion {
  private OwnRegion() {}

  /** The region's id, such as {@code eu-west-1}; empty where nothing names one. */
  public static Optional<String> find() {
    try {
      return Optional.of(DefaultAwsRegionProviderChain.builder().build().getRegion().id());
    } catch (SdkClientException e) {
      return Optional.empty();
    }
  }
}
