package dev.ecroperator.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one object's desire.
 *
 * @param contribution what it says in the merged document, without what rules of others say
 *     already; to be recorded before the document is written
 * @param refusal null, or why it is not what the object desires: a limit, with the numbers
 * @param superseded what it says in the document that was found; to be recorded beside the
 *     contribution until the merged one is written
 */
record Ruling(
    List<Contribution> contribution, @Nullable String refusal, List<Contribution> superseded) {
  Ruling {
    contribution = List.copyOf(contribution);
    superseded = List.copyOf(superseded);
  }
}
