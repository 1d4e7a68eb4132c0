package dev.ecroperator.replication.merge;

import java.util.Map;
import java.util.Objects;

/**
 * The document that says what all say.
 *
 * @param document the text to write
 * @param changed whether it has to be written; else the document is the one that was found
 * @param rulings by the id of the share
 */
public record MergedDocument(
    ReplicationDocument document, boolean changed, Map<String, Ruling> rulings) {
  public MergedDocument {
    rulings = Map.copyOf(rulings);
  }

  /** What became of the desire of a share that was merged. */
  public Ruling ruling(String id) {
    return Objects.requireNonNull(rulings.get(id), id);
  }
}
