package dev.ecroperator.replication;

import java.util.List;
import java.util.Map;

/** Merges what all objects and people say into the one document of a registry. */
final class RegistryMerge {
  private RegistryMerge() {}

  static MergedDocument of(ReplicationDocument found, List<Share> shares, Limits limits) {
    if (shares.isEmpty()) {
      return new MergedDocument(found, false, Map.of());
    }
    throw new UnsupportedOperationException("under way");
  }
}
