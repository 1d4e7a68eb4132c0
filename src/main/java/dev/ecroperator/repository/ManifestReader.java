package dev.ecroperator.repository;

import dev.ecroperator.api.AccessPolicySpec;
import dev.ecroperator.api.CatalogSpec;
import dev.ecroperator.api.LifecyclePolicySpec;
import dev.ecroperator.api.RepositorySpec;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.policy.AccessGrants;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.repository.DesiredRepository.DeletionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one manifest says, gathered field by field. What cannot be read becomes a finding, and holds
 * nothing else back.
 */
final class ManifestReader {
  private final RepositorySpec spec;
  private final Visibility visibility;
  private final String partition;
  private final List<Finding> invalid = new ArrayList<>();
  private final Set<String> unreadable = new TreeSet<>();

  ManifestReader(RepositorySpec spec, Visibility visibility, String partition) {
    this.spec = spec;
    this.visibility = visibility;
    this.partition = partition;
  }

  DesiredRepository read() {
    refuseOtherVisibility();
    RepositorySettings settings =
        visibility == Visibility.PRIVATE
            ? new RepositorySettings(
                readable(Managed.IMAGE_TAG_MUTABILITY, this::mutability),
                readable(Managed.ENCRYPTION, this::encryption),
                scanOnPush(),
                readable(Managed.LIFECYCLE_POLICY, this::lifecyclePolicy),
                accessPolicy(),
                null,
                tags())
            : new RepositorySettings(null, null, null, null, accessPolicy(), catalog(), tags());
    SortedSet<String> declared = Managed.fieldsOf(settings);
    declared.addAll(unreadable);
    String takeOverFrom = spec.takeOverFrom();
    return new DesiredRepository(
        settings,
        declared,
        unreadable,
        invalid,
        oneOf("adoption", spec.adoption(), List.of("Never", "IfExists")).equals("IfExists"),
        takeOverFrom == null || takeOverFrom.isEmpty() ? null : takeOverFrom,
        deletionPolicy(),
        observeOnly(),
        Boolean.TRUE.equals(spec.suspend()));
  }

  private DeletionPolicy deletionPolicy() {
    String value =
        oneOf("deletionPolicy", spec.deletionPolicy(), List.of("Retain", "Delete", "ForceDelete"));
    for (DeletionPolicy policy : DeletionPolicy.values()) {
      if (policy.text().equals(value)) {
        return policy;
      }
    }
    return DeletionPolicy.RETAIN;
  }

  private boolean observeOnly() {
    return !oneOf("management", spec.management(), List.of("Full", "ObserveOnly")).equals("Full");
  }

  /**
   * The value, or the first of the accepted ones where it is absent. A value that is none of them
   * is returned as it is: its caller gives it the treatment that does least.
   */
  private String oneOf(String field, @Nullable String value, List<String> accepted) {
    if (value == null) {
      return accepted.getFirst();
    }
    if (!accepted.contains(value)) {
      invalid("spec." + field + ": '" + value + "' is none of " + String.join(", ", accepted));
    }
    return value;
  }

  private void refuseOtherVisibility() {
    boolean isPrivate = visibility == Visibility.PRIVATE;
    if (isPrivate && spec.catalog() != null) {
      invalid("spec.catalog: only for visibility Public: remove it");
    }
    if (!isPrivate) {
      privateOnly("imageTagMutability", spec.imageTagMutability());
      privateOnly("encryption", spec.encryption());
      privateOnly("scanning", spec.scanning());
      privateOnly("lifecyclePolicy", spec.lifecyclePolicy());
    }
  }

  private void privateOnly(String field, @Nullable Object value) {
    if (value != null) {
      invalid("spec." + field + ": only for visibility Private: remove it");
    }
  }

  private @Nullable TagMutability mutability() {
    var declared = spec.imageTagMutability();
    if (declared == null || declared.mode() == null) {
      return null;
    }
    var mutability =
        TagMutability.of(
            declared.mode(), Optional.ofNullable(declared.exclusionFilters()).orElse(List.of()));
    refuse(mutability.problem());
    return mutability;
  }

  private @Nullable Encryption encryption() {
    var declared = spec.encryption();
    if (declared == null || declared.type() == null) {
      return null;
    }
    var encryption = new Encryption(declared.type(), declared.kmsKey());
    refuse(encryption.problem());
    return encryption;
  }

  private @Nullable Boolean scanOnPush() {
    return spec.scanning() == null ? null : spec.scanning().scanOnPush();
  }

  private @Nullable LifecyclePolicy lifecyclePolicy() {
    LifecyclePolicySpec declared = spec.lifecyclePolicy();
    if (declared == null) {
      return null;
    }
    if (declared.rules() != null && declared.json() != null) {
      throw new IllegalArgumentException("rules and json exclude each other: keep one");
    }
    if (declared.json() != null) {
      return sendable(LifecyclePolicy.parse(declared.json()));
    }
    return declared.rules() == null
        ? LifecyclePolicy.none()
        : sendable(LifecyclePolicy.of(declared.rules()));
  }

  private static LifecyclePolicy sendable(LifecyclePolicy policy) {
    refuse(policy.problem());
    return policy;
  }

  private static PolicyDocument sendable(PolicyDocument policy) {
    refuse(policy.problem());
    return policy;
  }

  private static void refuse(Optional<String> problem) {
    if (problem.isPresent()) {
      throw new IllegalArgumentException(problem.get());
    }
  }

  private @Nullable AccessPolicy accessPolicy() {
    AccessPolicySpec declared = spec.accessPolicy();
    if (declared == null) {
      return null;
    }
    boolean typed = declared.pull() != null || declared.push() != null;
    if (!typed) {
      String json = declared.json();
      return readable(
          Managed.ACCESS_POLICY_JSON,
          () ->
              json == null
                  ? AccessPolicy.NONE
                  : AccessPolicy.document(sendable(PolicyDocument.parse(json))));
    }
    return readable(
        Managed.ACCESS_POLICY,
        () -> {
          if (declared.json() != null) {
            throw new IllegalArgumentException("pull and push exclude json: keep one of the two");
          }
          return AccessPolicy.ownStatements(
              sendable(AccessGrants.statementsFor(declared, visibility, partition)));
        });
  }

  private <T> @Nullable T readable(String field, Supplier<@Nullable T> document) {
    try {
      return document.get();
    } catch (MalformedDocumentException | IllegalArgumentException e) {
      unreadable.add(field);
      invalid("spec." + field.replace('/', '.') + ": " + e.getMessage());
      return null;
    }
  }

  private @Nullable Catalog catalog() {
    CatalogSpec declared = spec.catalog();
    if (declared == null) {
      return null;
    }
    Catalog catalog =
        new Catalog(
            declared.description(),
            declared.aboutText(),
            declared.usageText(),
            sorted(declared.architectures()),
            sorted(declared.operatingSystems()));
    if (Managed.catalogFields(catalog).isEmpty()) {
      return Catalog.EMPTY;
    }
    return new Catalog(
        text("description", catalog.description(), Catalog.LONGEST_DESCRIPTION),
        text("aboutText", catalog.aboutText(), Catalog.LONGEST_TEXT),
        text("usageText", catalog.usageText(), Catalog.LONGEST_TEXT),
        list("architectures", catalog.architectures()),
        list("operatingSystems", catalog.operatingSystems()));
  }

  private @Nullable String text(String member, @Nullable String text, int longest) {
    return readable(
        Managed.catalog(member),
        () -> {
          int length = text == null ? 0 : text.codePointCount(0, text.length());
          if (length > longest) {
            throw new IllegalArgumentException(
                "%d characters; ECR accepts at most %d".formatted(length, longest));
          }
          return text;
        });
  }

  private @Nullable List<String> list(String member, @Nullable List<String> values) {
    return readable(
        Managed.catalog(member),
        () -> {
          if (values != null && values.size() > Catalog.MOST_VALUES) {
            throw new IllegalArgumentException(
                "%d values; ECR accepts at most %d".formatted(values.size(), Catalog.MOST_VALUES));
          }
          return values;
        });
  }

  private static @Nullable List<String> sorted(@Nullable List<String> values) {
    return values == null ? null : values.stream().sorted().distinct().toList();
  }

  private Tags tags() {
    Map<String, String> tags = new TreeMap<>(spec.tags() == null ? Map.of() : spec.tags());
    for (var tag : List.copyOf(new TreeMap<>(tags).entrySet())) {
      Tags.problem(tag.getKey(), tag.getValue())
          .ifPresent(
              problem -> {
                tags.remove(tag.getKey());
                unreadable.add(Managed.tag(tag.getKey()));
                invalid("spec.tags: " + problem);
              });
    }
    if (tags.size() > Tags.MOST_DECLARED) {
      invalid(
          "spec.tags: %d tags; ECR keeps 50 a repository, one of them the operator's: declare at most %d"
              .formatted(tags.size(), Tags.MOST_DECLARED));
      tags.keySet().forEach(key -> unreadable.add(Managed.tag(key)));
      tags.clear();
    }
    return Tags.of(tags);
  }

  private void invalid(String message) {
    invalid.add(new Finding(Reason.INVALID_SPEC, message));
  }
}
