package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a service's model says of each operation's input. {@code constraints.json} is an extract
 * (required, min, max, pattern, enum) of the AWS service models in botocore 1.44.5, Apache License
 * 2.0.
 */
final class Constraints {
  private static final JsonNode ALL = load();

  private final Map<String, Operation> operations = new HashMap<>();

  private record Operation(String input, String errorCode) {}

  private record Shape(
      String type,
      long min,
      long max,
      @Nullable Pattern pattern,
      List<String> values,
      Set<String> required,
      Map<String, String> members,
      String element) {}

  private final Map<String, Shape> shapes = new HashMap<>();

  Constraints(String service) {
    JsonNode model = ALL.path(service);
    model
        .path("operations")
        .properties()
        .forEach(
            e ->
                operations.put(
                    e.getKey(),
                    new Operation(
                        e.getValue().path("input").asText(),
                        e.getValue().path("invalid").asText())));
    model.path("shapes").properties().forEach(e -> shapes.put(e.getKey(), shape(e.getValue())));
  }

  /** Refuses an input that breaks the model, at the first fault found. */
  void check(String operation, ObjectNode input) {
    Operation checked = operations.get(operation);
    if (checked != null) {
      new Check(checked.errorCode()).value("", checked.input(), input);
    }
  }

  private final class Check {
    private final String errorCode;

    Check(String errorCode) {
      this.errorCode = errorCode;
    }

    private void value(String path, String shapeName, JsonNode value) {
      Shape shape = shapes.get(shapeName);
      if (shape == null) {
        throw new IllegalStateException("constraints.json lacks " + shapeName);
      }
      typed(path, shape.type(), value);
      switch (shape.type()) {
        case "structure" -> structure(path, shape, value);
        case "list" -> {
          size(path, shape, value.size());
          int position = 0;
          for (JsonNode element : value) {
            value(path + "." + ++position + ".member", shape.element(), element);
          }
        }
        case "string" -> string(path, shape, value.textValue());
        // Base64 carries three bytes in four characters.
        case "blob" -> size(path, shape, value.textValue().length() * 3 / 4);
        case "integer" -> range(path, shape, value.longValue());
        default -> {}
      }
    }

    private void structure(String path, Shape shape, JsonNode value) {
      String prefix = path.isEmpty() ? "" : path + ".";
      for (Map.Entry<String, String> member : shape.members().entrySet()) {
        JsonNode given = value.path(member.getKey());
        if (!given.isMissingNode() && !given.isNull()) {
          value(prefix + member.getKey(), member.getValue(), given);
        } else if (shape.required().contains(member.getKey())) {
          throw broken(prefix + member.getKey(), "Member must not be null");
        }
      }
    }

    private void typed(String path, String type, JsonNode value) {
      boolean fits =
          switch (type) {
            case "structure" -> value.isObject();
            case "list" -> value.isArray();
            case "string", "blob" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
          };
      if (!fits) {
        throw AwsError.refused(
            "SerializationException", "Unexpected value at '" + path + "': not a " + type);
      }
    }

    private void string(String path, Shape shape, String text) {
      size(path, shape, text.length());
      Pattern pattern = shape.pattern();
      if (pattern != null && !pattern.matcher(text).matches()) {
        throw broken(path, "must satisfy regular expression '" + pattern + "'");
      }
      if (!shape.values().isEmpty() && !shape.values().contains(text)) {
        throw broken(path, "Member must satisfy enum value set: " + shape.values());
      }
    }

    private void size(String path, Shape shape, int size) {
      if (size < shape.min()) {
        throw broken(path, "Member must have length greater than or equal to " + shape.min());
      }
      if (size > shape.max()) {
        throw broken(path, "Member must have length less than or equal to " + shape.max());
      }
    }

    private void range(String path, Shape shape, long value) {
      if (value < shape.min()) {
        throw broken(path, "Member must have value greater than or equal to " + shape.min());
      }
      if (value > shape.max()) {
        throw broken(path, "Member must have value less than or equal to " + shape.max());
      }
    }

    private AwsError broken(String path, String constraint) {
      return AwsError.refused(errorCode, AwsError.constraintText(path, constraint));
    }
  }

  private static Shape shape(JsonNode node) {
    Map<String, String> members = new LinkedHashMap<>();
    node.path("members").properties().forEach(e -> members.put(e.getKey(), e.getValue().asText()));
    JsonNode pattern = node.path("pattern");
    return new Shape(
        node.path("type").asText(),
        node.path("min").asLong(Long.MIN_VALUE),
        node.path("max").asLong(Long.MAX_VALUE),
        pattern.isMissingNode() ? null : Pattern.compile(pattern.asText()),
        Json.texts(node.path("enum")),
        new HashSet<>(Json.texts(node.path("required"))),
        members,
        node.path("member").asText());
  }

  private static JsonNode load() {
    try (InputStream in = Constraints.class.getResourceAsStream("constraints.json")) {
      return Json.MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
