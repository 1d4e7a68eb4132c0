package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How an object was made to fit a structural schema: pruned, and filled with defaults. Of the rules
 * about values, types and required members alone are looked at.
 *
 * @param unknown the fields that the schema does not know, now gone; as the real server says it
 * @param wrong what is wrong with others; as the real server says it
 */
record Fit(SortedSet<String> unknown, List<String> wrong) {

  static Fit of(JsonNode schema, ObjectNode object) {
    Fit fit = new Fit(new TreeSet<>(), new ArrayList<>());
    fit.fit(schema, object, "");
    return fit;
  }

  private void fit(JsonNode schema, JsonNode node, String path) {
    String wanted = Json.text(schema, "type");
    String is = type(node);
    if (!wanted.isEmpty() && !wanted.equals(is)) {
      wrong.add(
          "%1$s: Invalid value: \"%2$s\": %1$s in body must be of type %3$s: \"%2$s\""
              .formatted(path, is, wanted));
    } else if (node instanceof ObjectNode object) {
      prune(schema, object, path);
      complete(schema, object, path);
    } else {
      for (int i = 0; i < node.size(); i++) {
        fit(schema.path("items"), node.path(i), path + "[" + i + "]");
      }
    }
  }

  private void prune(JsonNode schema, ObjectNode object, String path) {
    for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
      String name = entry.getKey();
      JsonNode declared = schema.path("properties").path(name);
      JsonNode member = declared.isMissingNode() ? schema.path("additionalProperties") : declared;
      if (entry.getValue().isNull()) {
        object.remove(name);
      } else if (!member.isMissingNode()) {
        fit(member, entry.getValue(), below(path, name));
      } else if (!schema.has("x-kubernetes-preserve-unknown-fields")) {
        object.remove(name);
        unknown.add("unknown field \"" + below(path, name) + "\"");
      }
    }
  }

  /** Sets the defaults of members that are missing, and notes those that are required. */
  private void complete(JsonNode schema, ObjectNode object, String path) {
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      if (member.getValue().has("default") && !object.has(member.getKey())) {
        object.set(member.getKey(), member.getValue().path("default").deepCopy());
      }
    }
    for (JsonNode required : schema.path("required")) {
      if (!object.has(required.asText())) {
        wrong.add(below(path, required.asText()) + ": Required value");
      }
    }
  }

  private static String type(JsonNode node) {
    return node.isIntegralNumber() ? "integer" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
