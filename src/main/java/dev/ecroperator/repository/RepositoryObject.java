package dev.ecroperator.repository;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositorySpec;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Repository of the cluster, as a pass reads it. */
record RepositoryObject(Repository resource) {

  String uid() {
    return resource.getMetadata().getUid();
  }

  long generation() {
    return resource.getMetadata().getGeneration();
  }

  String namespace() {
    return resource.getMetadata().getNamespace();
  }

  String name() {
    return resource.getMetadata().getName();
  }

  /** The object as people name it. */
  String path() {
    return namespace() + "/" + name();
  }

  Instant createdAt() {
    return Instant.parse(resource.getMetadata().getCreationTimestamp());
  }

  RepositorySpec spec() {
    return resource.getSpec();
  }

  /** The status; a blank one where none was written yet. */
  RepositoryStatus status() {
    return resource.getStatus() == null ? RepositoryStatus.BLANK : resource.getStatus();
  }

  /** The fields that the operator holds. */
  List<String> managed() {
    List<String> managed = status().managed();
    return managed == null ? List.of() : managed;
  }

  /** The target that was pinned; null on an object that was not seen before. */
  @Nullable String pin() {
    return annotation(Annotations.TARGET);
  }

  /** When somebody asked for a look at once; null for never. */
  @Nullable String requestedAt() {
    return annotation(Annotations.REQUESTED_AT);
  }

  /** Whether a look is asked for that was not taken yet. */
  boolean isLookRequested() {
    String requestedAt = requestedAt();
    return requestedAt != null && !requestedAt.equals(status().lastHandledReconcileAt());
  }

  /** Which repository the object means. */
  TargetResolution target(OwnAccount own) {
    Visibility visibility = TargetResolution.visibility(spec());
    return visibility == null
        ? new TargetResolution.Refused(
            new Finding(
                Reason.INVALID_SPEC,
                "spec.visibility: '"
                    + spec().visibility()
                    + "' is none of Private, Public: choose one of them"))
        : TargetResolution.of(spec(), visibility, name(), pin(), own);
  }

  /** Whether the object holds the repository for itself: to observe one claims nothing. */
  boolean claims(RepositoryTarget target) {
    return !"ObserveOnly".equals(spec().management())
        && TargetResolution.visibility(spec()) == target.visibility()
        && target.pin().equals(pin());
  }

  /** What a report needs to know of the object. */
  RepositoryReport.About about(Instant now) {
    return new RepositoryReport.About(generation(), createdAt(), requestedAt(), now);
  }

  private @Nullable String annotation(String key) {
    Map<String, String> annotations = resource.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
