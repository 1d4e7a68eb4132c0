package dev.ecroperator;

import dev.ecroperator.telemetry.OneLine;

/** A setting that cannot be read: its message is one line for whoever set it. */
final class InvalidSettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One whose {@code value} is none of what is {@code accepted}. */
  InvalidSettingException(String variable, String value, String accepted) {
    super(
        variable
            + "='"
            + withoutPassword(OneLine.of(value))
            + "' cannot be read: accepted is "
            + accepted);
  }

  /** One that a library cannot use. */
  InvalidSettingException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }

  /** A proxy's URL may carry one. */
  private static String withoutPassword(String line) {
    return line.replaceFirst("^(\\w+://)?.*@", "$1***@");
  }
}
