package dev.ecroperator.repository;

import dev.ecroperator.api.Visibility;
import java.util.Optional;

/**
 * Which repository an object means: resolved once, pinned in an annotation, never changed.
 *
 * @param visibility which service holds it
 * @param accountId the registry's AWS account, 12 digits
 * @param region the registry's region; {@code us-east-1} for a public one
 * @param name the repository's name within the registry
 */
public record RepositoryTarget(
    Visibility visibility, String accountId, String region, String name) {

  /** The one region of ECR Public. */
  public static final String PUBLIC_REGION = "us-east-1";

  /** The annotation's value: {@code <account>/<region>/<name>}. */
  public String pin() {
    return pin(accountId, region, name);
  }

  static String pin(String accountId, String region, String name) {
    return accountId + "/" + region + "/" + name;
  }

  /** Reads a pin back; empty where it has not the form of one. */
  static Optional<RepositoryTarget> parse(Visibility visibility, String pin) {
    String[] parts = pin.split("/", 3);
    return parts.length == 3
        ? Optional.of(new RepositoryTarget(visibility, parts[0], parts[1], parts[2]))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return pin();
  }
}
