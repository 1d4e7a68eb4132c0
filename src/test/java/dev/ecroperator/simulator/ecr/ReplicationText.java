package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** In which other words AWS gives an accepted replication configuration back. */
final class ReplicationText {
  private static final String RULES = "rules";
  private static final Set<String> MODELLED =
      Set.of("destinations", "repositoryFilters", "deleteReplication");

  private ReplicationText() {}

  /**
   * The text as it will be read back: rules, destinations and filters in another order, members
   * too, and what was left out for its default said. A rule with members that the model does not
   * know is kept to the byte, and so is what is around the rules.
   *
   * @param text a JSON object with a list of rules, or without
   */
  static String asReadBack(String text) {
    ObjectNode configuration = Json.parse(text);
    if (configuration == null || !configuration.path(RULES).isArray()) {
      return text;
    }
    String list = Json.raw(text, RULES);
    List<String> raw = Json.rawElements(list);
    List<String> rewritten = new ArrayList<>();
    for (JsonNode rule : configuration.path(RULES)) {
      rewritten.add(rewritten(rule, raw.get(rewritten.size())));
    }
    // Any order but the sender's would do.
    rewritten.sort(Comparator.reverseOrder());
    int start = text.lastIndexOf(list);
    return text.substring(0, start)
        + "["
        + String.join(", ", rewritten)
        + "]"
        + text.substring(start + list.length());
  }

  private static String rewritten(JsonNode rule, String raw) {
    for (String member : Json.names(rule)) {
      if (!MODELLED.contains(member)) {
        return raw;
      }
    }
    ObjectNode answer = Json.object();
    answer.set(
        "deleteReplication",
        Json.object().put("enabled", rule.path("deleteReplication").path("enabled").asBoolean()));
    answer.set("repositoryFilters", backwards(rule.path("repositoryFilters")));
    answer.set("destinations", backwards(rule.path("destinations")));
    return answer.toString();
  }

  /** The elements from the last to the first, and each one's members likewise. */
  private static ArrayNode backwards(JsonNode elements) {
    ArrayNode answer = Json.array();
    for (JsonNode element : elements) {
      ObjectNode turned = Json.object();
      Json.names(element).reversed().forEach(name -> turned.set(name, element.path(name)));
      answer.insert(0, turned);
    }
    return answer;
  }
}
