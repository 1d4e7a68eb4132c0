package dev.ecroperator.api;

import org.jspecify.annotations.Nullable;

/** Whether images are scanned. */
public record ScanningSpec(@Nullable Boolean scanOnPush) {}
