package dev.ecroperator.repository;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whether image tags can be overwritten.
 *
 * @param mode ECR's constant, such as {@code IMMUTABLE_WITH_EXCLUSION}
 * @param exclusionFilters the wildcards excepted from the mode; their order has no meaning
 */
public record TagMutability(String mode, SortedSet<String> exclusionFilters) {

  /** What ECR gives a repository that asks for nothing. */
  public static final TagMutability DEFAULT = TagMutability.of("MUTABLE", new TreeSet<>());

  /** Copies the filters. */
  public static TagMutability of(String mode, Collection<String> exclusionFilters) {
    return new TagMutability(mode, new TreeSet<>(exclusionFilters));
  }
}
