package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether image tags can be overwritten. */
public record ImageTagMutabilitySpec(
    @Nullable String mode, @Nullable List<String> exclusionFilters) {}
