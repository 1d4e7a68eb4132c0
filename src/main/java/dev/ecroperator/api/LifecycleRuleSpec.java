package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One rule of a lifecycle policy, in the grammar of AWS. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self.selection.countType != 'sinceImagePulled' || self.action.type == 'transition'",
    message =
        "AWS archives what is not pulled, and deletes nothing for it: set action type: transition"
            + " with countType sinceImagePulled, and let a rule with sinceImageTransitioned expire"
            + " what is archived",
    fieldPath = ".action.type")
@ValidationRule(
    value = "self.selection.countType != 'sinceImageTransitioned' || self.action.type == 'expire'",
    message =
        "what is archived can only expire: set action type: expire with countType"
            + " sinceImageTransitioned",
    fieldPath = ".action.type")
public record LifecycleRuleSpec(
    @JsonPropertyDescription(
            "The rule's place: the lowest number is applied first. From 1 on, unique among the"
                + " rules. Required. Example: 10")
        @Required
        @Min(1)
        @Max(2147483647)
        @Nullable Integer rulePriority,
    @JsonPropertyDescription(
            "What the rule is for, at most 1,024 characters. Default: none. Example: drop untagged"
                + " after a week")
        @Size(max = 1024)
        @Nullable String description,
    @JsonPropertyDescription(
            "Which images the rule selects. Required. Example: {tagStatus: untagged, countType:"
                + " sinceImagePushed, countUnit: days, countNumber: 7}")
        @Required
        @Nullable LifecycleSelectionSpec selection,
    @JsonPropertyDescription("What happens to them. Required. Example: {type: expire}") @Required
        @Nullable LifecycleActionSpec action) {}
