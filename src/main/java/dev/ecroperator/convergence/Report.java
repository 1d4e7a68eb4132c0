package dev.ecroperator.convergence;

import java.util.List;

/**
 * What a pass says of an object to the world.
 *
 * @param <S> the status of the object's kind
 */
public interface Report<S> {

  /** The status after the pass. */
  S status();

  /** The pass in one reason and one message. */
  Verdict verdict();

  /** The events of the pass. */
  List<Occurrence> occurrences();
}
