package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** An image that ECR could not replicate. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReplicationFailure(
    @JsonPropertyDescription("The repository's name. Example: payments/api")
        @Nullable String repository,
    @JsonPropertyDescription("The image's digest. Example: \"sha256:4a5d...\"")
        @Nullable String digest,
    @JsonPropertyDescription("ECR's failureCode. Example: AccessDenied") @Nullable String code) {}
