package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusCause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a structural schema does to an object: pruning, defaults and checks. Knows no CEL. */
final class Schema {
  private Schema() {}

  /** The schema of a member, missing where there is none. */
  static JsonNode member(JsonNode schema, String name) {
    JsonNode declared = schema.path("properties").path(name);
    JsonNode additional = schema.path("additionalProperties");
    return declared.isMissingNode() && additional.isObject() ? additional : declared;
  }

  /** Whether a list's items are merged one by one, not the list replaced as a whole. */
  static boolean isApart(JsonNode listSchema) {
    return Set.of("set", "map").contains(Json.text(listSchema, "x-kubernetes-list-type"));
  }

  /** What tells an item of such a list from others: its keys in a map, in a set all of it. */
  static JsonNode identity(JsonNode listSchema, JsonNode item) {
    JsonNode keys = listSchema.path("x-kubernetes-list-map-keys");
    return keys.isEmpty() || !(item instanceof ObjectNode object)
        ? item
        : object.deepCopy().retain(Json.texts(keys));
  }

  /** Takes away what the schema does not know; answers the paths of what it took, in order. */
  static List<String> prune(JsonNode schema, ObjectNode object) {
    List<String> unknown = new ArrayList<>();
    prune(schema, object, "", unknown);
    return unknown.stream().sorted().toList();
  }

  private static void prune(JsonNode schema, JsonNode node, String path, List<String> unknown) {
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        prune(schema.path("items"), array.path(i), path + "[" + i + "]", unknown);
      }
    }
    for (Map.Entry<String, JsonNode> entry : List.copyOf(node.properties())) {
      String name = entry.getKey();
      String at = below(path, name);
      JsonNode member = member(schema, name);
      if (!member.isMissingNode()) {
        prune(member, entry.getValue(), at, unknown);
      } else if (!schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
        ((ObjectNode) node).remove(name);
        unknown.add(at);
      }
    }
  }

  /** Sets the defaults of absent members, and drops nulls. */
  static void applyDefaults(JsonNode schema, JsonNode node) {
    if (node instanceof ObjectNode object) {
      schema
          .path("properties")
          .properties()
          .forEach(
              e -> {
                if (object.path(e.getKey()).isNull()) {
                  object.remove(e.getKey());
                }
                if (e.getValue().has("default") && !object.has(e.getKey())) {
                  object.set(e.getKey(), e.getValue().path("default").deepCopy());
                }
              });
      object.properties().forEach(e -> applyDefaults(member(schema, e.getKey()), e.getValue()));
    } else {
      node.forEach(item -> applyDefaults(schema.path("items"), item));
    }
  }

  /** What is wrong with an object, in the words of the real server. */
  static List<StatusCause> check(JsonNode schema, ObjectNode object) {
    List<StatusCause> causes = new ArrayList<>();
    check(schema, object, "", causes);
    return causes;
  }

  private static void check(JsonNode schema, JsonNode node, String path, List<StatusCause> causes) {
    String wanted = Json.text(schema, "type");
    String is = type(node);
    if (!wanted.isEmpty() && !wanted.equals(is)) {
      boolean formatted = node.isNumber() && schema.has("format");
      String shown = "\"" + (formatted ? "float64" : is) + "\"";
      invalid(
          "TypeInvalid",
          path,
          shown,
          "must be of type %s: %s"
              .formatted(formatted ? Json.text(schema, "format") : wanted, shown),
          causes);
      return;
    }
    JsonNode allowed = schema.path("enum");
    if (!allowed.isEmpty() && allowed.valueStream().noneMatch(node::equals)) {
      String values = String.join("\", \"", Json.texts(allowed));
      causes.add(
          cause(
              "NotSupported",
              path,
              "Unsupported value: %s: supported values: \"%s\"".formatted(node, values)));
    }
    switch (node) {
      case ObjectNode object -> {
        for (JsonNode required : schema.path("required")) {
          if (!object.has(required.asText())) {
            causes.add(cause("Required", below(path, required.asText()), "Required value"));
          }
        }
        bounds(schema, "Properties", object.size(), path, causes);
        object
            .properties()
            .forEach(
                e ->
                    check(
                        member(schema, e.getKey()), e.getValue(), below(path, e.getKey()), causes));
      }
      case ArrayNode array -> {
        bounds(schema, "Items", array.size(), path, causes);
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
          String at = path + "[" + i + "]";
          check(schema.path("items"), array.path(i), at, causes);
          if (isApart(schema) && !seen.add(identity(schema, array.path(i)))) {
            causes.add(
                cause("Duplicate", at, "Duplicate value: " + identity(schema, array.path(i))));
          }
        }
      }
      default -> scalar(schema, node, path, causes);
    }
  }

  private static void scalar(
      JsonNode schema, JsonNode node, String path, List<StatusCause> causes) {
    String text = node.asText();
    int length = text.codePointCount(0, text.length());
    if (schema.has("maxLength") && length > schema.path("maxLength").asInt()) {
      causes.add(
          cause(
              "TooLong",
              path,
              "Too long: may not be more than %s bytes".formatted(schema.path("maxLength"))));
    }
    if (length < schema.path("minLength").asInt()) {
      invalid(
          "Invalid",
          path,
          node,
          "should be at least %s chars long".formatted(schema.path("minLength")),
          causes);
    }
    if (schema.has("pattern") && !text.matches("(?s).*?" + Json.text(schema, "pattern") + ".*")) {
      invalid(
          "Invalid",
          path,
          node,
          "should match '%s'".formatted(Json.text(schema, "pattern")),
          causes);
    }
    bound(schema, "minimum", node, -1, "greater", path, causes);
    bound(schema, "maximum", node, 1, "less", path, causes);
  }

  private static void bound(
      JsonNode schema,
      String bound,
      JsonNode node,
      int beyond,
      String word,
      String path,
      List<StatusCause> causes) {
    if (schema.has(bound)) {
      var limit = schema.path(bound).decimalValue().stripTrailingZeros();
      if (node.decimalValue().compareTo(limit) == beyond) {
        invalid(
            "Invalid",
            path,
            node,
            "should be %s than or equal to %s".formatted(word, limit.toPlainString()),
            causes);
      }
    }
  }

  private static void bounds(
      JsonNode schema, String what, int size, String path, List<StatusCause> causes) {
    JsonNode most = schema.path("max" + what);
    if (!most.isMissingNode() && size > most.asInt()) {
      causes.add(
          cause("TooMany", path, "Too many: %d: must have at most %s items".formatted(size, most)));
    }
    JsonNode least = schema.path("min" + what);
    if (size < least.asInt()) {
      invalid(
          "Invalid",
          path,
          size,
          "should have at least %s %s".formatted(least, what.toLowerCase(Locale.ROOT)),
          causes);
    }
  }

  private static String type(JsonNode node) {
    return node.isNumber()
        ? node.canConvertToExactIntegral() ? "integer" : "number"
        : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static void invalid(
      String reason, String path, Object shown, String why, List<StatusCause> causes) {
    causes.add(cause(reason, path, "Invalid value: %s: %s in body %s".formatted(shown, path, why)));
  }

  static StatusCause cause(String reason, String field, String message) {
    return new StatusCause(field, message, "FieldValue" + reason);
  }
}
