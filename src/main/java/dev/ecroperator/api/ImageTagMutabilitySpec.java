package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether image tags can be overwritten. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "!has(self.mode) || self.mode.endsWith('_WITH_EXCLUSION') == has(self.exclusionFilters)",
    message =
        "exclusionFilters are needed with, and only with, a mode that ends in _WITH_EXCLUSION: add"
            + " them, remove them or change the mode",
    fieldPath = ".exclusionFilters")
public record ImageTagMutabilitySpec(
    @JsonPropertyDescription(
            "MUTABLE: tags can be overwritten. IMMUTABLE: they cannot. With _WITH_EXCLUSION: but"
                + " for those tags that exclusionFilters match, for which it is the other way"
                + " round. Required; AWS's default: MUTABLE. Example: IMMUTABLE_WITH_EXCLUSION")
        @Required
        @OneOf({"MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"})
        @Nullable String mode,
    @JsonPropertyDescription(
            "Patterns of the tags that are excepted: 1 to 5, each of 1 to 128 characters with at"
                + " most two * for anything. Needed with, and only with, a mode that ends in"
                + " _WITH_EXCLUSION. Default: none. Example: [latest, dev-*]")
        @Size(min = 1, max = 5)
        @ValidationRule(value = EachOnce.RULE, message = EachOnce.MESSAGE)
        @ValidationRule(
            value = "self.all(f, f.matches('^[0-9a-zA-Z._*-]+$'))",
            message = "a filter is made of letters, digits, . _ - and *: remove what else it has")
        @ValidationRule(
            value = "self.all(f, f.split('*').size() <= 3)",
            message = "a filter has at most two *: use fewer")
        @Nullable List<@Size(min = 1, max = 128) String> exclusionFilters) {}
