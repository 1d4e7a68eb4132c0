package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** In which other words AWS gives an accepted lifecycle policy back. */
final class LifecycleText {
  private LifecycleText() {}

  /**
   * The text as it will be read back: rules by priority, lists of tags and the members in another
   * order, spacing of its own.
   *
   * @param text an accepted policy
   */
  static String asReadBack(String text) {
    JsonNode policy = Json.parse(text);
    return policy == null ? text : rewritten(policy).toPrettyString();
  }

  private static JsonNode rewritten(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode answer = Json.object();
        Json.names(object).reversed().forEach(n -> answer.set(n, rewritten(object.path(n))));
        yield answer;
      }
      case ArrayNode list -> {
        List<JsonNode> elements = new ArrayList<>();
        list.forEach(element -> elements.add(rewritten(element)));
        elements.sort(
            Comparator.<JsonNode>comparingInt(each -> each.path("rulePriority").asInt())
                .thenComparing(JsonNode::toString, Comparator.reverseOrder()));
        yield Json.array().addAll(elements);
      }
      default -> node;
    };
  }
}
