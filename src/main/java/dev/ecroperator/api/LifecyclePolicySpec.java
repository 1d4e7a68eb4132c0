package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which images expire: typed rules or a JSON document. */
public record LifecyclePolicySpec(@Nullable List<LifecycleRuleSpec> rules, @Nullable String json) {}
