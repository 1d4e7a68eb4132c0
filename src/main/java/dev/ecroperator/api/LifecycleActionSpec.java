package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What a lifecycle rule does with the images that it selects. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "(self.type == 'transition') == has(self.targetStorageClass)",
    message =
        "targetStorageClass is needed with, and only with, type transition: add targetStorageClass:"
            + " archive or remove it",
    fieldPath = ".targetStorageClass")
public record LifecycleActionSpec(
    @JsonPropertyDescription(
            "expire: the images are deleted. transition: they move to targetStorageClass. countType"
                + " sinceImagePulled needs transition, sinceImageTransitioned needs expire."
                + " Required. Example: expire")
        @Required
        @OneOf({"expire", "transition"})
        @Nullable String type,
    @JsonPropertyDescription(
            "Where the images move to: archive. Needed with, and only with, type transition."
                + " Default: none. Example: archive")
        @OneOf({"archive"})
        @Nullable String targetStorageClass) {}
