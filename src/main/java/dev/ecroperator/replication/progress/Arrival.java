package dev.ecroperator.replication.progress;

import dev.ecroperator.replication.merge.Registry;
import org.jspecify.annotations.Nullable;

/**
 * How far one image is on its way to one destination, as DescribeImageReplicationStatus tells.
 *
 * @param destination where to
 * @param state how far
 * @param failureCode ECR's word on a failure, free in form; null for none
 */
public record Arrival(Registry destination, State state, @Nullable String failureCode) {

  /** ECR's ReplicationStatus. */
  public enum State {
    IN_PROGRESS,
    COMPLETE,
    FAILED
  }
}
