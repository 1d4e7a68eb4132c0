package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A status that tells how its object stands by conditions. */
public interface Conditioned {

  /** The conditions; null where none was written yet. */
  @Nullable List<Condition> conditions();
}
