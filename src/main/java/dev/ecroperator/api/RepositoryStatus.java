package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator last saw and did. */
public record RepositoryStatus(
    @Nullable Long observedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable String name,
    @Nullable String visibility,
    @Nullable String arn,
    @Nullable String uri,
    @Nullable String registryId,
    @Nullable String region,
    @Nullable String origin,
    @Nullable String createdAt,
    @Nullable List<String> managed,
    @Nullable EffectiveSettings effective,
    @Nullable DriftStatus drift,
    @Nullable String lastHandledReconcileAt) {}
