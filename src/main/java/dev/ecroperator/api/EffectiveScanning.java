package dev.ecroperator.api;

import org.jspecify.annotations.Nullable;

/** How images are scanned, the registry-wide rules included. */
public record EffectiveScanning(@Nullable Boolean scanOnPush, @Nullable String frequency) {}
