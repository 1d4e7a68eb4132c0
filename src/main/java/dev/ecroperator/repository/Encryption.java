package dev.ecroperator.repository;

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
