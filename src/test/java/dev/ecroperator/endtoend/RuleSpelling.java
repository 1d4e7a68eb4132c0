package dev.ecroperator.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** One spelling for replication rules: AWS gives them back in other words and another order. */
final class RuleSpelling {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> KNOWN =
      Set.of("destinations", "repositoryFilters", "deleteReplication");

  private RuleSpelling() {}

  /** A document of these rules, sorted. */
  static String rules(List<String> rules) {
    return "{\"rules\":[" + String.join(",", rules.stream().sorted().toList()) + "]}";
  }

  /** A rule to regions of the operator's account, by these prefixes. */
  static String rule(List<String> regions, List<String> prefixes, boolean deletes) {
    ArrayNode destinations = array();
    for (String region : regions.stream().sorted().toList()) {
      destinations.addObject().put("region", region).put("registryId", OperatorProcess.ACCOUNT);
    }
    ArrayNode filters = array();
    for (String prefix : prefixes.stream().sorted().toList()) {
      filters.addObject().put("filter", prefix).put("filterType", "PREFIX_MATCH");
    }
    return spelled(destinations, filters, deletes);
  }

  /**
   * The same document in our spelling. Rules with members that AWS does not know are as they are.
   *
   * @throws IllegalArgumentException for a text that is no document of rules
   */
  static String asRules(String document) {
    try {
      return rules(
          StreamSupport.stream(JSON.readTree(document).required("rules").spliterator(), false)
              .map(RuleSpelling::asRule)
              .toList());
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException(document, notJson);
    }
  }

  private static String asRule(JsonNode rule) {
    if (rule.properties().stream().anyMatch(member -> !KNOWN.contains(member.getKey()))) {
      return rule.toString();
    }
    ArrayNode destinations = array();
    for (JsonNode to : sorted(rule.path("destinations"), "region", "registryId")) {
      destinations.add(to);
    }
    ArrayNode filters = array();
    for (JsonNode filter : sorted(rule.path("repositoryFilters"), "filter", "filterType")) {
      filters.add(filter);
    }
    return spelled(
        destinations, filters, rule.path("deleteReplication").path("enabled").asBoolean());
  }

  private static String spelled(ArrayNode destinations, ArrayNode filters, boolean deletes) {
    ObjectNode rule = JsonNodeFactory.instance.objectNode();
    rule.set("destinations", destinations);
    if (!filters.isEmpty()) {
      rule.set("repositoryFilters", filters);
    }
    if (deletes) {
      rule.putObject("deleteReplication").put("enabled", true);
    }
    return rule.toString();
  }

  private static List<? extends JsonNode> sorted(JsonNode list, String first, String second) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(
            each ->
                JsonNodeFactory.instance
                    .objectNode()
                    .<ObjectNode>set(first, each.required(first))
                    .<ObjectNode>set(second, each.required(second)))
        .sorted((one, other) -> one.toString().compareTo(other.toString()))
        .toList();
  }

  private static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }
}
