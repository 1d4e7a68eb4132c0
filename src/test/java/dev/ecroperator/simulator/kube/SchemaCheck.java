package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.kube.ApiFailure.Cause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks a custom resource against its schema, in the words of the real server. Knows no CEL. */
final class SchemaCheck {
  private final List<Cause> causes = new ArrayList<>();

  private SchemaCheck() {}

  static List<Cause> of(JsonNode schema, ObjectNode object) {
    SchemaCheck check = new SchemaCheck();
    check.node(schema, object, "");
    return check.causes;
  }

  private void node(JsonNode schema, JsonNode node, String path) {
    if (node.isNull() && schema.path("nullable").asBoolean()) {
      return;
    }
    String wanted = Json.text(schema, "type");
    if (!wanted.isEmpty() && !isOfType(wanted, node)) {
      invalid(
          path,
          "\"" + type(node) + "\"",
          "must be of type %s: \"%s\"".formatted(wanted, type(node)));
      return;
    }
    switch (node) {
      case ObjectNode object -> object(schema, object, path);
      case ArrayNode array -> array(schema, array, path);
      default -> scalar(schema, node, path);
    }
    JsonNode allowed = schema.path("enum");
    if (allowed.isArray() && allowed.valueStream().noneMatch(node::equals)) {
      String values = String.join(", ", allowed.valueStream().map(SchemaCheck::quoted).toList());
      String message = "Unsupported value: %s: supported values: %s".formatted(node, values);
      causes.add(new Cause("FieldValueNotSupported", path, message));
    }
  }

  private static String quoted(JsonNode value) {
    return "\"" + value.asText() + "\"";
  }

  private void object(JsonNode schema, ObjectNode object, String path) {
    String prefix = path.isEmpty() ? "" : path + ".";
    for (JsonNode required : schema.path("required")) {
      if (!object.has(required.asText())) {
        String field = prefix + required.asText();
        causes.add(new Cause("FieldValueRequired", field, "Required value"));
      }
    }
    tooMany(schema.path("maxProperties"), object.size(), path);
    if (object.size() < schema.path("minProperties").asInt(0)) {
      int least = schema.path("minProperties").asInt();
      invalid(path, "" + object.size(), "should have at least %d properties".formatted(least));
    }
    object
        .properties()
        .forEach(e -> node(Schema.member(schema, e.getKey()), e.getValue(), prefix + e.getKey()));
  }

  private void array(JsonNode schema, ArrayNode array, String path) {
    tooMany(schema.path("maxItems"), array.size(), path);
    if (array.size() < schema.path("minItems").asInt(0)) {
      int least = schema.path("minItems").asInt();
      invalid(path, "" + array.size(), "should have at least %d items".formatted(least));
    }
    Set<JsonNode> seen = new HashSet<>();
    String listType = Json.text(schema, "x-kubernetes-list-type");
    for (int i = 0; i < array.size(); i++) {
      String itemPath = path + "[" + i + "]";
      node(schema.path("items"), array.path(i), itemPath);
      JsonNode identity = ListItems.identity(schema, array.path(i));
      if (List.of("set", "map").contains(listType) && !seen.add(identity)) {
        String message = "Duplicate value: " + identity;
        causes.add(new Cause("FieldValueDuplicate", itemPath, message));
      }
    }
  }

  private void tooMany(JsonNode limit, int size, String path) {
    if (limit.isNumber() && size > limit.asInt()) {
      String message = "Too many: %d: must have at most %d items".formatted(size, limit.asInt());
      causes.add(new Cause("FieldValueTooMany", path, message));
    }
  }

  private void scalar(JsonNode schema, JsonNode node, String path) {
    if (node.isTextual()) {
      String text = node.asText();
      int length = text.codePointCount(0, text.length());
      int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
      if (length > most) {
        String message = "Too long: may not be more than %d bytes".formatted(most);
        causes.add(new Cause("FieldValueTooLong", path, message));
      }
      if (length < schema.path("minLength").asInt(0)) {
        int least = schema.path("minLength").asInt();
        invalid(path, node.toString(), "should be at least %d chars long".formatted(least));
      }
      String pattern = Json.text(schema, "pattern");
      if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
        invalid(path, node.toString(), "should match '%s'".formatted(pattern));
      }
    } else if (node.isNumber()) {
      JsonNode least = schema.path("minimum");
      JsonNode most = schema.path("maximum");
      if (least.isNumber() && node.asDouble() < least.asDouble()) {
        invalid(path, node.toString(), "should be greater than or equal to %s".formatted(least));
      }
      if (most.isNumber() && node.asDouble() > most.asDouble()) {
        invalid(path, node.toString(), "should be less than or equal to %s".formatted(most));
      }
    }
  }

  private static boolean isOfType(String wanted, JsonNode node) {
    return wanted.equals(type(node)) || (wanted.equals("number") && node.isNumber());
  }

  private static String type(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT, POJO -> "object";
      case ARRAY -> "array";
      case STRING, BINARY -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> node.canConvertToExactIntegral() ? "integer" : "number";
      case NULL, MISSING -> "null";
    };
  }

  private void invalid(String path, String shown, String why) {
    causes.add(Cause.invalid(path, shown, path + " in body " + why));
  }
}
