package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** An answer other than success, with the Status object that goes with it. */
final class ApiFailure extends RuntimeException {
  /** One field that is wrong, as `metav1.StatusCause` has it. */
  record Cause(String reason, String field, String message) {
    static Cause invalid(String field, String shown, String why) {
      return new Cause("FieldValueInvalid", field, "Invalid value: " + shown + ": " + why);
    }

    static Cause forbidden(String field, String why) {
      return new Cause("FieldValueForbidden", field, "Forbidden: " + why);
    }

    String sentence() {
      return field + ": " + message;
    }
  }

  private final int code;
  private final ObjectNode status;

  private ApiFailure(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.status =
        Json.object()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("message", message)
            .put("reason", reason)
            .put("code", code);
    status.putObject("metadata");
  }

  int code() {
    return code;
  }

  ObjectNode status() {
    return status;
  }

  static ApiFailure of(int code, String message) {
    return new ApiFailure(code, reason(code), message);
  }

  static ApiFailure badRequest(String message) {
    return of(400, message);
  }

  static ApiFailure noSuchPath() {
    return of(404, "the server could not find the requested resource");
  }

  static ApiFailure notFound(ResourceType type, String name) {
    return of(404, "%s \"%s\" not found".formatted(type.qualifiedPlural(), name))
        .about(type, name, type.plural());
  }

  static ApiFailure alreadyExists(ResourceType type, String name) {
    String message = "%s \"%s\" already exists".formatted(type.qualifiedPlural(), name);
    return new ApiFailure(409, "AlreadyExists", message).about(type, name, type.plural());
  }

  static ApiFailure conflict(ResourceType type, String name, String why) {
    String message =
        "Operation cannot be fulfilled on %s \"%s\": %s"
            .formatted(type.qualifiedPlural(), name, why);
    return of(409, message).about(type, name, type.plural());
  }

  static ApiFailure expired(String message) {
    return new ApiFailure(410, "Expired", message);
  }

  static ApiFailure applyConflict(String message, List<Cause> causes) {
    return of(409, message).because(causes);
  }

  static ApiFailure invalid(ResourceType type, String name, List<Cause> causes) {
    String all = causes.stream().map(Cause::sentence).collect(Collectors.joining(", "));
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    String message =
        "%s \"%s\" is invalid: %s"
            .formatted(kind, name, causes.size() == 1 ? all : "[" + all + "]");
    // The real server names the kind, not the plural, in the details of this one.
    return of(422, message).about(type, name, type.kind()).because(causes);
  }

  private ApiFailure about(ResourceType type, String name, String kind) {
    ObjectNode details = status.withObjectProperty("details").put("name", name).put("kind", kind);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    return this;
  }

  private ApiFailure because(List<Cause> causes) {
    ArrayNode array = status.withObjectProperty("details").putArray("causes");
    for (Cause cause : causes) {
      array
          .addObject()
          .put("reason", cause.reason())
          .put("message", cause.message())
          .put("field", cause.field());
    }
    return this;
  }

  ApiFailure retryAfter(long seconds) {
    status.withObjectProperty("details").put("retryAfterSeconds", seconds);
    return this;
  }

  private static String reason(int code) {
    return switch (code) {
      case 400 -> "BadRequest";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 405 -> "MethodNotAllowed";
      case 406 -> "NotAcceptable";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 415 -> "UnsupportedMediaType";
      case 422 -> "Invalid";
      case 429 -> "TooManyRequests";
      case 500 -> "InternalError";
      case 503 -> "ServiceUnavailable";
      case 504 -> "Timeout";
      default -> "Unknown";
    };
  }
}
