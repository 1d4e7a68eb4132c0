package dev.ecroperator;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** What an exception of the Kubernetes client says, in one line. */
final class FirstLine {
  private FirstLine() {}

  /** The line for whoever runs the operator: the API server's own words where it answered. */
  static String of(Throwable e) {
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    // The client's own message is the answer's whole status, field by field.
    String message =
        innermost instanceof KubernetesClientException answered
                && answered.getStatus() != null
                && answered.getStatus().getMessage() != null
            ? answered.getStatus().getMessage()
            : innermost.getMessage();
    return message == null
        ? innermost.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
