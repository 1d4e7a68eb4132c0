package dev.ecroperator.replication;

/** It was refused to record of one object what it is about to say. */
final class RecordRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param message by whom, and with what words
   */
  RecordRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
