package dev.ecroperator.convergence;

/** A call behind a port failed; the only exception that ports throw on purpose. */
public final class CallFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** Wraps what is known of the failure; {@code cause} is for the log. */
  public CallFailedException(Failure failure, Throwable cause) {
    super(failure.action() + ": " + failure.message(), cause);
    this.failure = failure;
  }

  /** A failure that no exception caused. */
  public CallFailedException(Failure failure) {
    super(failure.action() + ": " + failure.message());
    this.failure = failure;
  }

  /** What failed, and what it means. */
  public Failure failure() {
    return failure;
  }

  /** What the failure means. */
  public Failure.Kind kind() {
    return failure.kind();
  }
}
