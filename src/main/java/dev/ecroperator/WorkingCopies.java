package dev.ecroperator;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Manifest;
import dev.ecroperator.api.Repository;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.Cloner;

/**
 * Copies objects of the cache, so that a pass may change what it works on: its metadata, and which
 * status it has. Spec and status themselves are values and are shared; the SDK's own copies go by
 * way of JSON, and at a start a thousand of them keep the first pass waiting.
 */
final class WorkingCopies implements Cloner {
  private final KubernetesSerialization serialization;

  /** Copies by {@code serialization} what is of another kind than ours. */
  WorkingCopies(KubernetesSerialization serialization) {
    this.serialization = serialization;
  }

  @Override
  @SuppressWarnings("unchecked") // The copy is of the class of what is copied.
  public <R extends HasMetadata> R clone(R cached) {
    return switch (cached) {
      case Repository repository -> (R) copy(repository, new Repository());
      case ImageReplication replication -> (R) copy(replication, new ImageReplication());
      default -> serialization.clone(cached);
    };
  }

  private static <P, S, T extends Manifest<P, S>> T copy(T cached, T copy) {
    copy.setMetadata(new ObjectMetaBuilder(cached.getMetadata()).build());
    copy.setSpec(cached.getSpec());
    copy.setStatus(cached.getStatus());
    copy.markUnreadable(cached.unreadable());
    return copy;
  }
}
