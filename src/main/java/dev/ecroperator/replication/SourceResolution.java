package dev.ecroperator.replication;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.RegistrySpec;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Resolution;
import dev.ecroperator.replication.merge.Registry;
import org.jspecify.annotations.Nullable;

/** Which registry's repositories a manifest replicates, or why that cannot be said. */
final class SourceResolution {
  private SourceResolution() {}

  /**
   * Resolves what the manifest leaves out by the operator's own account and region, and holds the
   * result against what was pinned when the object was first seen.
   *
   * @param declared {@code spec.source}; null for the operator's own registry
   * @param pinned the annotation's value; null on an object that is seen for the first time, or
   *     that has lost it
   * @param told the registry that has rules of the object by its status; null for none
   */
  static Resolution<Registry> of(
      @Nullable RegistrySpec declared,
      @Nullable String pinned,
      @Nullable String told,
      OwnAccount own) {
    String account = declared == null ? null : declared.accountId();
    String region = declared == null ? null : declared.region();
    var wanted =
        new Registry(
            account != null ? account : own.accountId(), region != null ? region : own.region());
    if (pinned != null && told != null && !pinned.equals(told)) {
      return Resolution.repinned(Annotations.TARGET, pinned, told);
    }
    String known = pinned != null ? pinned : told;
    if (known == null) {
      return wanted.accountId().equals(own.accountId())
          ? new Resolution.Resolved<>(wanted)
          : Resolution.otherAccount(
              "spec.source.accountId", wanted.accountId(), own, "replication");
    }
    var pin = new Resolution.Pin(Annotations.TARGET, known, "source");
    Registry before = Registry.parse(known).orElse(null);
    // The operator's own region may have changed since; what the manifest says may not.
    if (before == null || !agrees(declared, before)) {
      return Resolution.moved(pin, wanted.toString());
    }
    return before.accountId().equals(own.accountId())
        ? new Resolution.Resolved<>(before)
        : Resolution.otherOperator(pin, own);
  }

  /** Whether what is declared says nothing against that source. */
  static boolean agrees(@Nullable RegistrySpec declared, Registry source) {
    return declared == null
        || ((declared.accountId() == null || declared.accountId().equals(source.accountId()))
            && (declared.region() == null || declared.region().equals(source.region())));
  }
}
