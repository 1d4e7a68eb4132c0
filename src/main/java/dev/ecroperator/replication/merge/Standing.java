package dev.ecroperator.replication.merge;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an object's status has recorded about its part of the document.
 *
 * @param contribution what the object says in the document
 * @param superseded null, or what the document may still say instead: a write was under way
 */
public record Standing(List<Contribution> contribution, @Nullable Superseded superseded) {
  /** Of an object that says nothing. */
  public static final Standing NOTHING = new Standing(List.of(), null);

  public Standing {
    contribution = List.copyOf(contribution);
  }

  /**
   * What a write was to replace.
   *
   * @param contribution what the object said before
   * @param found fingerprint of the document that was found; null where none was recorded, or an
   *     older CRD has dropped it
   * @param written fingerprint of the document that was to be written, which is the one found where
   *     a rule only changed hands; null likewise
   */
  public record Superseded(
      List<Contribution> contribution, @Nullable String found, @Nullable String written) {
    public Superseded {
      contribution = List.copyOf(contribution);
    }
  }

  /** What the object said before the write that may be under way. */
  public List<Contribution> before() {
    return superseded == null ? contribution : superseded.contribution();
  }

  /**
   * What the object says in the document of that fingerprint, where that is certain. Where the
   * write changes nothing but whose the rules are, the object says both.
   */
  public Optional<List<Contribution>> saidIn(String fingerprint) {
    if (superseded == null) {
      return Optional.of(contribution);
    }
    boolean isFound = fingerprint.equals(superseded.found());
    boolean isWritten = fingerprint.equals(superseded.written());
    if (isFound && isWritten) {
      Set<Atom> both = Contribution.atoms(before());
      both.addAll(Contribution.atoms(contribution));
      return Optional.of(Compilation.contributions(both));
    }
    if (isFound) {
      return Optional.of(before());
    }
    return isWritten ? Optional.of(contribution) : Optional.empty();
  }

  /** Whether the document says nothing of the object, and has not been about to. */
  public boolean saysNothing() {
    return contribution.isEmpty() && before().isEmpty();
  }
}
