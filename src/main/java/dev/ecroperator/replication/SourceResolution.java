package dev.ecroperator.replication;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.RegistrySpec;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Reason;
import org.jspecify.annotations.Nullable;

/** Which registry's repositories a manifest replicates, or why that cannot be said. */
sealed interface SourceResolution {

  /** The registry is known. */
  record Resolved(Registry source) implements SourceResolution {}

  /** The registry cannot be reached as what the object means. */
  record Refused(Finding finding) implements SourceResolution {}

  /**
   * Resolves what the manifest leaves out by the operator's own account and region, and holds the
   * result against what was pinned when the object was first seen.
   *
   * @param declared {@code spec.source}; null for the operator's own registry
   * @param pinned the annotation's value; null on an object that is seen for the first time
   */
  static SourceResolution of(
      @Nullable RegistrySpec declared, @Nullable String pinned, OwnAccount own) {
    String account = declared == null ? null : declared.accountId();
    String region = declared == null ? null : declared.region();
    var wanted =
        new Registry(
            account != null ? account : own.accountId(), region != null ? region : own.region());
    if (pinned == null) {
      return wanted.accountId().equals(own.accountId())
          ? new Resolved(wanted)
          : new Refused(
              new Finding(
                  Reason.NOT_PERMITTED,
                  "spec.source.accountId: "
                      + wanted.accountId()
                      + " is not the operator's own account "
                      + own.accountId()
                      + ", and no grant opens another: remove the field, or declare the replication"
                      + " where an operator of that account runs"));
    }
    Registry pin = Registry.parse(pinned).orElse(null);
    // The operator's own region may have changed since; what the manifest says may not.
    if (pin == null
        || (account != null && !pin.accountId().equals(account))
        || (region != null && !pin.region().equals(region))) {
      return moved(pinned, wanted.toString());
    }
    return pin.accountId().equals(own.accountId())
        ? new Resolved(pin)
        : moved(pinned, "account " + own.accountId() + ", whose credentials the operator has");
  }

  private static SourceResolution moved(String pinned, String now) {
    return new Refused(
        new Finding(
            Reason.IMMUTABLE_CONFLICT,
            "the annotation "
                + Annotations.TARGET
                + " pins "
                + pinned
                + ", but the object now means "
                + now
                + ": put source (or the operator's account) back, or delete this object and create"
                + " another"));
  }
}
