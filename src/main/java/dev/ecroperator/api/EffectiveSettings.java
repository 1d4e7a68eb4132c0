package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What AWS has now, defaults included. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record EffectiveSettings(
    @JsonPropertyDescription("Whether image tags can be overwritten. Example: {mode: MUTABLE}")
        @Nullable ImageTagMutabilitySpec imageTagMutability,
    @JsonPropertyDescription(
            "How images are encrypted at rest; kmsKey is the key's ARN. Example: {type: AES256}")
        @Nullable EncryptionSpec encryption,
    @JsonPropertyDescription(
            "How images are scanned, the registry-wide rules included. Example: {scanOnPush: true,"
                + " frequency: SCAN_ON_PUSH}")
        @Nullable EffectiveScanning scanning,
    @JsonPropertyDescription(
            "The lifecycle policy, AWS's JSON document; absent where there is none. Example:"
                + " '{\"rules\":[{\"rulePriority\":1,...}]}'")
        @Nullable String lifecyclePolicy,
    @JsonPropertyDescription(
            "The repository policy, AWS's JSON document; absent where there is none. Example:"
                + " '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",...}]}'")
        @Nullable String accessPolicy,
    @JsonPropertyDescription(
            "The repository's tags, the operator's own included. Example: {team: payments}")
        @Nullable Map<String, String> tags,
    @JsonPropertyDescription(
            "What the public gallery shows; public repositories only. Example: {description:"
                + " Payments SDK}")
        @Nullable CatalogSpec catalog) {}
