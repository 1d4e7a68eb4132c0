package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.replication.merge.ReplicationDocument;

/**
 * What the writer of a replication configuration needs from the registry that replicates. Every
 * method throws {@link CallFailedException} where the registry refuses or does not answer.
 */
public interface ReplicationRegistry {

  /**
   * Reads the replication configuration.
   *
   * @throws MalformedDocumentException where it could not be written back as it is
   */
  ReplicationDocument read();

  /** Replaces the replication configuration, whole. Without an answer it may have been done. */
  void put(ReplicationDocument document);
}
