package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who owns which fields of one object: the entries of `metadata.managedFields`. */
final class ManagedFields {
  /** What tells entries apart. */
  record Owner(String manager, String operation, String subresource) {
    String shown() {
      return "\"" + manager + "\"" + (subresource.isEmpty() ? "" : " with subresource " + quoted());
    }

    private String quoted() {
      return "\"" + subresource + "\"";
    }
  }

  private final Map<Owner, Set<List<String>>> owned = new LinkedHashMap<>();
  private final Map<Owner, JsonNode> before = new LinkedHashMap<>();

  private ManagedFields() {}

  static ManagedFields of(JsonNode object) {
    ManagedFields fields = new ManagedFields();
    for (JsonNode entry : object.at("/metadata/managedFields")) {
      Owner owner =
          new Owner(
              Json.text(entry, "manager"),
              Json.text(entry, "operation"),
              Json.text(entry, "subresource"));
      fields.owned.put(owner, FieldPaths.read(entry.path("fieldsV1")));
      fields.before.put(owner, entry);
    }
    return fields;
  }

  Set<List<String>> of(Owner owner) {
    return owned.getOrDefault(owner, Set.of());
  }

  /** The owners of a field other than this one. */
  List<Owner> others(Owner than, List<String> path) {
    return owned.entrySet().stream()
        .filter(e -> !e.getKey().equals(than) && e.getValue().contains(path))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether anyone else owns the field or something within it. */
  boolean isHeldByOthers(Owner than, List<String> path) {
    return owned.entrySet().stream()
        .filter(e -> !e.getKey().equals(than))
        .flatMap(e -> e.getValue().stream())
        .anyMatch(p -> p.equals(path) || FieldPaths.isBelow(p, path));
  }

  void set(Owner owner, Set<List<String>> paths) {
    owned.put(owner, paths);
  }

  void takeFromOthers(Owner owner, Set<List<String>> paths) {
    owned.forEach(
        (other, theirs) -> {
          if (!other.equals(owner)) {
            theirs.removeAll(paths);
          }
        });
  }

  /** Records an update that was no apply: who changes a field owns it, and owns it alone. */
  void recordUpdate(Owner owner, JsonNode schema, ObjectNode old, ObjectNode updated) {
    Map<List<String>, JsonNode> was = FieldPaths.of(schema, old);
    Map<List<String>, JsonNode> is = FieldPaths.of(schema, updated);
    Set<List<String>> changed = new LinkedHashSet<>();
    is.forEach(
        (path, value) -> {
          if (!FieldPaths.same(was.get(path), value)) {
            changed.add(path);
          }
        });
    takeFromOthers(owner, changed);
    Set<List<String>> mine = new LinkedHashSet<>(of(owner));
    mine.addAll(changed);
    set(owner, mine);
    owned.values().forEach(paths -> paths.retainAll(is.keySet()));
  }

  /** Writes the entries; one whose fields are the same keeps its time. */
  void writeTo(ObjectNode object, String apiVersion) {
    ArrayNode entries = Json.array();
    owned.forEach(
        (owner, paths) -> {
          if (paths.isEmpty()) {
            return;
          }
          JsonNode old = before.get(owner);
          if (old != null && FieldPaths.read(old.path("fieldsV1")).equals(paths)) {
            entries.add(old);
            return;
          }
          ObjectNode entry =
              entries
                  .addObject()
                  .put("manager", owner.manager())
                  .put("operation", owner.operation())
                  .put("apiVersion", apiVersion)
                  .put("time", now())
                  .put("fieldsType", "FieldsV1");
          entry.set("fieldsV1", FieldPaths.write(paths));
          if (!owner.subresource().isEmpty()) {
            entry.put("subresource", owner.subresource());
          }
        });
    if (entries.isEmpty()) {
      Json.metadata(object).remove("managedFields");
    } else {
      Json.metadata(object).set("managedFields", entries);
    }
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
