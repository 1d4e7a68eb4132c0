package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** One condition, by the Kubernetes convention. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
    @JsonPropertyDescription("What it is about, such as Ready or Stalled. Example: Ready") @Required
        @Nullable String type,
    @JsonPropertyDescription("True, False or Unknown. Example: \"True\"") @Required
        @Nullable String status,
    @JsonPropertyDescription("Why, in one word for programs. Example: InSync")
        @Nullable String reason,
    @JsonPropertyDescription("Why, in a sentence for people. Example: ECR is as declared")
        @Nullable String message,
    @JsonPropertyDescription("The metadata.generation that it was said of. Example: 3")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "When status changed last (of Reconciling and Stalled: status or reason), an ISO 8601"
                + " time in UTC. Example: \"2026-11-01T12:00:00Z\"")
        @Nullable String lastTransitionTime) {}
