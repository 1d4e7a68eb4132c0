package dev.ecroperator.api;

import org.jspecify.annotations.Nullable;

/** What a lifecycle rule does with the images that it selects. */
public record LifecycleActionSpec(@Nullable String type, @Nullable String targetStorageClass) {}
