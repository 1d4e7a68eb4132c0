package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.http.HttpStatusMessage;

/** An answer other than success, with the Status object that goes with it. */
public final class Refusal extends RuntimeException {
  private final int code;
  private final String reason;

  private Refusal(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  /** The HTTP status. */
  public int code() {
    return code;
  }

  /** The body: a {@code Status}. */
  public ObjectNode status() {
    return Json.object("kind", "Status", "apiVersion", "v1", "status", "Failure", "reason", reason)
        .put("code", code)
        .put("message", getMessage());
  }

  /** A refusal with the usual reason of that HTTP status. */
  public static Refusal of(int code, String message) {
    return new Refusal(code, reason(code), message);
  }

  private static String reason(int code) {
    return switch (code) {
      case 410 -> "Expired";
      case 422 -> "Invalid";
      default -> HttpStatusMessage.getMessageForStatus(code).replace(" ", "");
    };
  }

  static Refusal nothingServed() {
    return of(404, "the server could not find the requested resource");
  }

  static Refusal notFound(Kind kind, String name) {
    return of(404, kind.quoted(name) + " not found");
  }

  static Refusal alreadyExists(Kind kind, String name) {
    return new Refusal(409, "AlreadyExists", kind.quoted(name) + " already exists");
  }

  static Refusal conflict(Kind kind, JsonNode live, String why) {
    String what = kind.quoted(kind.key(live).name());
    return of(409, "Operation cannot be fulfilled on %s: %s".formatted(what, why));
  }

  static Refusal invalid(Kind kind, String name, String why) {
    String of = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    return of(422, "%s \"%s\" is invalid: %s".formatted(of, name, why));
  }
}
