package dev.ecroperator.api;

import org.jspecify.annotations.Nullable;

/** Which registry (account and region) holds the repository. */
public record RegistrySpec(@Nullable String accountId, @Nullable String region) {}
