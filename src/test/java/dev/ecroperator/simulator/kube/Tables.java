package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The tables that `kubectl get` asks for. */
final class Tables {
  private Tables() {}

  static ObjectNode of(
      ResourceType type, Collection<ObjectNode> objects, ObjectNode metadata, String include) {
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", metadata);
    ArrayNode columns = table.putArray("columnDefinitions");
    for (Column column : type.columns()) {
      columns
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("format", column.name().equals("Name") ? "name" : "")
          .put("description", column.description())
          .put("priority", column.priority());
    }
    ArrayNode rows = table.putArray("rows");
    Instant now = Instant.now();
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      type.columns().forEach(column -> cells.add(cell(column, object, now)));
      if (!include.equals("None")) {
        row.set("object", include.equals("Object") ? type.shown(object) : partial(object));
      }
    }
    return table;
  }

  private static JsonNode cell(Column column, JsonNode object, Instant now) {
    JsonNode value = column.cell().apply(object);
    if (column.type().equals("date") && !value.isNull()) {
      return Json.strings(List.of(Column.age(value.asText(), now))).path(0);
    }
    return value;
  }

  private static ObjectNode partial(ObjectNode object) {
    ObjectNode partial =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata").deepCopy());
    return partial;
  }
}
