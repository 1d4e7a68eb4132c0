package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What tells the items of a list apart. */
final class ListItems {
  /** The lists within metadata, whose schema no CRD declares. */
  static final JsonNode METADATA =
      Json.parse(
          """
          {"properties": {
            "finalizers": {"x-kubernetes-list-type": "set"},
            "ownerReferences": {
              "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["uid"]}}}
          """);

  private ListItems() {}

  /** Whether items are merged one by one, not the list replaced as a whole. */
  static boolean areApart(JsonNode listSchema) {
    return isMap(listSchema) || Json.text(listSchema, "x-kubernetes-list-type").equals("set");
  }

  static boolean isMap(JsonNode listSchema) {
    return Json.text(listSchema, "x-kubernetes-list-type").equals("map");
  }

  /** The item itself in a set; its keys in a map. */
  static JsonNode identity(JsonNode listSchema, JsonNode item) {
    if (!isMap(listSchema)) {
      return item;
    }
    ObjectNode keys = Json.object();
    for (JsonNode key : listSchema.path("x-kubernetes-list-map-keys")) {
      if (item.has(key.asText())) {
        keys.set(key.asText(), item.path(key.asText()));
      }
    }
    return keys;
  }
}
