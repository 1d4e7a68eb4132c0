package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A public repository as it is at one moment.
 *
 * @param description the catalog's short description
 * @param hasLogo whether a logo was put
 * @param images how many images it holds
 */
public record PublicRepositorySnapshot(
    String name,
    String arn,
    String uri,
    Instant createdAt,
    @Nullable String description,
    @Nullable String aboutText,
    @Nullable String usageText,
    List<String> architectures,
    List<String> operatingSystems,
    boolean hasLogo,
    Map<String, String> tags,
    @Nullable String policy,
    int images) {

  static PublicRepositorySnapshot of(RepositoryState state) {
    JsonNode catalog = state.catalog();
    return new PublicRepositorySnapshot(
        state.name(),
        state.arn(),
        state.description().path("repositoryUri").asText(),
        state.createdAt(),
        text(catalog, "description"),
        text(catalog, "aboutText"),
        text(catalog, "usageText"),
        Json.texts(catalog.path("architectures")),
        Json.texts(catalog.path("operatingSystems")),
        catalog.has("logoImageBlob"),
        state.tags(),
        state.policy(),
        state.images().size());
  }

  private static @Nullable String text(JsonNode catalog, String member) {
    return catalog.has(member) ? catalog.path(member).asText() : null;
  }
}
