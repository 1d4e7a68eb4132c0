package dev.ecroperator.replication.progress;

import dev.ecroperator.convergence.CallFailedException;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;

/**
 * What is asked of a registry that replicates about its images. Every method throws {@link
 * CallFailedException} where the registry refuses or does not answer.
 */
public interface ImageRegistry {

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
