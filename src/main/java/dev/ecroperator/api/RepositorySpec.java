package dev.ecroperator.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user declares of one ECR repository. A member that is null was not declared. */
public record RepositorySpec(
    @Nullable String name,
    @Nullable String visibility,
    @Nullable RegistrySpec registry,
    @Nullable ImageTagMutabilitySpec imageTagMutability,
    @Nullable EncryptionSpec encryption,
    @Nullable ScanningSpec scanning,
    @Nullable LifecyclePolicySpec lifecyclePolicy,
    @Nullable AccessPolicySpec accessPolicy,
    @Nullable CatalogSpec catalog,
    @Nullable Map<String, String> tags,
    @Nullable String adoption,
    @Nullable String takeOverFrom,
    @Nullable String deletionPolicy,
    @Nullable String management,
    @Nullable Boolean suspend) {}
