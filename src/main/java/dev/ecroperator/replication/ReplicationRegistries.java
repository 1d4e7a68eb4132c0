package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.progress.ImageRegistry;

/** The registries that the operator can reach. */
public interface ReplicationRegistries {

  /**
   * Who the operator is to AWS; asked once, then remembered.
   *
   * @throws CallFailedException where there are no credentials yet, or AWS does not answer
   */
  OwnAccount ownAccount();

  /** The registry that replicates: its configuration. */
  ReplicationRegistry at(Registry source);

  /** The registry that replicates: its images. */
  ImageRegistry imagesAt(Registry source);
}
