package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.replication.merge.ReplicationDocument;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;

/**
 * What the replication room needs from the registry that replicates. Every method throws {@link
 * CallFailedException} where the registry refuses or does not answer.
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

  /**
   * The names of all repositories, sorted.
   *
   * @param maxAge how old the list may be
   */
  NavigableSet<String> repositoryNames(Duration maxAge);

  /** The images of a repository that were pushed last, the newest first. */
  List<PushedImage> newestImages(String repository, int atMost);

  /** How far the replication of one image is; empty for an image that is not replicated. */
  List<Arrival> arrivals(String repository, String digest);

  /**
   * Whether so many more of the calls that look at a single repository or image are within what
   * they may cost; they are counted where all of them are, and none is otherwise. Further pages of
   * a large repository are counted by themselves.
   */
  boolean mayLook(int calls);
}
