package dev.ecroperator.repository;

import static java.util.Objects.requireNonNull;

import dev.ecroperator.convergence.Failure;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A repository as ECR showed it.
 *
 * @param arn its ARN
 * @param uri what images are pushed to
 * @param createdAt null where ECR did not say
 * @param settings what ECR has, defaults and everybody's tags included
 * @param scanFrequency ECR's constant for when images are scanned, the registry-wide rules
 *     included; null for a public one
 * @param unread the fields that we may not read, and why; their settings are null
 */
public record ObservedRepository(
    String arn,
    String uri,
    @Nullable Instant createdAt,
    RepositorySettings settings,
    @Nullable String scanFrequency,
    Map<String, Failure> unread) {

  /** The value of the ownership tag; null where there is none. */
  @Nullable String ownerTag() {
    return settings.tags().values().get(Owner.TAG);
  }

  /** The same repository with other settings. */
  public ObservedRepository with(RepositorySettings others) {
    return new ObservedRepository(arn, uri, createdAt, others, scanFrequency, unread);
  }

  /** The repository once ECR has accepted {@code change}. */
  ObservedRepository after(RepositoryChange change) {
    RepositorySettings changed = change.appliedTo(settings);
    String frequency =
        isScanFrequencyOwn() ? scanFrequency(requireNonNull(changed.scanOnPush())) : scanFrequency;
    return new ObservedRepository(arn, uri, createdAt, changed, frequency, unread);
  }

  /** Whether the repository's own setting makes the frequency, and not the registry's rules. */
  private boolean isScanFrequencyOwn() {
    return settings.scanOnPush() != null
        && scanFrequency(settings.scanOnPush()).equals(scanFrequency);
  }

  /** What a registry with basic scanning makes of a repository's setting. */
  public static String scanFrequency(boolean scanOnPush) {
    return scanOnPush ? "SCAN_ON_PUSH" : "MANUAL";
  }
}
