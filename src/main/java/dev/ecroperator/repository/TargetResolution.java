package dev.ecroperator.repository;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.RegistrySpec;
import dev.ecroperator.api.RepositorySpec;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Reason;
import org.jspecify.annotations.Nullable;

/** Which repository a manifest means, or why that cannot be said. */
sealed interface TargetResolution {

  /** The repository is known. */
  record Resolved(RepositoryTarget target) implements TargetResolution {}

  /** The repository cannot be reached as what the object means. */
  record Refused(Finding finding) implements TargetResolution {}

  /** Reads the visibility; null where its value is none that we know. */
  static @Nullable Visibility visibility(RepositorySpec spec) {
    String declared = spec.visibility();
    for (Visibility visibility : Visibility.values()) {
      if (declared == null || visibility.text().equals(declared)) {
        return visibility;
      }
    }
    return null;
  }

  /**
   * Resolves what the manifest leaves out by the operator's own account and region, and holds the
   * result against what was pinned when the object was first seen.
   *
   * @param metadataName the object's name, which is the repository's where the spec has none
   * @param pinned the annotation's value; null on an object that is seen for the first time
   */
  static TargetResolution of(
      RepositorySpec spec,
      Visibility visibility,
      String metadataName,
      @Nullable String pinned,
      OwnAccount own) {
    RegistrySpec registry = spec.registry();
    String declaredAccount = registry == null ? null : registry.accountId();
    String declaredRegion = registry == null ? null : registry.region();
    if (visibility == Visibility.PUBLIC) {
      if (!own.partition().equals("aws")) {
        return invalid("spec.visibility: ECR Public exists in the partition aws only");
      }
      declaredRegion = RepositoryTarget.PUBLIC_REGION;
    }
    String name = spec.name() != null ? spec.name() : metadataName;
    String badName = RepositoryName.refusal(name, visibility);
    if (badName != null) {
      return invalid((spec.name() != null ? "spec.name: " : "metadata.name: ") + badName);
    }
    var wanted =
        new RepositoryTarget(
            visibility,
            declaredAccount != null ? declaredAccount : own.accountId(),
            declaredRegion != null ? declaredRegion : own.region(),
            name);
    if (pinned == null) {
      return reachable(wanted, own);
    }
    RepositoryTarget pin = RepositoryTarget.parse(visibility, pinned).orElse(null);
    // The operator's own region may have changed since; what the manifest says may not.
    if (pin == null
        || !pin.name().equals(wanted.name())
        || (declaredAccount != null && !pin.accountId().equals(declaredAccount))
        || (declaredRegion != null && !pin.region().equals(declaredRegion))) {
      return moved(pinned, wanted.pin());
    }
    return pin.accountId().equals(own.accountId())
        ? new Resolved(pin)
        : moved(pinned, "account " + own.accountId() + ", whose credentials the operator has");
  }

  private static TargetResolution reachable(RepositoryTarget wanted, OwnAccount own) {
    return wanted.accountId().equals(own.accountId())
        ? new Resolved(wanted)
        : new Refused(
            new Finding(
                Reason.NOT_PERMITTED,
                "spec.registry.accountId: "
                    + wanted.accountId()
                    + " is not the operator's own account "
                    + own.accountId()
                    + ", and no grant opens another: remove the field, or declare the repository"
                    + " where an operator of that account runs"));
  }

  private static TargetResolution invalid(String message) {
    return new Refused(new Finding(Reason.INVALID_SPEC, message));
  }

  private static TargetResolution moved(String pinned, String now) {
    return new Refused(
        new Finding(
            Reason.IMMUTABLE_CONFLICT,
            "the annotation "
                + Annotations.TARGET
                + " pins "
                + pinned
                + ", but the object now means "
                + now
                + ": put name and registry (or the operator's account) back, or delete this object"
                + " and create another"));
  }
}
