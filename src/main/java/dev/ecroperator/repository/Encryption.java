package dev.ecroperator.repository;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a repository's images are encrypted; fixed at creation, ECR has no operation to change it.
 *
 * @param type ECR's constant: {@code AES256}, {@code KMS} or {@code KMS_DSSE}
 * @param kmsKey what a manifest says: a key's id, alias or ARN; what ECR says: always an ARN. Null
 *     for AES256, and for the key that AWS manages
 */
public record Encryption(String type, @Nullable String kmsKey) {

  /** What ECR gives a repository that asks for nothing. */
  public static final Encryption DEFAULT = new Encryption("AES256", null);

  private static final int LONGEST_KEY = 2_048;

  /**
   * What ECR would refuse, by the constraints of CreateRepository; empty where nothing is known.
   */
  Optional<String> problem() {
    if (kmsKey == null) {
      return Optional.empty();
    }
    if (type.equals(DEFAULT.type)) {
      return Optional.of("AES256 takes no kmsKey: remove it or change the type");
    }
    return kmsKey.isEmpty() || kmsKey.length() > LONGEST_KEY
        ? Optional.of(
            "the kmsKey has %d characters; ECR accepts 1 to %d"
                .formatted(kmsKey.length(), LONGEST_KEY))
        : Optional.empty();
  }

  /**
   * Whether a repository encrypted as {@code observed} is what this declares. An alias can only be
   * resolved by KMS, so it is taken to mean the key that ECR reports.
   */
  boolean admits(Encryption observed) {
    return type.equals(observed.type) && keyAdmits(observed.kmsKey);
  }

  private boolean keyAdmits(@Nullable String observedKey) {
    if (kmsKey == null || observedKey == null || kmsKey.equals(observedKey) || isAlias(kmsKey)) {
      return kmsKey == null || observedKey != null;
    }
    return !kmsKey.startsWith("arn:") && observedKey.endsWith(":key/" + kmsKey);
  }

  private static boolean isAlias(String key) {
    return key.startsWith("alias/") || (key.startsWith("arn:") && key.contains(":alias/"));
  }
}
