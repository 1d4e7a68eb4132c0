package dev.ecroperator.cluster;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_FORBIDDEN;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;

/**
 * What may be logged of a call that the API server refused. Its message is the whole of it where it
 * is about permission; where it is about a value, the message quotes the object, and is left out.
 */
public final class ApiRefusal {
  private ApiRefusal() {}

  /**
   * The refusal that the operator itself makes where something is not as it was planned on: the
   * pass is made again on what there is then.
   */
  public static KubernetesClientException conflict(String why) {
    return new KubernetesClientException(why, HTTP_CONFLICT, null);
  }

  /** The refusal in one line, such as {@code 403 Forbidden: ... cannot patch resource ...}. */
  public static String text(KubernetesClientException e) {
    if (code(e) == 0) {
      // Without a cause it is the operator's own.
      return e.getCause() == null ? "" + e.getMessage() : "no answer (" + innermost(e) + ")";
    }
    Status status = e.getStatus();
    String reason = status == null || status.getReason() == null ? "" : " " + status.getReason();
    String message =
        status != null && e.getCode() == HTTP_FORBIDDEN && status.getMessage() != null
            ? ": " + status.getMessage()
            : "";
    return e.getCode() + reason + message;
  }

  /** The HTTP status; 0 where there was no answer, of which the client makes 0 or -1. */
  static int code(KubernetesClientException e) {
    return Math.max(0, e.getCode());
  }

  private static String innermost(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName();
  }
}
