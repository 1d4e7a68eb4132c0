package dev.ecroperator.aws;

import dev.ecroperator.convergence.Fence;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Asks the fence right before each attempt is sent: the SDK makes several of one call, and waits in
 * between.
 */
final class FencedTransmission implements ExecutionInterceptor {
  private final Fence fence;

  FencedTransmission(Fence fence) {
    this.fence = fence;
  }

  /** Fails with an exception that the SDK does not retry. */
  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    if (!fence.isOpen()) {
      throw SdkClientException.create("not sent: this replica of the operator does not lead");
    }
  }
}
