package dev.ecroperator.repository;

import dev.ecroperator.api.CatalogSpec;
import dev.ecroperator.api.EffectiveScanning;
import dev.ecroperator.api.EffectiveSettings;
import dev.ecroperator.api.EncryptionSpec;
import dev.ecroperator.api.ImageTagMutabilitySpec;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An observation as {@code status.effective} shows it. */
final class Effective {
  private static final EffectiveSettings NOTHING =
      new EffectiveSettings(null, null, null, null, null, null, null);

  private Effective() {}

  /**
   * Shows {@code observed}. AWS returns documents reordered: where one still means the same, the
   * text in {@code before} stays, so that a look that finds nothing new writes nothing. So does
   * what may not be read: it is what was seen last.
   */
  static EffectiveSettings of(ObservedRepository observed, @Nullable EffectiveSettings before) {
    EffectiveSettings last = before == null ? NOTHING : before;
    Set<String> unread = observed.unread().keySet();
    RepositorySettings settings = observed.settings();
    return new EffectiveSettings(
        mutability(settings.imageTagMutability()),
        encryption(settings.encryption()),
        settings.scanOnPush() == null
            ? null
            : new EffectiveScanning(
                settings.scanOnPush(),
                unread.contains(Managed.SCANNING) ? null : observed.scanFrequency()),
        unread.contains(Managed.LIFECYCLE_POLICY)
            ? last.lifecyclePolicy()
            : lifecycle(settings.lifecyclePolicy(), last.lifecyclePolicy()),
        unread.contains(Managed.ACCESS_POLICY)
            ? last.accessPolicy()
            : access(settings.accessPolicy(), last.accessPolicy()),
        settings.tags().values(),
        unread.contains("catalog") ? last.catalog() : catalog(settings.catalog()));
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

  private static @Nullable String lifecycle(
      @Nullable LifecyclePolicy policy, @Nullable String before) {
    if (policy == null || policy.isNone()) {
      return null;
    }
    return means(before, policy, LifecyclePolicy::parse) ? before : policy.json();
  }

  private static @Nullable String access(@Nullable AccessPolicy policy, @Nullable String before) {
    if (policy == null || policy.document().isNone()) {
      return null;
    }
    PolicyDocument document = policy.document();
    return means(before, document, PolicyDocument::parse) ? before : document.json();
  }

  /** Whether {@code text} is a spelling of {@code document}; a status may hold any text. */
  private static <T> boolean means(@Nullable String text, T document, Function<String, T> parse) {
    try {
      return text != null && document.equals(parse.apply(text));
    } catch (MalformedDocumentException e) {
      return false;
    }
  }

  private static @Nullable EncryptionSpec encryption(@Nullable Encryption encryption) {
    return encryption == null ? null : new EncryptionSpec(encryption.type(), encryption.kmsKey());
  }

  private static @Nullable CatalogSpec catalog(@Nullable Catalog catalog) {
    return catalog == null || catalog.equals(Catalog.EMPTY)
        ? null
        : new CatalogSpec(
            emptyToNull(catalog.description()),
            emptyToNull(catalog.aboutText()),
            emptyToNull(catalog.usageText()),
            emptyToNull(catalog.architectures()),
            emptyToNull(catalog.operatingSystems()));
  }

  private static @Nullable String emptyToNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static @Nullable List<String> emptyToNull(@Nullable List<String> list) {
    return list == null || list.isEmpty() ? null : list;
  }
}
