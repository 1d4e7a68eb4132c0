package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * A write of a registry's configuration that was under way when the status was written. Where both
 * fingerprints are the same, nothing was to be written, and a rule only to change hands.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record WriteStatus(
    @JsonPropertyDescription(
            "Fingerprint of the configuration that was found. Example: 1f0c9c3b7d2e4a56")
        @Nullable String found,
    @JsonPropertyDescription(
            "Fingerprint of the configuration that was to be written. Example: 8a6d1b2c3e4f5061")
        @Nullable String written) {}
