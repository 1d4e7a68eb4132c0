package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last drift: settings changed in ECR by somebody else. */
public record DriftStatus(
    @Nullable String detectedAt, @Nullable String correctedAt, @Nullable List<String> fields) {}
