package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which images expire: typed rules or a JSON document. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!(has(self.rules) && has(self.json))",
    message = "rules and json both say the whole policy: keep one of them")
public record LifecyclePolicySpec(
    @JsonPropertyDescription(
            "The rules, at most 50, in AWS's own grammar. AWS applies them from the lowest"
                + " rulePriority on, within 24 hours. [] means that there shall be none. Not"
                + " together with json. Default: none. Example: [{rulePriority: 10, selection:"
                + " {tagStatus: untagged, countType: sinceImagePushed, countUnit: days,"
                + " countNumber: 7}, action: {type: expire}}]")
        @Size(max = 50)
        @KeyedBy("rulePriority")
        @ValidationRule(
            value =
                "self.all(r, r.selection.tagStatus != 'any' || self.all(o, o.rulePriority <="
                    + " r.rulePriority || (has(o.selection.storageClass) &&"
                    + " o.selection.storageClass == 'archive') != (has(r.selection.storageClass) &&"
                    + " r.selection.storageClass == 'archive')))",
            message =
                "a rule with tagStatus any takes what is left, and so comes last: give it the"
                    + " highest rulePriority of all rules with its storageClass")
        @ValidationRule(
            value =
                "self.filter(r, r.selection.tagStatus == 'untagged' &&"
                    + " !(has(r.selection.storageClass) && r.selection.storageClass =="
                    + " 'archive')).size() <= 1 && self.filter(r, r.selection.tagStatus =="
                    + " 'untagged' && (has(r.selection.storageClass) && r.selection.storageClass =="
                    + " 'archive')).size() <= 1",
            message =
                "AWS takes one rule with tagStatus untagged for each storageClass: merge them into"
                    + " one")
        @Nullable List<LifecycleRuleSpec> rules,
    @JsonPropertyDescription(
            "The whole lifecycle policy as AWS's JSON document, at most 30,720 characters. Empty"
                + " means that there shall be none. Not together with rules. Default: none."
                + " Example: '{\"rules\": [{\"rulePriority\": 1, \"selection\": {\"tagStatus\":"
                + " \"any\", \"countType\": \"imageCountMoreThan\", \"countNumber\": 500},"
                + " \"action\": {\"type\": \"expire\"}}]}'")
        @Size(max = 30720)
        @Nullable String json) {}
