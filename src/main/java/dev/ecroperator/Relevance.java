package dev.ecroperator;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Conditioned;
import dev.ecroperator.cluster.ClusterObjects;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which updates of an object call for a pass: not those that are our own writes coming back. */
final class Relevance {
  private Relevance() {}

  static boolean ofUpdate(CustomResource<?, ?> now, CustomResource<?, ?> before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || (ClusterObjects.isHeld(before) && !ClusterObjects.isHeld(now))
        || (isTold(before) && !isTold(now))
        || differ(now, before, Annotations.REQUESTED_AT)
        || (annotation(before, Annotations.TARGET) != null
            && differ(now, before, Annotations.TARGET));
  }

  /**
   * Whether a pass has told in the status how the object stands: of one that was wiped the API
   * server leaves the CRD's default, not nothing.
   */
  private static boolean isTold(CustomResource<?, ?> object) {
    return object.getStatus() instanceof Conditioned status
        && status.conditions() != null
        && !status.conditions().isEmpty();
  }

  private static boolean differ(
      CustomResource<?, ?> now, CustomResource<?, ?> before, String annotation) {
    return !Objects.equals(annotation(now, annotation), annotation(before, annotation));
  }

  private static @Nullable String annotation(CustomResource<?, ?> object, String key) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
