package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Who may pull and push: typed grants or a JSON document. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.json) || (!has(self.pull) && !has(self.push))",
    message = "json says the whole policy: keep either json or pull and push")
public record AccessPolicySpec(
    @JsonPropertyDescription(
            "Who may pull images. The operator keeps the statements whose Sid begins with"
                + " EcrOperatorPull, others stay. {} means nobody. Not together with json, and not"
                + " for Public, where everybody may pull. Default: none. Example: {accounts:"
                + " [\"444455556666\"]}")
        @Nullable AccessGrantSpec pull,
    @JsonPropertyDescription(
            "Who may push and pull images. The operator keeps the statements whose Sid begins with"
                + " EcrOperatorPush, others stay. {} means nobody. Not together with json. Default:"
                + " none. Example: {principals: [\"arn:aws:iam::111122223333:role/ci\"]}")
        @Nullable AccessGrantSpec push,
    @JsonPropertyDescription(
            "The whole repository policy as AWS's JSON document, at most 10,240 characters. Empty"
                + " means that there shall be none. Not together with pull and push. Default: none."
                + " Example: '{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"pull\","
                + " \"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"444455556666\"}, \"Action\":"
                + " [\"ecr:BatchGetImage\", \"ecr:GetDownloadUrlForLayer\"]}]}'")
        @Size(max = 10240)
        @Nullable String json) {}
