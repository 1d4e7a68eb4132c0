package dev.ecroperator.cluster;

import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.Turns;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Supplier;

/**
 * Calls to the API server, a few at once: the client opens a connection or a stream for each, as
 * many as are asked for, and a thousand passes that begin together would stand in their own way.
 */
final class ApiCalls {
  private static final int AT_ONCE = 20;

  private final Turns turns = new Turns(AT_ONCE);
  private final Fence fence;

  /** Calls that are made while {@code fence} is open. */
  ApiCalls(Fence fence) {
    this.fence = fence;
  }

  /**
   * Makes a call when it is its turn.
   *
   * @throws KubernetesClientException where the call does, where the operator is stopping, or where
   *     the fence is closed
   */
  <T> T make(Supplier<T> call) {
    try {
      turns.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("the operator is stopping", e);
    }
    try {
      if (!fence.isOpen()) {
        throw new KubernetesClientException("not sent: this replica does not lead");
      }
      return call.get();
    } finally {
      turns.release();
    }
  }
}
