package dev.ecroperator.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of the API server, as a pass reads it.
 *
 * @param <T> its kind
 * @param <S> its status
 */
public interface ApiObject<T extends Manifest<?, S>, S extends Conditioned> {

  /** The object as the client has it. */
  T resource();

  /** The status; a blank one where none was written yet. */
  S status();

  /** Tells this object from others that had its name before. */
  default String uid() {
    return resource().getMetadata().getUid();
  }

  /** The generation of its manifest. */
  default long generation() {
    return resource().getMetadata().getGeneration();
  }

  /** The namespace that it is in. */
  default String namespace() {
    return resource().getMetadata().getNamespace();
  }

  /** Its name there. */
  default String name() {
    return resource().getMetadata().getName();
  }

  /** The object as people name it. */
  default String path() {
    return namespace() + "/" + name();
  }

  /** When it was created. */
  default Instant createdAt() {
    return Instant.parse(resource().getMetadata().getCreationTimestamp());
  }

  /** The path of what could not be read of it; null where all could be. */
  default @Nullable String unreadable() {
    return resource().unreadable();
  }

  /** What in AWS was pinned as meant; null on an object that was not seen before. */
  default @Nullable String pin() {
    return annotation(Annotations.TARGET);
  }

  /** When somebody asked for a look at once; null for never. */
  default @Nullable String requestedAt() {
    return annotation(Annotations.REQUESTED_AT);
  }

  /** Whether a look is asked for that was not taken yet. */
  default boolean isLookRequested() {
    String requestedAt = requestedAt();
    return requestedAt != null && !requestedAt.equals(status().lastHandledReconcileAt());
  }

  /** An annotation's value; null where it is not there. */
  default @Nullable String annotation(String key) {
    Map<String, String> annotations = resource().getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
