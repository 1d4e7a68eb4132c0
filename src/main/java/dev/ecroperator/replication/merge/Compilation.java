package dev.ecroperator.replication.merge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes atoms as few rules, always the same ones. */
final class Compilation {
  private Compilation() {}

  /**
   * The fewest rules, of simple groupings, that say the atoms and nothing else, in a stable order.
   * A filter below another one of the same destination is not said.
   */
  static List<Contribution> rules(Collection<Atom> atoms, Limits limits) {
    List<Contribution> rules = new ArrayList<>();
    // Two worlds: a rule that replicates deletions and one that does not say different things.
    for (boolean deletes : new boolean[] {false, true}) {
      SortedMap<Registry, SortedSet<String>> filters = filtersByDestination(atoms, deletes);
      filters.replaceAll((destination, each) -> withoutAbsorbed(each));
      List<Contribution> byFilter = split(byFilter(filters, deletes), limits);
      List<Contribution> byDestination = split(byDestination(filters, deletes), limits);
      rules.addAll(byFilter.size() <= byDestination.size() ? byFilter : byDestination);
    }
    rules.sort(null);
    return rules;
  }

  /**
   * What one object says, for its status: each filter is said, those for the same place at once.
   */
  static List<Contribution> contributions(Collection<Atom> atoms) {
    List<Contribution> contributions = new ArrayList<>();
    for (boolean deletes : new boolean[] {false, true}) {
      contributions.addAll(byFilter(filtersByDestination(atoms, deletes), deletes));
    }
    contributions.sort(null);
    return contributions;
  }

  private static SortedMap<Registry, SortedSet<String>> filtersByDestination(
      Collection<Atom> atoms, boolean deletes) {
    SortedMap<Registry, SortedSet<String>> filters = new TreeMap<>();
    for (Atom atom : atoms) {
      if (atom.replicateDeletes() == deletes) {
        filters.computeIfAbsent(atom.destination(), any -> new TreeSet<>()).add(atom.filter());
      }
    }
    return filters;
  }

  /** In sorted order, what a prefix absorbs follows right behind it. */
  private static SortedSet<String> withoutAbsorbed(SortedSet<String> filters) {
    SortedSet<String> kept = new TreeSet<>();
    for (String filter : filters) {
      if (kept.isEmpty() || !filter.startsWith(kept.last())) {
        kept.add(filter);
      }
    }
    return kept;
  }

  /** A rule for each set of destinations that some filter has. */
  private static List<Contribution> byFilter(
      SortedMap<Registry, SortedSet<String>> filters, boolean deletes) {
    SortedMap<String, SortedSet<Registry>> destinations = new TreeMap<>();
    filters.forEach(
        (destination, each) ->
            each.forEach(
                filter ->
                    destinations.computeIfAbsent(filter, any -> new TreeSet<>()).add(destination)));
    List<Contribution> rules = new ArrayList<>();
    keysByValue(destinations)
        .forEach((to, which) -> rules.add(new Contribution(which, to, deletes)));
    return rules;
  }

  /** A rule for each set of filters that some destination has. */
  private static List<Contribution> byDestination(
      SortedMap<Registry, SortedSet<String>> filters, boolean deletes) {
    List<Contribution> rules = new ArrayList<>();
    keysByValue(filters).forEach((which, to) -> rules.add(new Contribution(which, to, deletes)));
    return rules;
  }

  private static <K, V> Map<V, SortedSet<K>> keysByValue(SortedMap<K, V> map) {
    Map<V, SortedSet<K>> keys = new HashMap<>();
    map.forEach((key, value) -> keys.computeIfAbsent(value, any -> new TreeSet<>()).add(key));
    return keys;
  }

  private static List<Contribution> split(List<Contribution> rules, Limits limits) {
    List<Contribution> small = new ArrayList<>();
    for (Contribution rule : rules) {
      List<SortedSet<Registry>> destinations =
          chunks(rule.destinations(), limits.destinationsPerRule());
      // No filters are one chunk, for they are all repositories.
      for (SortedSet<String> filters : chunks(rule.filters(), limits.filtersPerRule())) {
        destinations.forEach(
            each -> small.add(new Contribution(filters, each, rule.replicateDeletes())));
      }
    }
    return small;
  }

  private static <T extends Comparable<T>> List<SortedSet<T>> chunks(SortedSet<T> set, int size) {
    List<SortedSet<T>> chunks = new ArrayList<>();
    chunks.add(new TreeSet<>());
    for (T element : set) {
      if (chunks.getLast().size() == size) {
        chunks.add(new TreeSet<>());
      }
      chunks.getLast().add(element);
    }
    return chunks;
  }
}
