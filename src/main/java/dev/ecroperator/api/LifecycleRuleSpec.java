package dev.ecroperator.api;

import org.jspecify.annotations.Nullable;

/** One rule of a lifecycle policy, in the grammar of AWS. */
public record LifecycleRuleSpec(
    @Nullable Integer rulePriority,
    @Nullable String description,
    @Nullable LifecycleSelectionSpec selection,
    @Nullable LifecycleActionSpec action) {}
