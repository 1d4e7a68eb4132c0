package dev.ecroperator.replication;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.ContributionStatus;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ImageReplicationSpec;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.api.RegistrySpec;
import dev.ecroperator.convergence.OwnAccount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An ImageReplication of the cluster, as a pass reads it. */
record ReplicationObject(ImageReplication resource) {

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

  ImageReplicationSpec spec() {
    return resource.getSpec();
  }

  boolean isLeaving() {
    return resource.isMarkedForDeletion();
  }

  /** The status; a blank one where none was written yet. */
  ImageReplicationStatus status() {
    return resource.getStatus() == null ? ImageReplicationStatus.BLANK : resource.getStatus();
  }

  /** What the status says that the object says in the registry's configuration. */
  Standing recorded() {
    List<ContributionStatus> superseded = status().superseded();
    return new Standing(
        Contributions.read(status().contribution()),
        superseded == null ? null : Contributions.read(superseded));
  }

  /** The source that was pinned; null on an object that was not seen before. */
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

  /** Which registry the object replicates from. */
  SourceResolution source(OwnAccount own) {
    return SourceResolution.of(spec().source(), pin(), own);
  }

  /** Whether the manifest says nothing against that source, which was pinned. */
  boolean means(Registry source) {
    RegistrySpec declared = spec().source();
    return declared == null
        || ((declared.accountId() == null || declared.accountId().equals(source.accountId()))
            && (declared.region() == null || declared.region().equals(source.region())));
  }

  private @Nullable String annotation(String key) {
    Map<String, String> annotations = resource.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
