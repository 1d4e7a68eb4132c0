package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who owns which fields of one object, for server-side apply. Fields and owners are named as
 * conflicts name them, such as {@code .status.conditions[type="Ready"].status}.
 */
final class FieldOwners {
  private final JsonNode schema;
  private final Map<String, Set<String>> owned = new TreeMap<>();

  FieldOwners(JsonNode schema) {
    this.schema = schema;
  }

  FieldOwners copy() {
    FieldOwners copy = new FieldOwners(schema);
    owned.forEach((owner, fields) -> copy.owned.put(owner, new TreeSet<>(fields)));
    return copy;
  }

  /** Notes a write that was no apply: who changes a field owns it, and owns it alone. */
  void update(String owner, ObjectNode old, ObjectNode updated) {
    Map<String, JsonNode> is = fields(updated);
    Set<String> changed = different(is, fields(old));
    owned.values().forEach(fields -> fields.removeAll(changed));
    owned.computeIfAbsent(owner, _ -> new TreeSet<>()).addAll(changed);
    owned.values().forEach(fields -> fields.retainAll(is.keySet()));
  }

  /** The object with what is applied merged into it, by who owns what. */
  ObjectNode apply(String owner, ObjectNode live, ObjectNode applied, boolean force) {
    Map<String, JsonNode> given = fields(applied);
    Map<String, JsonNode> present = fields(live);
    Set<String> overruled = different(given, present);
    Set<String> mine = owned.getOrDefault(owner, Set.of());
    owned.remove(owner);
    if (!force) {
      refuseConflicts(overruled, present.keySet());
    }
    owned.values().forEach(fields -> fields.removeAll(overruled));
    owned.put(owner, new TreeSet<>(given.keySet()));
    Set<String> dropped =
        mine.stream().filter(this::isNobodys).collect(Collectors.toCollection(TreeSet::new));
    ObjectNode merged = (ObjectNode) merge(schema, live.deepCopy(), applied.deepCopy());
    remove(schema, merged, "", dropped);
    return merged;
  }

  private void refuseConflicts(Set<String> overruled, Set<String> present) {
    List<StatusCause> causes = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    owned.forEach(
        (other, fields) -> {
          List<String> theirs =
              overruled.stream().filter(f -> present.contains(f) && fields.contains(f)).toList();
          for (String field : theirs) {
            causes.add(new StatusCause(field, "conflict with " + other, "FieldManagerConflict"));
          }
          if (!theirs.isEmpty()) {
            lines.add("conflicts with " + other + ":");
            theirs.forEach(field -> lines.add("- " + field));
          }
        });
    if (causes.size() == 1) {
      StatusCause only = causes.getFirst();
      String all = "1 conflict: " + only.getMessage() + ": " + only.getField();
      throw Refusal.of(409, "Apply failed with " + all).because(causes);
    } else if (!causes.isEmpty()) {
      String all = causes.size() + " conflicts: " + String.join("\n", lines);
      throw Refusal.of(409, "Apply failed with " + all).because(causes);
    }
  }

  private boolean isNobodys(String field) {
    return owned.values().stream().noneMatch(fields -> fields.contains(field));
  }

  private static Set<String> different(Map<String, JsonNode> these, Map<String, JsonNode> others) {
    return these.entrySet().stream()
        .filter(field -> !field.getValue().equals(others.get(field.getKey())))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All fields that can be owned, with their values; an item that is merged stands for itself. */
  private Map<String, JsonNode> fields(ObjectNode object) {
    Map<String, JsonNode> fields = new TreeMap<>();
    ObjectNode ownable = object.deepCopy();
    ownable.remove(List.of("apiVersion", "kind"));
    Json.metadata(ownable).retain("labels", "annotations", "finalizers", "ownerReferences");
    collect(schema, ownable, "", fields);
    return fields;
  }

  private static void collect(
      JsonNode schema, JsonNode node, String path, Map<String, JsonNode> fields) {
    if (node.isArray() && !node.isEmpty() && Schema.isApart(schema)) {
      for (JsonNode item : node) {
        String at = item(schema, item, path);
        fields.put(at, NullNode.instance);
        if (item.isObject()) {
          collect(schema.path("items"), item, at, fields);
        }
      }
    } else if (node.isObject() && !node.isEmpty()) {
      node.properties()
          .forEach(
              e ->
                  collect(
                      Schema.member(schema, e.getKey()),
                      e.getValue(),
                      path + "." + e.getKey(),
                      fields));
    } else {
      fields.put(path, node);
    }
  }

  /** The path of an item: {@code [type="Ready"]} in a map, {@code [="a"]} in a set. */
  private static String item(JsonNode listSchema, JsonNode item, String path) {
    JsonNode identity = Schema.identity(listSchema, item);
    String shown =
        identity.isObject()
            ? identity.properties().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","))
            : "=" + identity;
    return path + "[" + shown + "]";
  }

  /** What is there with what is applied merged into it. */
  private static JsonNode merge(JsonNode schema, JsonNode there, JsonNode applied) {
    if (there instanceof ObjectNode into && applied.isObject()) {
      for (Map.Entry<String, JsonNode> member : applied.properties()) {
        String name = member.getKey();
        into.set(name, merge(Schema.member(schema, name), into.path(name), member.getValue()));
      }
      return into;
    }
    if (there.isArray() && applied.isArray() && Schema.isApart(schema)) {
      Map<JsonNode, JsonNode> items = new LinkedHashMap<>();
      JsonNode each = schema.path("items");
      there.forEach(item -> items.put(Schema.identity(schema, item), item));
      applied.forEach(
          item -> items.merge(Schema.identity(schema, item), item, (a, b) -> merge(each, a, b)));
      return Json.MAPPER.createArrayNode().addAll(items.values());
    }
    return applied;
  }

  /** Takes fields away, and what becomes empty with them. */
  private static void remove(JsonNode schema, JsonNode node, String path, Set<String> dropped) {
    if (node instanceof ArrayNode array && Schema.isApart(schema)) {
      for (int i = array.size() - 1; i >= 0; i--) {
        String at = item(schema, array.path(i), path);
        if (dropped.contains(at)) {
          array.remove(i);
        } else {
          remove(schema.path("items"), array.path(i), at, dropped);
        }
      }
    }
    for (Map.Entry<String, JsonNode> member : List.copyOf(node.properties())) {
      String at = path + "." + member.getKey();
      JsonNode value = member.getValue();
      JsonNode below = Schema.member(schema, member.getKey());
      boolean wasEmpty = value.isEmpty();
      remove(below, value, at, dropped);
      // What was owned when it was empty, and no longer is, is there for what is in it.
      boolean whole = value.isEmpty() || (value.isArray() && !Schema.isApart(below));
      if (whole && (dropped.contains(at) || (!wasEmpty && value.isEmpty()))) {
        ((ObjectNode) node).remove(member.getKey());
      }
    }
  }
}
