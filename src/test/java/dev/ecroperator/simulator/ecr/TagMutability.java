package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;

/** Which tags of a repository may move to another image. */
final class TagMutability {
  private static final String MODE = "imageTagMutability";
  private static final String FILTERS = "imageTagMutabilityExclusionFilters";
  private static final int MAX_STARS = 2;

  private TagMutability() {}

  /**
   * The repository with what the input (of CreateRepository or PutImageTagMutability) says, MUTABLE
   * by default.
   */
  static RepositoryState set(RepositoryState state, JsonNode input) {
    String mode = input.path(MODE).asText("MUTABLE");
    JsonNode filters = input.path(FILTERS);
    if (mode.endsWith("_WITH_EXCLUSION") == filters.isEmpty()) {
      throw AwsError.invalid(
          FILTERS,
          filters.isEmpty()
              ? "Exclusion filters are required with " + mode
              : "Exclusion filters are not allowed with " + mode);
    }
    for (JsonNode filter : filters) {
      if (Wildcard.stars(filter.path("filter").asText()) > MAX_STARS) {
        throw AwsError.invalid(
            FILTERS, "A filter can have at most " + MAX_STARS + " wildcards (*)");
      }
    }
    return state
        .with(MODE, input.has(MODE) ? input.path(MODE) : Json.object().put(MODE, mode).path(MODE))
        .with(FILTERS, filters.isEmpty() ? null : filters);
  }

  static boolean isImmutable(RepositoryState state, String tag) {
    String mode = state.description().path(MODE).asText();
    boolean excluded = false;
    for (JsonNode filter : state.description().path(FILTERS)) {
      excluded |= Wildcard.matches(filter.path("filter").asText(), tag);
    }
    return switch (mode) {
      case "IMMUTABLE" -> true;
      case "IMMUTABLE_WITH_EXCLUSION" -> !excluded;
      case "MUTABLE_WITH_EXCLUSION" -> excluded;
      default -> false;
    };
  }
}
