package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.kubernetes.client.CustomResource;
import org.jspecify.annotations.Nullable;

/**
 * An object of one of our kinds. It may have been stored under another CRD than this operator's,
 * whose schema let through what these types do not hold.
 *
 * @param <P> its spec
 * @param <S> its status
 */
public abstract class Manifest<P, S> extends CustomResource<P, S> {
  @JsonIgnore private @Nullable String unreadable;

  /**
   * The path of what could not be read, such as {@code spec.tags}; null where all could be. Its
   * spec then declares nothing, which is not to be taken for its owner's word.
   */
  public @Nullable String unreadable() {
    return unreadable;
  }

  /** Says that the value at that path could not be read. */
  public void markUnreadable(@Nullable String path) {
    unreadable = path;
  }

  /** Whether it is the status that could not be read: what it says is not to be written over. */
  public boolean hasUnreadableStatus() {
    return unreadable != null && unreadable.startsWith("status");
  }
}
