package dev.ecroperator.cluster;

import java.util.Comparator;

/** Versions of one kind are comparable as numbers, longer ones being newer (KEP-5504). */
final class ResourceVersions {
  static final Comparator<String> ORDER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private ResourceVersions() {}

  static boolean isOlder(String version, String than) {
    return ORDER.compare(version, than) < 0;
  }
}
