package dev.ecroperator.replication.merge;

import dev.ecroperator.replication.merge.Standing.Superseded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one object's desire.
 *
 * @param contribution what it says in the merged document, without what rules of others say already
 * @param refusal null, or why it is not what the object desires: a limit, with the numbers
 * @param said what it says in the document that was found
 */
public record Ruling(
    List<Contribution> contribution, @Nullable String refusal, List<Contribution> said) {
  public Ruling {
    contribution = List.copyOf(contribution);
    said = List.copyOf(said);
  }

  /** Whether the object says something else in the merged document than in the one found. */
  public boolean isNew() {
    return !contribution.equals(said);
  }

  /** Whether the merged document says less of the object than the one found. */
  public boolean letsGo() {
    return !Contribution.atoms(contribution).containsAll(Contribution.atoms(said));
  }

  /**
   * What is true of the object whether the merged document is written or not.
   *
   * @param found fingerprint of the document that was found
   * @param written fingerprint of the merged one
   */
  public Standing underWay(String found, String written) {
    return isNew() ? new Standing(contribution, new Superseded(said, found, written)) : settled();
  }

  /** What is true of the object once the merged document stands. */
  public Standing settled() {
    return new Standing(contribution, null);
  }
}
