package dev.ecroperator.replication.merge;

import dev.ecroperator.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A rule as ECR spells it. A rule with a member or a form that is not known here may restrict what
 * the others seem to say: it has no meaning for us.
 */
final class RuleJson {
  private static final String DESTINATIONS = "destinations";
  private static final String FILTERS = "repositoryFilters";
  private static final String DELETES = "deleteReplication";

  /** The members that are known here, with their own. */
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          DESTINATIONS, Set.of("region", "registryId"),
          FILTERS, Set.of("filter", "filterType"),
          DELETES, Set.of("enabled"));

  private static final Json PREFIX_MATCH = new Json.Text("PREFIX_MATCH");
  private static final Json DELETES_FOLLOW = Json.Obj.EMPTY.with("enabled", Json.Literal.TRUE);
  private static final Json DELETES_STAY = Json.Obj.EMPTY.with("enabled", Json.Literal.FALSE);

  private RuleJson() {}

  /** What the rule says; null where it has no meaning for us. */
  static @Nullable Contribution meaning(Json.Obj rule) {
    SortedSet<Registry> destinations = destinations(rule.get(DESTINATIONS));
    SortedSet<String> filters = filters(rule.get(FILTERS));
    Boolean deletes = deletes(rule.get(DELETES));
    return KNOWN.keySet().containsAll(rule.members().keySet())
            && destinations != null
            && filters != null
            && deletes != null
        ? new Contribution(filters, destinations, deletes)
        : null;
  }

  /** What its members that are known here say, whatever others there are; null for other forms. */
  static @Nullable Contribution likeness(Json.Obj rule) {
    Map<String, Json> known = new TreeMap<>();
    KNOWN.forEach(
        (name, below) -> {
          Json member = rule.get(name);
          if (member != null) {
            known.put(name, only(below, member));
          }
        });
    return meaning(new Json.Obj(known));
  }

  private static Json only(Set<String> names, Json json) {
    return switch (json) {
      case Json.Obj(Map<String, Json> members) -> {
        Map<String, Json> kept = new TreeMap<>(members);
        kept.keySet().retainAll(names);
        yield new Json.Obj(kept);
      }
      case Json.Arr(List<Json> elements) ->
          new Json.Arr(elements.stream().map(each -> only(names, each)).toList());
      default -> json;
    };
  }

  private static @Nullable SortedSet<Registry> destinations(@Nullable Json json) {
    if (!(json instanceof Json.Arr list) || list.elements().isEmpty()) {
      return null;
    }
    SortedSet<Registry> destinations = new TreeSet<>();
    for (Json element : list.elements()) {
      if (!(element instanceof Json.Obj(Map<String, Json> members))
          || members.size() != 2
          || !(members.get("region") instanceof Json.Text(String region))
          || !(members.get("registryId") instanceof Json.Text(String account))) {
        return null;
      }
      destinations.add(new Registry(account, region));
    }
    return destinations;
  }

  private static @Nullable SortedSet<String> filters(@Nullable Json json) {
    SortedSet<String> filters = new TreeSet<>();
    if (json == null) {
      return filters;
    }
    if (!(json instanceof Json.Arr list)) {
      return null;
    }
    for (Json element : list.elements()) {
      if (!(element instanceof Json.Obj(Map<String, Json> members))
          || members.size() != 2
          || !(members.get("filter") instanceof Json.Text(String filter))
          || !PREFIX_MATCH.equals(members.get("filterType"))) {
        return null;
      }
      filters.add(filter);
    }
    return filters;
  }

  private static @Nullable Boolean deletes(@Nullable Json json) {
    if (json == null || json.equals(DELETES_STAY)) {
      return false;
    }
    if (json.equals(DELETES_FOLLOW)) {
      return true;
    }
    return null;
  }

  /** The rule in the shortest form, its members in AWS's order. */
  static String text(Contribution meaning) {
    Json.Obj rule =
        Json.Obj.EMPTY.with(
            DESTINATIONS,
            new Json.Arr(
                meaning.destinations().stream()
                    .<Json>map(
                        each ->
                            Json.Obj.EMPTY
                                .withText("region", each.region())
                                .withText("registryId", each.accountId()))
                    .toList()));
    if (!meaning.filters().isEmpty()) {
      rule =
          rule.with(
              FILTERS,
              new Json.Arr(
                  meaning.filters().stream()
                      .<Json>map(
                          each ->
                              Json.Obj.EMPTY
                                  .withText("filter", each)
                                  .with("filterType", PREFIX_MATCH))
                      .toList()));
    }
    if (meaning.replicateDeletes()) {
      rule = rule.with(DELETES, DELETES_FOLLOW);
    }
    return rule.compact();
  }
}
