package dev.ecroperator.repository;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Whether image tags can be overwritten.
 *
 * @param mode ECR's constant, such as {@code IMMUTABLE_WITH_EXCLUSION}
 * @param exclusionFilters the wildcards excepted from the mode; their order has no meaning
 */
public record TagMutability(String mode, SortedSet<String> exclusionFilters) {

  /** What ECR gives a repository that asks for nothing. */
  public static final TagMutability DEFAULT = TagMutability.of("MUTABLE", new TreeSet<>());

  private static final int MOST_FILTERS = 5;
  private static final Pattern FILTER = Pattern.compile("[0-9a-zA-Z._*-]{1,128}");
  private static final int MOST_WILDCARDS = 2;

  /**
   * What ECR would refuse, by the constraints of PutImageTagMutability; empty where nothing is
   * known. A mode that is new to us is left to ECR.
   */
  Optional<String> problem() {
    if (mode.endsWith("_WITH_EXCLUSION") == exclusionFilters.isEmpty()) {
      return Optional.of(
          "exclusionFilters go with the modes MUTABLE_WITH_EXCLUSION and IMMUTABLE_WITH_EXCLUSION,"
              + " and with these only: add them, remove them or change the mode");
    }
    if (exclusionFilters.size() > MOST_FILTERS) {
      return Optional.of(
          "%d exclusionFilters; ECR accepts at most %d"
              .formatted(exclusionFilters.size(), MOST_FILTERS));
    }
    return exclusionFilters.stream()
        .filter(filter -> !isAccepted(filter))
        .findFirst()
        .map(
            filter ->
                "the exclusion filter '%s': 1 to 128 letters, digits, . _ - and at most %d * are accepted"
                    .formatted(filter, MOST_WILDCARDS));
  }

  private static boolean isAccepted(String filter) {
    return FILTER.matcher(filter).matches()
        && filter.chars().filter(c -> c == '*').count() <= MOST_WILDCARDS;
  }

  /** Copies the filters. */
  public static TagMutability of(String mode, Collection<String> exclusionFilters) {
    return new TagMutability(mode, new TreeSet<>(exclusionFilters));
  }
}
