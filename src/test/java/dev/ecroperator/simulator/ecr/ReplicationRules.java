package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A registry's replication configuration.
 *
 * @param text as it is read back
 * @param rules what replication reads in it
 */
record ReplicationRules(String text, List<Rule> rules) {
  static final ReplicationRules NONE = of("{\"rules\":[]}");

  /** A registry that images go to. */
  record Destination(String account, String region) {}

  /**
   * One rule.
   *
   * @param prefixes of the repositories that it is about; none for all
   * @param deletes whether deletions are replicated too
   */
  record Rule(List<String> prefixes, Set<Destination> destinations, boolean deletes) {
    boolean matches(String repository) {
      return prefixes.isEmpty() || prefixes.stream().anyMatch(repository::startsWith);
    }
  }

  /**
   * Reads a configuration that may break every constraint.
   *
   * @throws IllegalArgumentException for a text that is no JSON object
   */
  static ReplicationRules of(String text) {
    ObjectNode configuration = Json.parse(text);
    if (configuration == null) {
      throw new IllegalArgumentException("not a JSON object: " + text);
    }
    List<Rule> rules = new ArrayList<>();
    configuration.path("rules").forEach(rule -> rules.add(rule(rule)));
    return new ReplicationRules(text, List.copyOf(rules));
  }

  /** Where the repository's images go: each place once, whatever rules name it. */
  Set<Destination> destinations(String repository) {
    return destinations(rule -> rule.matches(repository));
  }

  /** Where deletions in the repository go too. */
  Set<Destination> destinationsOfDeletions(String repository) {
    return destinations(rule -> rule.deletes() && rule.matches(repository));
  }

  /** Where anything goes. */
  Set<Destination> destinations() {
    return destinations(rule -> true);
  }

  private Set<Destination> destinations(Predicate<Rule> of) {
    Set<Destination> destinations = new LinkedHashSet<>();
    rules.stream().filter(of).forEach(rule -> destinations.addAll(rule.destinations()));
    return destinations;
  }

  private static Rule rule(JsonNode node) {
    List<String> prefixes = new ArrayList<>();
    node.path("repositoryFilters").forEach(filter -> prefixes.add(filter.path("filter").asText()));
    Set<Destination> destinations = new LinkedHashSet<>();
    node.path("destinations")
        .forEach(
            to ->
                destinations.add(
                    new Destination(to.path("registryId").asText(), to.path("region").asText())));
    return new Rule(
        prefixes, destinations, node.path("deleteReplication").path("enabled").asBoolean());
  }
}
