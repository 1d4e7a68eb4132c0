package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.Map;

/** What becomes of an object when a part of it is sent. */
final class Merge {
  private Merge() {}

  /** The object with a patch of that content type done to it. */
  static ObjectNode patched(ObjectNode live, String contentType, String patch) {
    try {
      return switch (contentType.split(";", 2)[0]) {
        case "application/json-patch+json" -> (ObjectNode) JsonPatch.apply(Json.parse(patch), live);
        case "application/merge-patch+json" -> (ObjectNode) merged(live, Json.parse(patch));
        default -> throw Refusal.of(415, "the body of the request was in an unknown format");
      };
    } catch (JsonPatchException e) {
      throw Refusal.of(422, "the server rejected our request due to an error in our request");
    }
  }

  /**
   * The object with what is applied merged into it, and without what the same manager applied
   * before and now leaves out. A list is taken as a whole.
   */
  static ObjectNode applied(ObjectNode live, ObjectNode before, ObjectNode applied) {
    ObjectNode left = live.deepCopy();
    giveUp(left, before, applied);
    return (ObjectNode) merged(left, applied);
  }

  /** Takes away what was applied and is no longer; what becomes empty with it goes too. */
  private static void giveUp(ObjectNode object, JsonNode before, JsonNode now) {
    for (Map.Entry<String, JsonNode> member : before.properties()) {
      String name = member.getKey();
      if (object.path(name) instanceof ObjectNode inner && member.getValue().isObject()) {
        giveUp(inner, member.getValue(), now.path(name));
        if (inner.isEmpty()) {
          object.remove(name);
        }
      } else if (!now.has(name)) {
        object.remove(name);
      }
    }
  }

  /** RFC 7396. */
  private static JsonNode merged(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode merged = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      String name = member.getKey();
      if (member.getValue().isNull()) {
        merged.remove(name);
      } else {
        merged.set(name, merged(merged.path(name), member.getValue()));
      }
    }
    return merged;
  }
}
