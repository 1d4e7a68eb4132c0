package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The newest images of a replication, by how far they are; not all that there are. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SampledImages(
    @JsonPropertyDescription("How many were looked at. Example: 20") @Nullable Integer sampled,
    @JsonPropertyDescription("How many have arrived. Example: 19") @Nullable Integer complete,
    @JsonPropertyDescription("How many are under way. Example: 1") @Nullable Integer inProgress,
    @JsonPropertyDescription("How many did not arrive. Example: 0") @Nullable Integer failed) {}
