package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a structural schema does to a custom resource before it is checked: pruning, defaults. */
final class Schema {
  private Schema() {}

  /** Takes away what the schema does not know; answers the paths of what it took. */
  static List<String> prune(JsonNode schema, ObjectNode object) {
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
      // apiVersion, kind and metadata are the server's own; a CRD need not declare them.
      if (!List.of("apiVersion", "kind", "metadata").contains(member.getKey())) {
        pruneMember(schema, object, member.getKey(), member.getValue(), "", unknown);
      }
    }
    return unknown;
  }

  private static void prune(JsonNode schema, JsonNode node, String path, List<String> unknown) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
        pruneMember(schema, object, member.getKey(), member.getValue(), path + ".", unknown);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        prune(schema.path("items"), array.path(i), path + "[" + i + "]", unknown);
      }
    }
  }

  private static void pruneMember(
      JsonNode schema,
      ObjectNode object,
      String name,
      JsonNode value,
      String prefix,
      List<String> unknown) {
    JsonNode member = member(schema, name);
    if (!member.isMissingNode()) {
      prune(member, value, prefix + name, unknown);
    } else if (!preservesUnknown(schema)) {
      object.remove(name);
      unknown.add(prefix + name);
    }
  }

  private static boolean preservesUnknown(JsonNode schema) {
    return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
        || schema.path("additionalProperties").asBoolean();
  }

  /** The schema of a member, missing where there is none. */
  static JsonNode member(JsonNode schema, String name) {
    JsonNode declared = schema.path("properties").path(name);
    JsonNode additional = schema.path("additionalProperties");
    return declared.isMissingNode() && additional.isObject() ? additional : declared;
  }

  /** Sets the defaults of absent members, and drops nulls that the schema does not allow. */
  static void applyDefaults(JsonNode schema, JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
        String name = property.getKey();
        JsonNode member = property.getValue();
        if (object.path(name).isNull() && !member.path("nullable").asBoolean()) {
          object.remove(name);
        }
        if (!object.has(name) && member.has("default")) {
          object.set(name, member.path("default").deepCopy());
        }
      }
      object.properties().forEach(e -> applyDefaults(member(schema, e.getKey()), e.getValue()));
    } else if (node instanceof ArrayNode array) {
      array.forEach(item -> applyDefaults(schema.path("items"), item));
    }
  }
}
