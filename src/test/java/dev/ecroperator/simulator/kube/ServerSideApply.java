package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.kube.ApiFailure.Cause;
import dev.ecroperator.simulator.kube.ManagedFields.Owner;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges an applied configuration into what is there, by who owns what. */
final class ServerSideApply {
  private ServerSideApply() {}

  /** The merged object, its managedFields brought up to date. */
  static ObjectNode merge(
      JsonNode schema, ObjectNode live, ObjectNode applied, Owner owner, boolean force) {
    Map<List<String>, JsonNode> wanted = FieldPaths.of(schema, applied);
    Map<List<String>, JsonNode> present = FieldPaths.of(schema, live);
    ManagedFields fields = ManagedFields.of(live);
    if (!force) {
      refuseConflicts(wanted, present, fields, owner);
    }
    Set<List<String>> given = new LinkedHashSet<>(wanted.keySet());
    Set<List<String>> overruled = new LinkedHashSet<>();
    wanted.forEach(
        (path, value) -> {
          if (!FieldPaths.same(present.get(path), value)) {
            overruled.add(path);
          }
        });
    Set<List<String>> dropped = new LinkedHashSet<>(fields.of(owner));
    dropped.removeAll(given);
    fields.set(owner, given);
    fields.takeFromOthers(owner, overruled);

    ObjectNode merged = live.deepCopy();
    mergeObject(schema, merged, applied, true);
    for (List<String> path : dropped) {
      if (present.containsKey(path) && !fields.isHeldByOthers(owner, path)) {
        FieldPaths.remove(merged, path);
      }
    }
    fields.writeTo(merged, Json.text(applied, "apiVersion"));
    return merged;
  }

  private static void refuseConflicts(
      Map<List<String>, JsonNode> wanted,
      Map<List<String>, JsonNode> present,
      ManagedFields fields,
      Owner owner) {
    List<Cause> causes = new ArrayList<>();
    wanted.forEach(
        (path, value) -> {
          if (present.containsKey(path) && !FieldPaths.same(present.get(path), value)) {
            for (Owner other : fields.others(owner, path)) {
              causes.add(
                  new Cause(
                      "FieldManagerConflict",
                      FieldPaths.shown(path),
                      "conflict with " + other.shown()));
            }
          }
        });
    if (!causes.isEmpty()) {
      String all =
          String.join("\n", causes.stream().map(c -> c.message() + ": " + c.field()).toList());
      String count = causes.size() == 1 ? "1 conflict: " : causes.size() + " conflicts: ";
      throw ApiFailure.applyConflict("Apply failed with " + count + all, causes);
    }
  }

  private static void mergeObject(
      JsonNode schema, ObjectNode into, ObjectNode applied, boolean root) {
    applied
        .properties()
        .forEach(
            e -> {
              String name = e.getKey();
              boolean metadata = root && name.equals("metadata");
              JsonNode member = metadata ? ListItems.METADATA : Schema.member(schema, name);
              into.set(name, merged(member, into.path(name), e.getValue()));
            });
  }

  private static JsonNode merged(JsonNode schema, JsonNode live, JsonNode applied) {
    if (live instanceof ObjectNode into
        && applied instanceof ObjectNode from
        && !FieldPaths.isAtomic(schema)) {
      mergeObject(schema, into, from, false);
      return into;
    }
    if (live instanceof ArrayNode into
        && applied instanceof ArrayNode from
        && ListItems.areApart(schema)) {
      from.forEach(item -> mergeItem(schema, into, item));
      return into;
    }
    return applied.deepCopy();
  }

  private static void mergeItem(JsonNode schema, ArrayNode into, JsonNode item) {
    JsonNode identity = ListItems.identity(schema, item);
    for (int i = 0; i < into.size(); i++) {
      if (ListItems.identity(schema, into.path(i)).equals(identity)) {
        into.set(i, merged(schema.path("items"), into.path(i), item));
        return;
      }
    }
    into.add(item.deepCopy());
  }
}
