package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which images a lifecycle rule selects. */
public record LifecycleSelectionSpec(
    @Nullable String tagStatus,
    @Nullable List<String> tagPatternList,
    @Nullable List<String> tagPrefixList,
    @Nullable String storageClass,
    @Nullable String countType,
    @Nullable String countUnit,
    @Nullable Integer countNumber) {}
