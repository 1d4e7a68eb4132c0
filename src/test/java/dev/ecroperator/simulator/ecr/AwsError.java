package dev.ecroperator.simulator.ecr;

/** What AWS answers instead of doing what was asked. */
final class AwsError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final String text;

  AwsError(int status, String code, String text) {
    // Errors are ordinary answers here: a stack trace would cost and tell nothing.
    super(code + ": " + text, null, false, false);
    this.status = status;
    this.code = code;
    this.text = text;
  }

  static AwsError refused(String code, String text) {
    return new AwsError(400, code, text);
  }

  static AwsError invalid(String parameter, String constraint) {
    return refused("InvalidParameterException", constraintText(parameter, constraint));
  }

  static String constraintText(String parameter, String constraint) {
    return "Invalid parameter at '"
        + parameter
        + "' failed to satisfy constraint: '"
        + constraint
        + "'";
  }

  /** {@code what} is e.g. {@code The repository with name 'x'}: all such messages end alike. */
  static AwsError absent(String code, String what, String account) {
    return refused(code, what + " does not exist in the registry with id '" + account + "'");
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String text() {
    return text;
  }
}
