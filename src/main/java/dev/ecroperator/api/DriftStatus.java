package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last drift: settings changed in ECR by somebody else. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DriftStatus(
    @JsonPropertyDescription(
            "When the operator saw it, an ISO 8601 time in UTC. Example: \"2026-11-01T12:00:00Z\"")
        @Nullable String detectedAt,
    @JsonPropertyDescription(
            "When the operator had put it back, an ISO 8601 time in UTC; absent while it has not."
                + " Example: \"2026-11-01T12:00:01Z\"")
        @Nullable String correctedAt,
    @JsonPropertyDescription("The settings that differed. Example: [imageTagMutability]")
        @Nullable List<String> fields) {}
