package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one object says in the registry's configuration: one rule, before it is merged. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContributionStatus(
    @JsonPropertyDescription(
            "Prefixes of the names of repositories; empty for all. Example: [payments/, base/jre]")
        @Nullable List<String> filters,
    @JsonPropertyDescription(
            "Where to. Example: [{region: eu-central-1, accountId: \"111122223333\"}]")
        @Nullable List<DestinationSpec> destinations,
    @JsonPropertyDescription("Whether deletions are replicated too. Example: false")
        @Nullable Boolean replicateDeletes) {}
