package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How images are scanned, the registry-wide rules included. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record EffectiveScanning(
    @JsonPropertyDescription("Whether the repository itself asks for a scan on push. Example: true")
        @Nullable Boolean scanOnPush,
    @JsonPropertyDescription(
            "When images are scanned, the registry's rules included: SCAN_ON_PUSH, CONTINUOUS_SCAN"
                + " or MANUAL. Example: SCAN_ON_PUSH")
        @Nullable String frequency) {}
