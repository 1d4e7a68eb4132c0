package dev.ecroperator.convergence;

/** Whether an object that is being deleted may go: what of it is in AWS comes first. */
public sealed interface Deletion {

  /** It may: what there was to do is done. */
  record Done(Occurrence occurrence) implements Deletion {}

  /**
   * It stays until the finding is dealt with.
   *
   * @param ours whether what is in AWS was seen to be the object's
   */
  record Waiting(Finding finding, boolean ours) implements Deletion {}
}
