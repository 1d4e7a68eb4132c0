package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of an object as managedFields names them: `f:spec`, `k:{"type":"Ready"}`, `v:"a"`. */
final class FieldPaths {
  private static final Set<String> UNOWNED =
      Set.of(
          "name",
          "generateName",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields",
          "selfLink");

  private FieldPaths() {}

  /** All fields that can be owned, with their values; an item that is merged stands for itself. */
  static Map<List<String>, JsonNode> of(JsonNode schema, ObjectNode object) {
    Map<List<String>, JsonNode> fields = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            e -> {
              if (e.getKey().equals("metadata")) {
                ObjectNode owned = ((ObjectNode) e.getValue()).deepCopy();
                owned.remove(UNOWNED);
                if (!owned.isEmpty()) {
                  collect(ListItems.METADATA, owned, List.of("f:metadata"), fields);
                }
              } else if (!e.getKey().equals("apiVersion") && !e.getKey().equals("kind")) {
                collect(
                    Schema.member(schema, e.getKey()),
                    e.getValue(),
                    List.of("f:" + e.getKey()),
                    fields);
              }
            });
    return fields;
  }

  private static void collect(
      JsonNode schema, JsonNode node, List<String> path, Map<List<String>, JsonNode> fields) {
    if (node.isObject() && !node.isEmpty() && !isAtomic(schema)) {
      node.properties()
          .forEach(
              e ->
                  collect(
                      Schema.member(schema, e.getKey()),
                      e.getValue(),
                      below(path, "f:" + e.getKey()),
                      fields));
    } else if (node.isArray() && !node.isEmpty() && ListItems.areApart(schema)) {
      boolean map = ListItems.isMap(schema);
      for (JsonNode item : node) {
        List<String> at = below(path, (map ? "k:" : "v:") + ListItems.identity(schema, item));
        fields.put(at, NullNode.instance);
        if (map) {
          item.properties()
              .forEach(
                  e ->
                      collect(
                          Schema.member(schema.path("items"), e.getKey()),
                          e.getValue(),
                          below(at, "f:" + e.getKey()),
                          fields));
        }
      }
    } else {
      fields.put(path, node);
    }
  }

  static boolean isAtomic(JsonNode schema) {
    return Json.text(schema, "x-kubernetes-map-type").equals("atomic");
  }

  private static List<String> below(List<String> path, String step) {
    List<String> longer = new ArrayList<>(path);
    longer.add(step);
    return List.copyOf(longer);
  }

  static boolean isBelow(List<String> path, List<String> parent) {
    return path.size() > parent.size() && path.subList(0, parent.size()).equals(parent);
  }

  /** Takes the field away, and what becomes empty with it. */
  static void remove(JsonNode node, List<String> path) {
    String step = path.getFirst();
    List<String> rest = path.subList(1, path.size());
    if (step.startsWith("f:") && node instanceof ObjectNode object) {
      String name = step.substring(2);
      if (!rest.isEmpty()) {
        remove(object.path(name), rest);
      }
      if (rest.isEmpty() || (object.path(name).isContainerNode() && object.path(name).isEmpty())) {
        object.remove(name);
      }
    } else if (node instanceof ArrayNode array) {
      JsonNode wanted = Json.parse(step.substring(2));
      for (int i = array.size() - 1; i >= 0; i--) {
        JsonNode item = array.path(i);
        if (step.startsWith("k:") ? hasKeys(item, wanted) : item.equals(wanted)) {
          if (rest.isEmpty()) {
            array.remove(i);
          } else {
            remove(item, rest);
          }
        }
      }
    }
  }

  private static boolean hasKeys(JsonNode item, JsonNode keys) {
    return keys.properties().stream().allMatch(e -> e.getValue().equals(item.path(e.getKey())));
  }

  /** The tree that managedFields holds under `fieldsV1`. */
  static ObjectNode write(Set<List<String>> paths) {
    ObjectNode root = Json.object();
    for (List<String> path : paths) {
      ObjectNode at = root;
      for (String step : path) {
        at = child(at, step);
      }
      at.putObject(".");
    }
    undot(root);
    return root;
  }

  private static ObjectNode child(ObjectNode parent, String name) {
    JsonNode child = parent.path(name);
    return child instanceof ObjectNode object ? object : parent.putObject(name);
  }

  /** A leaf is written as an empty object; the dot is there for a parent that is owned itself. */
  private static void undot(ObjectNode tree) {
    if (tree.size() == 1 && tree.has(".")) {
      tree.remove(".");
    }
    tree.forEach(child -> undot((ObjectNode) child));
  }

  static Set<List<String>> read(JsonNode fieldsV1) {
    Set<List<String>> paths = new LinkedHashSet<>();
    fieldsV1.properties().forEach(e -> read(e.getValue(), List.of(e.getKey()), paths));
    return paths;
  }

  private static void read(JsonNode tree, List<String> path, Set<List<String>> paths) {
    if (tree.isEmpty() || tree.has(".")) {
      paths.add(path);
    }
    tree.properties().stream()
        .filter(e -> !e.getKey().equals("."))
        .forEach(e -> read(e.getValue(), below(path, e.getKey()), paths));
  }

  /** As conflicts show it: `.spec.conditions[type="Ready"].status`. */
  static String shown(List<String> path) {
    StringBuilder text = new StringBuilder();
    for (String step : path) {
      String rest = step.substring(2);
      switch (step.charAt(0)) {
        case 'f' -> text.append('.').append(rest);
        case 'v' -> text.append("[=").append(rest).append(']');
        default -> {
          JsonNode keys = Json.parse(rest);
          text.append('[');
          text.append(
              String.join(
                  ",",
                  keys.properties().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
          text.append(']');
        }
      }
    }
    return text.toString();
  }

  static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
    return one == null ? other == null : one.equals(other);
  }
}
