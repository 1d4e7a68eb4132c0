package dev.ecroperator.repository;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.OwnAccount;

/** The registries that the operator can reach. */
public interface Registries {

  /**
   * Who the operator is to AWS; asked once, then remembered.
   *
   * @throws CallFailedException where there are no credentials yet, or AWS does not answer
   */
  OwnAccount ownAccount();

  /** The registry that holds {@code target}. */
  RepositoryRegistry holding(RepositoryTarget target);
}
