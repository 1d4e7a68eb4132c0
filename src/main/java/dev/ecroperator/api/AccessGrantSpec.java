package dev.ecroperator.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** To whom an access is granted. */
public record AccessGrantSpec(
    @Nullable List<String> accounts,
    @Nullable List<String> principals,
    @Nullable List<String> organizations,
    @Nullable List<ServiceGrantSpec> services) {}
