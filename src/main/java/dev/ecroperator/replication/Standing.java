package dev.ecroperator.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an object's status has recorded about its part of the document.
 *
 * @param contribution what the object says in the document
 * @param superseded null, or what the document may still say instead: a write was under way
 */
record Standing(List<Contribution> contribution, @Nullable List<Contribution> superseded) {
  Standing {
    contribution = List.copyOf(contribution);
    superseded = superseded == null ? null : List.copyOf(superseded);
  }

  /** Whether the document says nothing of the object, and has not been about to. */
  boolean saysNothing() {
    return contribution.isEmpty() && (superseded == null || superseded.isEmpty());
  }
}
