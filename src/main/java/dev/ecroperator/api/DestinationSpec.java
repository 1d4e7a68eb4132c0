package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A registry (account and region) that images are replicated to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DestinationSpec(
    @JsonPropertyDescription(
            "The AWS region, at most 25 characters. Required. Example: eu-central-1")
        @Required
        @Size(max = 25)
        @ValidationRule(value = RegistrySpec.REGION, message = RegistrySpec.REGION_EXPECTED)
        @Nullable String region,
    @JsonPropertyDescription(
            "The AWS account: 12 digits, in quotes. That account's registry policy has to let the"
                + " source replicate. Default: the source's. Example: \"444455556666\"")
        @Size(max = 12)
        @ValidationRule(value = RegistrySpec.ACCOUNT_ID, message = RegistrySpec.ACCOUNT_ID_EXPECTED)
        @Nullable String accountId) {}
