package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An AWS service to which an access is granted, on behalf of given accounts or resources. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "(has(self.sourceAccounts) && self.sourceAccounts.size() > 0) || (has(self.sourceArns) &&"
            + " self.sourceArns.size() > 0)",
    message =
        "a service without a source could be used by anybody's account: give sourceAccounts or"
            + " sourceArns")
public record ServiceGrantSpec(
    @JsonPropertyDescription(
            "The service's principal, at most 128 characters. Required. Example:"
                + " lambda.amazonaws.com")
        @Required
        @Size(max = 128)
        @ValidationRule(
            value = "self.matches('^[a-z0-9-]+([.][a-z0-9-]+)+$')",
            message =
                "service is the principal of an AWS service: write it such as lambda.amazonaws.com")
        @Nullable String service,
    @JsonPropertyDescription(
            "The accounts on whose behalf the service acts, at most 100: 12 digits each, in quotes."
                + " sourceAccounts, sourceArns or both are needed. Default: none. Example:"
                + " [\"444455556666\"]")
        @Size(max = 100)
        @ValidationRule(value = EachOnce.RULE, message = EachOnce.MESSAGE)
        @ValidationRule(
            value = "self.all(a, a.matches('^[0-9]{12}$'))",
            message =
                "sourceAccounts are AWS account ids: write the 12 digits of each in quotes, such as"
                    + " \"444455556666\"")
        @Nullable List<@Size(max = 12) String> sourceAccounts,
    @JsonPropertyDescription(
            "The resources on whose behalf the service acts, at most 100 ARNs of at most 2,048"
                + " characters, with * for anything. sourceAccounts, sourceArns or both are needed."
                + " Default: none. Example: [\"arn:aws:lambda:eu-west-1:444455556666:function:*\"]")
        @Size(max = 100)
        @ValidationRule(
            value = "self.all(a, a.startsWith('arn:'))",
            message =
                "sourceArns are ARNs: write each such as"
                    + " arn:aws:lambda:eu-west-1:444455556666:function:*")
        @Nullable List<@Size(max = 2048) String> sourceArns) {}
