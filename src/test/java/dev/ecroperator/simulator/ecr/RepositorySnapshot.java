package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A private repository as it is at one moment.
 *
 * @param exclusionFilters the wildcards of the mutability exclusion filters
 * @param kmsKey the key's ARN, null with AES256
 * @param images how many images it holds
 */
public record RepositorySnapshot(
    String name,
    String arn,
    String uri,
    Instant createdAt,
    String mutability,
    List<String> exclusionFilters,
    boolean scanOnPush,
    String encryptionType,
    @Nullable String kmsKey,
    Map<String, String> tags,
    @Nullable String policy,
    @Nullable String lifecycle,
    int images) {

  static RepositorySnapshot of(RepositoryState state) {
    JsonNode description = state.description();
    List<String> filters = new ArrayList<>();
    description
        .path("imageTagMutabilityExclusionFilters")
        .forEach(filter -> filters.add(filter.path("filter").asText()));
    JsonNode encryption = description.path("encryptionConfiguration");
    return new RepositorySnapshot(
        state.name(),
        state.arn(),
        description.path("repositoryUri").asText(),
        state.createdAt(),
        description.path("imageTagMutability").asText(),
        List.copyOf(filters),
        description.path("imageScanningConfiguration").path("scanOnPush").asBoolean(),
        encryption.path("encryptionType").asText(),
        encryption.has("kmsKey") ? encryption.path("kmsKey").asText() : null,
        state.tags(),
        state.policy(),
        state.lifecycle(),
        state.images().size());
  }
}
