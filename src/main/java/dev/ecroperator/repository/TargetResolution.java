package dev.ecroperator.repository;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.RegistrySpec;
import dev.ecroperator.api.RepositorySpec;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Resolution;
import org.jspecify.annotations.Nullable;

/** Which repository a manifest means, or why that cannot be said. */
final class TargetResolution {
  private TargetResolution() {}

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
   * @param pinned the annotation's value; null on an object that is seen for the first time, or
   *     that has lost it
   * @param told the pin of the repository that the status says is the object's; null for none
   */
  static Resolution<RepositoryTarget> of(
      RepositorySpec spec,
      Visibility visibility,
      String metadataName,
      @Nullable String pinned,
      @Nullable String told,
      OwnAccount own) {
    RegistrySpec registry = spec.registry();
    String declaredAccount = registry == null ? null : registry.accountId();
    String declaredRegion = registry == null ? null : registry.region();
    if (visibility == Visibility.PUBLIC) {
      if (!own.partition().equals("aws")) {
        return Resolution.invalid("spec.visibility: ECR Public exists in the partition aws only");
      }
      declaredRegion = RepositoryTarget.PUBLIC_REGION;
    }
    String name = spec.name() != null ? spec.name() : metadataName;
    String badName = RepositoryName.refusal(name, visibility);
    if (badName != null) {
      return Resolution.invalid(
          (spec.name() != null ? "spec.name: " : "metadata.name: ") + badName);
    }
    var wanted =
        new RepositoryTarget(
            visibility,
            declaredAccount != null ? declaredAccount : own.accountId(),
            declaredRegion != null ? declaredRegion : own.region(),
            name);
    if (pinned != null && told != null && !pinned.equals(told)) {
      return Resolution.repinned(Annotations.TARGET, pinned, told);
    }
    String known = pinned != null ? pinned : told;
    if (known == null) {
      return wanted.accountId().equals(own.accountId())
          ? new Resolution.Resolved<>(wanted)
          : Resolution.otherAccount(
              "spec.registry.accountId", wanted.accountId(), own, "repository");
    }
    var pin = new Resolution.Pin(Annotations.TARGET, known, "name and registry");
    RepositoryTarget before = RepositoryTarget.parse(visibility, known).orElse(null);
    // The operator's own region may have changed since; what the manifest says may not.
    if (before == null
        || !before.name().equals(wanted.name())
        || (declaredAccount != null && !before.accountId().equals(declaredAccount))
        || (declaredRegion != null && !before.region().equals(declaredRegion))) {
      return Resolution.moved(pin, wanted.pin());
    }
    return before.accountId().equals(own.accountId())
        ? new Resolution.Resolved<>(before)
        : Resolution.otherOperator(pin, own);
  }
}
