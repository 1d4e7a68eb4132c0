package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the public gallery shows of a repository. */
public record CatalogSpec(
    @Nullable String description,
    @Nullable String aboutText,
    @Nullable String usageText,
    @Nullable List<String> architectures,
    @Nullable List<String> operatingSystems) {}
