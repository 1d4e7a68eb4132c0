package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An AWS service to which an access is granted, on behalf of given accounts or resources. */
public record ServiceGrantSpec(
    @Nullable String service,
    @Nullable List<String> sourceAccounts,
    @Nullable List<String> sourceArns) {}
