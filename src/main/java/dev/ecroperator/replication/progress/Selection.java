package dev.ecroperator.replication.progress;

import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * Which repositories a manifest declares to be replicated.
 *
 * @param prefixes what is declared by prefix
 * @param names what is declared by name, exactly
 */
public record Selection(SortedSet<String> prefixes, SortedSet<String> names) {

  /** By what ECR will match repositories: it takes names for prefixes, too. */
  Stream<String> filters() {
    return Stream.concat(prefixes.stream(), names.stream());
  }
}
