package dev.ecroperator.replication;

import dev.ecroperator.api.ApiObject;
import dev.ecroperator.api.Condition;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.DestinationStatus;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ImageReplicationSpec;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Resolution;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.progress.DestinationProgress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An ImageReplication of the cluster, as a pass reads it. */
record ReplicationObject(ImageReplication resource)
    implements ApiObject<ImageReplication, ImageReplicationStatus> {

  ImageReplicationSpec spec() {
    return resource.getSpec();
  }

  boolean isLeaving() {
    return resource.isMarkedForDeletion();
  }

  @Override
  public ImageReplicationStatus status() {
    return resource.getStatus() == null ? ImageReplicationStatus.BLANK : resource.getStatus();
  }

  /** What the status says that the object says in the registry's configuration. */
  Standing recorded() {
    return Contributions.standing(status());
  }

  /** How far replication was when the status was written; nothing of an earlier manifest's. */
  List<DestinationProgress> progress() {
    List<DestinationStatus> destinations = status().destinations();
    boolean isOfThisManifest =
        Conditions.find(status().conditions(), Conditions.SYNCED)
            .map(Condition::observedGeneration)
            .filter(observed -> observed == generation())
            .isPresent();
    return destinations == null || !isOfThisManifest
        ? List.of()
        : destinations.stream().flatMap(each -> DestinationProgress.read(each).stream()).toList();
  }

  /** Which registry the object replicates from. */
  Resolution<Registry> source(OwnAccount own) {
    return SourceResolution.of(spec().source(), pin(), told(), own);
  }

  /** The registry whose configuration may speak of the object; empty before it was resolved. */
  Optional<Registry> registry() {
    return Registry.parse(told() != null ? told() : pin());
  }

  /** The pin of the registry that has rules of the object by its status; null for none. */
  private @Nullable String told() {
    ImageReplicationStatus status = status();
    return status.registryId() == null || status.region() == null || recorded().saysNothing()
        ? null
        : new Registry(status.registryId(), status.region()).toString();
  }

  /** Whether the manifest says nothing against that source, which was pinned. */
  boolean means(Registry source) {
    return SourceResolution.agrees(spec().source(), source);
  }
}
