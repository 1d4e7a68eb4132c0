package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A status that tells how its object stands by conditions, and which request it has answered. */
public interface Conditioned {

  /** The conditions; null where none was written yet. */
  @Nullable List<Condition> conditions();

  /** The value of the annotation that asked for the last look; null for none. */
  @Nullable String lastHandledReconcileAt();
}
