package dev.ecroperator.simulator.ecr;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** How ECR reads back a key: always as the key's ARN, whatever way it was named. */
final class KmsKeys {
  private KmsKeys() {}

  /** The same alias gives the same key each time, so that tests can compare. */
  static String arn(String named, String partition, String region, String account) {
    if (named.startsWith("arn:")) {
      int alias = named.indexOf(":alias/");
      return alias < 0
          ? named
          : named.substring(0, alias)
              + ":key/"
              + keyOf(named.substring(alias + 1) + named.substring(0, alias));
    }
    String prefix = "arn:" + partition + ":kms:" + region + ":" + account;
    return prefix + ":key/" + (named.startsWith("alias/") ? keyOf(named + prefix) : named);
  }

  private static UUID keyOf(String alias) {
    return UUID.nameUUIDFromBytes(alias.getBytes(StandardCharsets.UTF_8));
  }
}
