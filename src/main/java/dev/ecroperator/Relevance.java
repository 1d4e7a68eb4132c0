package dev.ecroperator;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Conditioned;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.cluster.ClusterObjects;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.HashMap;
import java.util.List;
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
            && differ(now, before, Annotations.TARGET))
        || (isStalled(before) && !ofOthers(now).equals(ofOthers(before)));
  }

  /** What is Stalled waits for somebody to act: whatever they changed may be that. */
  private static boolean isStalled(CustomResource<?, ?> object) {
    return object.getStatus() instanceof Conditioned status
        && Conditions.find(status.conditions(), Conditions.STALLED).isPresent();
  }

  /** The labels, and the annotations that are not the operator's. */
  private static List<Map<String, String>> ofOthers(CustomResource<?, ?> object) {
    Map<String, String> annotations = new HashMap<>(annotations(object));
    annotations.keySet().removeIf(key -> key.startsWith(Annotations.PREFIX));
    return List.of(
        Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of()), annotations);
  }

  private static boolean isTold(CustomResource<?, ?> object) {
    return object.getStatus() instanceof Conditioned status
        && Conditions.isTold(status.conditions());
  }

  private static boolean differ(
      CustomResource<?, ?> now, CustomResource<?, ?> before, String annotation) {
    return !Objects.equals(annotation(now, annotation), annotation(before, annotation));
  }

  private static @Nullable String annotation(CustomResource<?, ?> object, String key) {
    return annotations(object).get(key);
  }

  private static Map<String, String> annotations(CustomResource<?, ?> object) {
    return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
  }
}
