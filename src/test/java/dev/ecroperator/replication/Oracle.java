package dev.ecroperator.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is replicated, told by plain loops over repositories, destinations and both flags: what ECR
 * would do, without a line of the merge.
 */
final class Oracle {
  private static final ObjectMapper MAPPER = new ObjectMapper();

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

  /** What the rules say that have no member but those that ECR has today. */
  static Set<String> replicated(List<String> rules) throws JsonProcessingException {
    Set<String> replicated = new TreeSet<>();
    for (String text : rules) {
      JsonNode rule = MAPPER.readTree(text);
      List<String> prefixes = new ArrayList<>();
      rule.path("repositoryFilters").forEach(each -> prefixes.add(each.path("filter").asText()));
      boolean known = true;
      for (String name : (Iterable<String>) rule::fieldNames) {
        known &= List.of("destinations", "repositoryFilters", "deleteReplication").contains(name);
      }
      for (JsonNode destination : rule.path("destinations")) {
        String to =
            destination.path("registryId").asText() + "/" + destination.path("region").asText();
        boolean deletes = rule.path("deleteReplication").path("enabled").asBoolean();
        if (known) {
          add(replicated, prefixes, to, deletes);
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
