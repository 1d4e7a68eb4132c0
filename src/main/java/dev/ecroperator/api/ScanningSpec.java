package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Whether images are scanned. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ScanningSpec(
    @JsonPropertyDescription(
            "true: an image is scanned when it is pushed. The registry's own scanning rules come"
                + " first: status.effective.scanning tells what is in force. Required; AWS's"
                + " default: false. Example: true")
        @Required
        @Nullable Boolean scanOnPush) {}
