package dev.ecroperator.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What AWS has now, defaults included. */
public record EffectiveSettings(
    @Nullable ImageTagMutabilitySpec imageTagMutability,
    @Nullable EncryptionSpec encryption,
    @Nullable EffectiveScanning scanning,
    @Nullable String lifecyclePolicy,
    @Nullable String accessPolicy,
    @Nullable Map<String, String> tags,
    @Nullable CatalogSpec catalog) {}
