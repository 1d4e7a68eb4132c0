package dev.ecroperator.api;

import org.jspecify.annotations.Nullable;

/** Who may pull and push: typed grants or a JSON document. */
public record AccessPolicySpec(
    @Nullable AccessGrantSpec pull, @Nullable AccessGrantSpec push, @Nullable String json) {}
