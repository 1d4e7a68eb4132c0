package dev.ecroperator.convergence;

import org.jspecify.annotations.Nullable;

/**
 * One thing that keeps a resource from being Ready.
 *
 * @param reason its class
 * @param message what is wrong, where (field, action) and what to do, for the owner of the resource
 * @param trace what finds the failed call again; null where it is no failed call
 */
public record Finding(Reason reason, String message, @Nullable Trace trace) {

  /** A finding that no failed call made. */
  public Finding(Reason reason, String message) {
    this(reason, message, null);
  }
}
