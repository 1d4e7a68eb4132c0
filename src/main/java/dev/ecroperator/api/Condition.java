package dev.ecroperator.api;

import org.jspecify.annotations.Nullable;

/** One condition, by the Kubernetes convention. */
public record Condition(
    @Nullable String type,
    @Nullable String status,
    @Nullable String reason,
    @Nullable String message,
    @Nullable Long observedGeneration,
    @Nullable String lastTransitionTime) {}
