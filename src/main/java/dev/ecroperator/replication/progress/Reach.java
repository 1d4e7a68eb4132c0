package dev.ecroperator.replication.progress;

import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which repositories a selection reaches today.
 *
 * @param matched all that ECR will match
 * @param overMatched those that a name catches besides the one that it names, and that no prefix
 *     asks for
 */
public record Reach(SortedSet<String> matched, SortedSet<String> overMatched) {

  /** Holds a selection against the names of a registry's repositories. */
  static Reach of(Selection selection, NavigableSet<String> repositories) {
    SortedSet<String> meant = new TreeSet<>(selection.names());
    meant.retainAll(repositories);
    selection.prefixes().forEach(prefix -> meant.addAll(beginning(prefix, repositories)));
    SortedSet<String> matched = new TreeSet<>(meant);
    selection.names().forEach(name -> matched.addAll(beginning(name, repositories)));
    SortedSet<String> overMatched = new TreeSet<>(matched);
    overMatched.removeAll(meant);
    return new Reach(matched, overMatched);
  }

  private static SortedSet<String> beginning(String prefix, NavigableSet<String> names) {
    // No name has a character beyond the ASCII ones.
    return names.subSet(prefix, true, prefix + Character.MAX_VALUE, false);
  }
}
