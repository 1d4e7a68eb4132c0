package dev.ecroperator.repository;

import dev.ecroperator.convergence.CallFailedException;
import java.time.Duration;
import java.util.Optional;

/**
 * What the repository room needs from a registry; one implementation a visibility. Every method
 * throws {@link CallFailedException} where the registry refuses or does not answer.
 */
public interface RepositoryRegistry {

  /**
   * Creates the repository with everything that CreateRepository accepts of {@code settings}, its
   * tags (the ownership tag among them) included.
   *
   * @return the repository as the answer shows it; what was not sent is at ECR's default
   * @throws CallFailedException of kind EXISTS where a repository has the name already, and of kind
   *     AMBIGUOUS where it may be the one that this call has made
   */
  ObservedRepository create(RepositoryTarget target, RepositorySettings settings);

  /**
   * Reads all of the repository; empty where there is none.
   *
   * @param maxAge how old may be what is read of many repositories at once; zero for the newest
   */
  Optional<ObservedRepository> find(RepositoryTarget target, Duration maxAge);

  /**
   * Reads again what {@code change} would replace, right before it is replaced.
   *
   * @return {@code observed} with that reading
   */
  ObservedRepository readAgain(
      RepositoryTarget target, ObservedRepository observed, RepositoryChange change);

  /** Reads the tags alone, as cheaply as it goes; empty where there is no repository. */
  Optional<Tags> tags(RepositoryTarget target);

  /**
   * Makes one change. A call that was answered is done; one that was not may be.
   *
   * @param lookAgain as for {@link #delete}
   */
  void apply(RepositoryTarget target, RepositoryChange change, Runnable lookAgain);

  /**
   * Deletes the repository; one that is gone already is no failure.
   *
   * @param withImages whether its images may go with it
   * @param lookAgain throws where what this was planned on is no more; asked right before the call,
   *     where that had to wait for its turn
   * @throws CallFailedException of kind NOT_EMPTY where it holds images and {@code withImages} is
   *     false
   */
  void delete(RepositoryTarget target, boolean withImages, Runnable lookAgain);
}
