package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far replication to one destination is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DestinationStatus(
    @JsonPropertyDescription("The destination's AWS region. Example: us-east-1")
        @Nullable String region,
    @JsonPropertyDescription("The destination's AWS account. Example: \"444455556666\"")
        @Nullable String registryId,
    @JsonPropertyDescription(
            "Synced: the sampled images are there. Replicating: some are under way. Degraded: some"
                + " failed. Unauthorized: the destination's registry policy does not let the source"
                + " in. Unverified: there is nothing to judge by. Example: Synced")
        @Nullable String state,
    @JsonPropertyDescription(
            "The newest images, as far as they were sampled. Example: {sampled: 20, complete: 19,"
                + " inProgress: 1, failed: 0}")
        @Nullable SampledImages images,
    @JsonPropertyDescription(
            "When the oldest image that is still under way was pushed, an ISO 8601 time in UTC."
                + " Example: \"2026-11-01T12:00:00Z\"")
        @Nullable String oldestPendingAt,
    @JsonPropertyDescription(
            "Images that failed, at most 10. Example: [{repository: payments/api, digest:"
                + " \"sha256:4a5d...\", code: AccessDenied}]")
        @Nullable List<ReplicationFailure> failures) {}
