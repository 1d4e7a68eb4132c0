package dev.ecroperator.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Registry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is replicated, told by plain loops over repositories, destinations and both flags: what ECR
 * would do, without a line of the merge.
 */
final class Oracle {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The members of a rule that ECR has today. */
  private static final Set<String> KNOWN =
      Set.of("destinations", "repositoryFilters", "deleteReplication");

  static final List<String> REPOSITORIES =
      List.of(
          "te",
          "test",
          "team",
          "teams",
          "team/",
          "team/a",
          "team/api",
          "team/apis",
          "team/b",
          "base",
          "base/",
          "base/jre",
          "base/jre-debug",
          "base/x",
          "x1",
          "x12",
          "other");

  private Oracle() {}

  /**
   * The rule in words that all its spellings have in common; to the byte where it has members that
   * ECR has not today.
   */
  static String plain(String text) {
    JsonNode rule = read(text);
    if (!isKnown(rule)) {
      return text;
    }
    ObjectNode plain = MAPPER.createObjectNode();
    plain.putArray("destinations").addAll(sorted(rule.path("destinations")));
    List<JsonNode> filters = sorted(rule.path("repositoryFilters"));
    boolean all = filters.stream().anyMatch(each -> each.path("filter").asText().isEmpty());
    plain.putArray("repositoryFilters").addAll(all ? List.of() : filters);
    plain.putObject("deleteReplication").put("enabled", deletes(rule));
    return plain.toString();
  }

  private static List<JsonNode> sorted(JsonNode elements) {
    List<JsonNode> sorted = new ArrayList<>();
    for (JsonNode element : elements) {
      ObjectNode plain = MAPPER.createObjectNode();
      element.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(member -> plain.set(member.getKey(), member.getValue()));
      sorted.add(plain);
    }
    sorted.sort(Comparator.comparing(JsonNode::toString));
    return sorted;
  }

  private static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static boolean isKnown(JsonNode rule) {
    return rule.properties().stream().map(Map.Entry::getKey).allMatch(KNOWN::contains);
  }

  private static boolean deletes(JsonNode rule) {
    return rule.path("deleteReplication").path("enabled").asBoolean();
  }

  /** What the rules say that have no member but those that ECR has today. */
  static Set<String> replicated(List<String> rules) {
    Set<String> replicated = new TreeSet<>();
    for (String text : rules) {
      JsonNode rule = read(text);
      List<String> prefixes = new ArrayList<>();
      rule.path("repositoryFilters").forEach(each -> prefixes.add(each.path("filter").asText()));
      for (JsonNode destination : rule.path("destinations")) {
        String to =
            destination.path("registryId").asText() + "/" + destination.path("region").asText();
        if (isKnown(rule)) {
          add(replicated, prefixes, to, deletes(rule));
        }
      }
    }
    return replicated;
  }

  static Set<String> desired(List<Contribution> contributions) {
    Set<String> desired = new TreeSet<>();
    for (Contribution each : contributions) {
      for (Registry to : each.destinations()) {
        add(desired, each.filters(), to.toString(), each.replicateDeletes());
      }
    }
    return desired;
  }

  private static void add(
      Set<String> replicated, Iterable<String> prefixes, String to, boolean deletes) {
    for (String repository : REPOSITORIES) {
      boolean matches = !prefixes.iterator().hasNext();
      for (String prefix : prefixes) {
        matches |= repository.startsWith(prefix);
      }
      if (matches) {
        replicated.add(repository + " to " + to + (deletes ? " with deletes" : ""));
      }
    }
  }
}
