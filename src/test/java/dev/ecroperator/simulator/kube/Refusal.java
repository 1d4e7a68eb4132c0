package dev.ecroperator.simulator.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.StatusDetailsBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An answer other than success, with the Status object that goes with it. */
final class Refusal extends RuntimeException {
  private static final Map<Integer, String> REASONS =
      Map.of(
          400, "BadRequest",
          403, "Forbidden",
          404, "NotFound",
          405, "MethodNotAllowed",
          409, "Conflict",
          410, "Expired",
          415, "UnsupportedMediaType",
          422, "Invalid",
          429, "TooManyRequests");

  private final transient Status status;

  private Refusal(int code, @Nullable String reason, String message) {
    super(message);
    status =
        new StatusBuilder()
            .withNewMetadata()
            .endMetadata()
            .withStatus("Failure")
            .withCode(code)
            .withReason(reason)
            .withMessage(message)
            .build();
  }

  Status status() {
    return status;
  }

  static Refusal of(int code, String message) {
    return new Refusal(code, REASONS.get(code), message);
  }

  static Refusal notFound(Kind kind, String name) {
    return of(404, kind.quoted(name) + " not found").about(kind, kind.plural(), name);
  }

  static Refusal alreadyExists(Kind kind, String name) {
    return new Refusal(409, "AlreadyExists", kind.quoted(name) + " already exists")
        .about(kind, kind.plural(), name);
  }

  static Refusal conflict(Kind kind, String name, String why) {
    return of(409, "Operation cannot be fulfilled on %s: %s".formatted(kind.quoted(name), why))
        .about(kind, kind.plural(), name);
  }

  static Refusal invalid(Kind kind, String name, String reason, String field, String message) {
    return invalid(kind, name, List.of(Schema.cause(reason, field, message)));
  }

  static Refusal invalid(Kind kind, String name, List<StatusCause> causes) {
    String all =
        causes.stream()
            .map(cause -> cause.getField() + ": " + cause.getMessage())
            .collect(Collectors.joining(", "));
    String of = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    String shown = causes.size() == 1 ? all : "[" + all + "]";
    // The real server names the kind, not the plural, in the details of this one.
    return of(422, "%s \"%s\" is invalid: %s".formatted(of, name, shown))
        .about(kind, kind.kind(), name)
        .because(causes);
  }

  private Refusal about(Kind type, String kind, String name) {
    status.setDetails(
        new StatusDetailsBuilder().withGroup(type.group()).withKind(kind).withName(name).build());
    return this;
  }

  Refusal because(List<StatusCause> causes) {
    StatusDetails details = status.getDetails();
    status.setDetails(
        (details == null ? new StatusDetailsBuilder() : new StatusDetailsBuilder(details))
            .withCauses(causes)
            .build());
    return this;
  }
}
