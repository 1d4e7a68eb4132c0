package dev.ecroperator;

import dev.ecroperator.api.Annotations;
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
        || (before.getStatus() != null && now.getStatus() == null)
        || differ(now, before, Annotations.REQUESTED_AT)
        || (annotation(before, Annotations.TARGET) != null
            && differ(now, before, Annotations.TARGET));
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
