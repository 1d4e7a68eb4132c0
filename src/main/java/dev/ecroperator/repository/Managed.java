package dev.ecroperator.repository;

import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names in {@code status.managed}: what the operator holds, and so gives back to ECR's default
 * when the manifest stops declaring it.
 */
final class Managed {
  static final String IMAGE_TAG_MUTABILITY = "imageTagMutability";
  static final String ENCRYPTION = "encryption";
  static final String SCANNING = "scanning";
  static final String LIFECYCLE_POLICY = "lifecyclePolicy";

  /** Our own statements among others. */
  static final String ACCESS_POLICY = "accessPolicy";

  /** The whole document. */
  static final String ACCESS_POLICY_JSON = "accessPolicy.json";

  private static final String TAGS = "tags/";
  private static final String CATALOG = "catalog/";

  private Managed() {}

  static String tag(String key) {
    return TAGS + key;
  }

  static String catalog(String member) {
    return CATALOG + member;
  }

  /** The fields that {@code declared} takes hold of. Encryption is never held: it cannot change. */
  static SortedSet<String> fieldsOf(RepositorySettings declared) {
    SortedSet<String> fields = new TreeSet<>();
    if (declared.imageTagMutability() != null) {
      fields.add(IMAGE_TAG_MUTABILITY);
    }
    if (declared.scanOnPush() != null) {
      fields.add(SCANNING);
    }
    if (declared.lifecyclePolicy() != null) {
      fields.add(LIFECYCLE_POLICY);
    }
    if (declared.accessPolicy() != null) {
      fields.add(declared.accessPolicy().scope().field());
    }
    if (declared.catalog() != null) {
      fields.addAll(catalogFields(declared.catalog()));
    }
    declared.tags().values().keySet().forEach(key -> fields.add(tag(key)));
    return fields;
  }

  /** The fields of the members that are declared. */
  static List<String> catalogFields(Catalog catalog) {
    return CatalogMember.ALL.stream()
        .filter(member -> member.in(catalog) != null)
        .map(CatalogMember::field)
        .toList();
  }

  /** Whether two catalog entries say the same in the member that {@code field} names. */
  static boolean sameMember(String field, Catalog one, Catalog other) {
    return CatalogMember.ALL.stream()
        .filter(member -> member.field().equals(field))
        .anyMatch(member -> Objects.equals(member.in(one), member.in(other)));
  }

  /**
   * What is declared, and ECR's default for everything that was held and is declared no longer.
   *
   * @param held the fields that the operator holds, or may hold
   * @param declaredFields all that the manifest mentions, what could not be read of it included: a
   *     document with a syntax error is no reason to remove the one in force
   */
  static RepositorySettings withResets(
      RepositorySettings declared, Collection<String> held, Set<String> declaredFields) {
    SortedSet<String> released = new TreeSet<>(held);
    released.removeAll(declaredFields);

    RepositorySettings settings = declared;
    if (released.contains(IMAGE_TAG_MUTABILITY)) {
      settings = settings.withImageTagMutability(TagMutability.DEFAULT);
    }
    if (released.contains(SCANNING)) {
      settings = settings.withScanOnPush(false);
    }
    if (released.contains(LIFECYCLE_POLICY)) {
      settings = settings.withLifecyclePolicy(LifecyclePolicy.none());
    }
    AccessPolicy policy = accessPolicyAfter(released, declared.accessPolicy(), declaredFields);
    if (policy != null) {
      settings = settings.withAccessPolicy(policy);
    }
    Catalog catalog = catalogAfter(released, declared.catalog());
    if (catalog != null) {
      settings = settings.withCatalog(catalog);
    }
    List<String> keys =
        released.stream()
            .filter(field -> field.startsWith(TAGS))
            .map(field -> field.substring(TAGS.length()))
            .toList();
    return settings.withTags(settings.tags().removing(keys));
  }

  private static @Nullable AccessPolicy accessPolicyAfter(
      Set<String> released, @Nullable AccessPolicy declared, Set<String> declaredFields) {
    if (released.contains(ACCESS_POLICY_JSON)) {
      // The whole document was ours and goes; typed grants declared in its place are all that
      // stays.
      return declared != null
          ? declared.alone()
          : declaredFields.contains(ACCESS_POLICY) ? null : AccessPolicy.NONE;
    }
    if (released.contains(ACCESS_POLICY) && !declaredFields.contains(ACCESS_POLICY_JSON)) {
      return AccessPolicy.ownStatements(PolicyDocument.none());
    }
    return declared;
  }

  private static @Nullable Catalog catalogAfter(Set<String> released, @Nullable Catalog declared) {
    Catalog catalog = declared;
    for (CatalogMember member : CatalogMember.ALL) {
      if (released.contains(member.field())) {
        catalog = catalog == null ? member.empty() : member.empty().over(catalog);
      }
    }
    return catalog;
  }

  /**
   * What is held after a pass: what is declared and stands, what was held and still is declared,
   * and what should have been given back and could not.
   *
   * @param unsettled the fields that could not be compared, or whose changes did not go through
   * @param inDoubt those of them that may have gone through all the same
   */
  static SortedSet<String> after(
      Collection<String> held,
      Set<String> declaredFields,
      Set<String> unsettled,
      Set<String> inDoubt) {
    SortedSet<String> after = new TreeSet<>();
    for (String field : declaredFields) {
      if (!touches(unsettled, field) || touches(inDoubt, field) || held.contains(field)) {
        after.add(field);
      }
    }
    for (String field : held) {
      if (touches(unsettled, field)) {
        after.add(field);
      }
    }
    return after;
  }

  /** The typed and the whole access policy are one document in ECR: they fail together. */
  static boolean touches(Set<String> fields, String field) {
    return fields.contains(field)
        || (field.startsWith(ACCESS_POLICY)
            && (fields.contains(ACCESS_POLICY) || fields.contains(ACCESS_POLICY_JSON)));
  }

  /**
   * Whether something that is held and declared no longer was at ECR's default when last seen.
   * Somebody may have changed it since, and nobody would look at it any more.
   */
  static boolean letsGoUnseen(
      DesiredRepository desired, Collection<String> held, ObservedRepository seen) {
    Set<String> spokenFor = new TreeSet<>(desired.declaredFields());
    RepositorySettings settings = withResets(desired.settings(), held, desired.declaredFields());
    spokenFor.addAll(RepositoryDrift.fields(RepositoryDrift.between(settings, seen).changes()));
    return held.stream().anyMatch(field -> !touches(spokenFor, field));
  }
}
