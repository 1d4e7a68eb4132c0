package dev.ecroperator.api;

import org.jspecify.annotations.Nullable;

/** How images are encrypted at rest. */
public record EncryptionSpec(@Nullable String type, @Nullable String kmsKey) {}
