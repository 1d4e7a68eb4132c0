package dev.ecroperator.repository;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.ApiObject;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositorySpec;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Resolution;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A Repository of the cluster, as a pass reads it. */
record RepositoryObject(Repository resource) implements ApiObject<Repository, RepositoryStatus> {

  RepositorySpec spec() {
    return resource.getSpec();
  }

  @Override
  public RepositoryStatus status() {
    return resource.getStatus() == null ? RepositoryStatus.BLANK : resource.getStatus();
  }

  /** The fields that the operator holds, or was about to take hold of when it was stopped. */
  Set<String> managed() {
    Set<String> managed = toldFields();
    declared().ifPresent(declared -> managed.addAll(declared.untold(status())));
    return managed;
  }

  /** The fields that the operator holds by the status. */
  private Set<String> toldFields() {
    List<String> told = status().managed();
    return new TreeSet<>(told == null ? List.of() : told);
  }

  private Optional<Declared> declared() {
    return Declared.read(annotation(Annotations.DECLARED))
        .filter(declared -> declared.uid().equals(uid()));
  }

  /**
   * The annotation that a pass needs before it acts, so that who starts after a crash gives back
   * what an edit has taken out of the manifest meanwhile, and, where the status is lost, nothing
   * else; empty where all of it is on record.
   */
  Map<String, String> recording(DesiredRepository desired) {
    boolean isObserved = desired.observeOnly();
    SortedSet<String> fields = isObserved ? new TreeSet<>() : desired.readableFields();
    Set<String> declaredNow = isObserved ? fields : desired.declaredFields();
    boolean isRecorded =
        declared().filter(declared -> declared.generation() == generation()).isPresent();
    boolean namesOthers =
        declared().filter(declared -> !declaredNow.containsAll(declared.named())).isPresent();
    if (isRecorded || (toldFields().containsAll(fields) && !namesOthers)) {
      return Map.of();
    }
    SortedSet<String> leftover = new TreeSet<>(isObserved ? Set.of() : managed());
    leftover.removeAll(toldFields());
    return Map.of(Annotations.DECLARED, new Declared(uid(), generation(), fields, leftover).text());
  }

  /** Which repository the object means. */
  Resolution<RepositoryTarget> target(OwnAccount own) {
    Visibility visibility = TargetResolution.visibility(spec());
    return visibility == null
        ? Resolution.invalid(
            "spec.visibility: '"
                + spec().visibility()
                + "' is none of Private, Public: choose one of them")
        : TargetResolution.of(spec(), visibility, name(), pin(), toldPin(), own);
  }

  /** The pin of the repository that is the object's by its status; null for none. */
  private @Nullable String toldPin() {
    RepositoryStatus status = status();
    return status.origin() == null
            || status.registryId() == null
            || status.region() == null
            || status.name() == null
        ? null
        : RepositoryTarget.pin(status.registryId(), status.region(), status.name());
  }

  /**
   * Whether the object holds the repository for itself, or is to: to observe one claims nothing.
   *
   * @param own resolves what the manifest leaves out, where no pass has pinned it yet
   */
  boolean claims(RepositoryTarget target, OwnAccount own) {
    boolean isMeant =
        !isObserveOnly() && TargetResolution.visibility(spec()) == target.visibility();
    String pin = toldPin() != null ? toldPin() : pin();
    return pin != null
        ? (isMeant || unreadable() != null) && target.pin().equals(pin)
        : isMeant
            && !resource.isMarkedForDeletion()
            && target(own).equals(new Resolution.Resolved<>(target));
  }

  /** Whether the manifest asks for nothing to be held. */
  boolean isObserveOnly() {
    return "ObserveOnly".equals(spec().management());
  }

  /** Whether nothing was looked at before this pass, for it was suspended. */
  boolean wasSuspended() {
    return Conditions.find(status().conditions(), Conditions.SUSPENDED).isPresent();
  }

  /** What a report needs to know of the object. */
  RepositoryReport.About about(Instant now) {
    return new RepositoryReport.About(generation(), createdAt(), requestedAt(), now);
  }
}
