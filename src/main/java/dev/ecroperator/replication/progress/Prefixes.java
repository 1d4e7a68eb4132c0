package dev.ecroperator.replication.progress;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Prefixes of names, to ask of many names whether they have one of them. */
final class Prefixes {
  /** None of them is a prefix of another, so that the one right before a name decides. */
  private final NavigableSet<String> shortest = new TreeSet<>();

  Prefixes(Collection<String> prefixes) {
    for (String prefix : new TreeSet<>(prefixes)) {
      if (!match(prefix)) {
        shortest.add(prefix);
      }
    }
  }

  /** Whether the name begins with one of them. */
  boolean match(String name) {
    String before = shortest.floor(name);
    return before != null && name.startsWith(before);
  }
}
