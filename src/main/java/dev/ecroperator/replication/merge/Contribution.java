package dev.ecroperator.replication.merge;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a rule says, or an object: each of the filters replicates to each of the destinations.
 *
 * @param filters prefixes of the names of repositories; none are all repositories
 * @param destinations where to, always with the account; none say nothing
 * @param replicateDeletes whether deletions of images are replicated too
 */
public record Contribution(
    SortedSet<String> filters, SortedSet<Registry> destinations, boolean replicateDeletes)
    implements Comparable<Contribution> {
  private static final Comparator<Contribution> ORDER =
      Comparator.comparing(Contribution::replicateDeletes)
          .thenComparing(Contribution::filters, Contribution::compare)
          .thenComparing(Contribution::destinations, Contribution::compare);

  public Contribution {
    // The empty prefix is every repository, whatever is said beside it.
    filters = copy(filters.contains("") ? Set.of() : filters);
    destinations = copy(destinations);
  }

  private static <T extends Comparable<T>> SortedSet<T> copy(Collection<T> values) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }

  Stream<Atom> atoms() {
    Set<String> prefixes = filters.isEmpty() ? Set.of("") : filters;
    return prefixes.stream()
        .flatMap(
            prefix -> destinations.stream().map(each -> new Atom(prefix, each, replicateDeletes)));
  }

  /** All that the contributions say, in the smallest pieces. */
  public static Set<Atom> atoms(List<Contribution> contributions) {
    Set<Atom> atoms = new HashSet<>();
    contributions.forEach(each -> each.atoms().forEach(atoms::add));
    return atoms;
  }

  /** Whether this says all that the atom says. */
  public boolean covers(Atom atom) {
    return replicateDeletes == atom.replicateDeletes()
        && destinations.contains(atom.destination())
        && (filters.isEmpty() || filters.stream().anyMatch(atom.filter()::startsWith));
  }

  @Override
  public int compareTo(Contribution other) {
    return ORDER.compare(this, other);
  }

  private static <T extends Comparable<T>> int compare(SortedSet<T> one, SortedSet<T> other) {
    Iterator<T> left = one.iterator();
    Iterator<T> right = other.iterator();
    while (left.hasNext() && right.hasNext()) {
      int order = left.next().compareTo(right.next());
      if (order != 0) {
        return order;
      }
    }
    return Boolean.compare(left.hasNext(), right.hasNext());
  }
}
