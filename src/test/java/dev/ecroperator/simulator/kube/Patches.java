package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;

/** The kinds of patch other than server-side apply. */
final class Patches {
  private static final String JSON = "application/json-patch+json";
  private static final String MERGE = "application/merge-patch+json";
  private static final String STRATEGIC = "application/strategic-merge-patch+json";

  private Patches() {}

  static ObjectNode apply(ResourceType type, ObjectNode shown, String contentType, String body) {
    if (contentType.startsWith(JSON)) {
      return jsonPatch(shown, Json.parse(body));
    }
    boolean strategic = contentType.startsWith(STRATEGIC) && !type.isCustom();
    if (strategic || contentType.startsWith(MERGE)) {
      return (ObjectNode) merge(shown, Json.parse(body), strategic);
    }
    throw ApiFailure.of(
        415,
        "the body of the request was in an unknown format - accepted media types include: %s, %s, %s"
            .formatted(JSON, MERGE, "application/apply-patch+yaml"));
  }

  private static ObjectNode jsonPatch(ObjectNode shown, JsonNode patch) {
    try {
      return (ObjectNode) JsonPatch.apply(patch, shown);
    } catch (JsonPatchException e) {
      throw ApiFailure.of(422, "the server rejected our request due to an error in our request");
    }
  }

  /** RFC 7396. A strategic patch of the kinds served here differs by its directives only. */
  private static JsonNode merge(JsonNode target, JsonNode patch, boolean strategic) {
    if (!(patch instanceof ObjectNode)) {
      return patch;
    }
    ObjectNode merged = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
    patch
        .properties()
        .forEach(
            e -> {
              if (strategic && e.getKey().startsWith("$")) {
                return;
              }
              if (e.getValue().isNull()) {
                merged.remove(e.getKey());
              } else {
                merged.set(e.getKey(), merge(merged.path(e.getKey()), e.getValue(), strategic));
              }
            });
    return merged;
  }
}
