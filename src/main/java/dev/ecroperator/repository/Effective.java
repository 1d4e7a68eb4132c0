package dev.ecroperator.repository;

import dev.ecroperator.api.CatalogSpec;
import dev.ecroperator.api.EffectiveScanning;
import dev.ecroperator.api.EffectiveSettings;
import dev.ecroperator.api.EncryptionSpec;
import dev.ecroperator.api.ImageTagMutabilitySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An observation as {@code status.effective} shows it. */
final class Effective {
  private Effective() {}

  static EffectiveSettings of(ObservedRepository observed) {
    RepositorySettings settings = observed.settings();
    return new EffectiveSettings(
        mutability(settings.imageTagMutability()),
        encryption(settings.encryption()),
        settings.scanOnPush() == null
            ? null
            : new EffectiveScanning(settings.scanOnPush(), observed.scanFrequency()),
        settings.lifecyclePolicy() == null || settings.lifecyclePolicy().isNone()
            ? null
            : settings.lifecyclePolicy().json(),
        settings.accessPolicy() == null || settings.accessPolicy().document().isNone()
            ? null
            : settings.accessPolicy().document().json(),
        settings.tags().values(),
        catalog(settings.catalog()));
  }

  private static @Nullable ImageTagMutabilitySpec mutability(@Nullable TagMutability mutability) {
    return mutability == null
        ? null
        : new ImageTagMutabilitySpec(
            mutability.mode(),
            mutability.exclusionFilters().isEmpty()
                ? null
                : List.copyOf(mutability.exclusionFilters()));
  }

  private static @Nullable EncryptionSpec encryption(@Nullable Encryption encryption) {
    return encryption == null ? null : new EncryptionSpec(encryption.type(), encryption.kmsKey());
  }

  private static @Nullable CatalogSpec catalog(@Nullable Catalog catalog) {
    return catalog == null || catalog.equals(Catalog.EMPTY)
        ? null
        : new CatalogSpec(
            blankToNull(catalog.description()),
            blankToNull(catalog.aboutText()),
            blankToNull(catalog.usageText()),
            emptyToNull(catalog.architectures()),
            emptyToNull(catalog.operatingSystems()));
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static @Nullable List<String> emptyToNull(@Nullable List<String> list) {
    return list == null || list.isEmpty() ? null : list;
  }
}
