package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.FOREIGN;
import static dev.ecroperator.repository.Samples.FOREIGN_STATEMENT;
import static dev.ecroperator.repository.Samples.desired;
import static dev.ecroperator.repository.Samples.observed;
import static dev.ecroperator.repository.Samples.observedPublic;
import static dev.ecroperator.repository.Samples.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.policy.AccessGrants;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryDriftTest {
  /**
   * Two values of one component.
   *
   * @param observed what ECR has
   * @param declared what the manifest says instead
   * @param undeclared what stands in a manifest that says nothing
   */
  private record Pair(Object observed, Object declared, @Nullable Object undeclared) {}

  private static final Map<String, Pair> SETTINGS =
      Map.of(
          "imageTagMutability",
          new Pair(TagMutability.DEFAULT, TagMutability.of("IMMUTABLE", List.of()), null),
          "encryption",
          new Pair(Encryption.DEFAULT, new Encryption("KMS", null), null),
          "scanOnPush",
          new Pair(false, true, null),
          "lifecyclePolicy",
          new Pair(Samples.EXPIRE_UNTAGGED, Samples.EXPIRE_LATER, null),
          "accessPolicy",
          new Pair(AccessPolicy.document(FOREIGN), AccessPolicy.NONE, null),
          "catalog",
          new Pair(Catalog.EMPTY, new Catalog("sdk", null, null, null, null), null),
          "tags",
          new Pair(Tags.of(Map.of("team", "a")), Tags.of(Map.of("team", "payments")), Tags.NONE));

  private static final Map<String, Pair> CATALOG =
      Map.of(
          "description", new Pair("", "a", null),
          "aboutText", new Pair("", "a", null),
          "usageText", new Pair("", "a", null),
          "architectures", new Pair(List.of(), List.of("ARM 64"), null),
          "operatingSystems", new Pair(List.of("Windows"), List.of("Linux"), null));

  static Stream<String> settings() {
    return names(RepositorySettings.class);
  }

  static Stream<String> catalogMembers() {
    return names(Catalog.class);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void everySettingThatDiffersIsAChangeOrAConflict(String component) {
    ObservedRepository observed = observed(all(RepositorySettings.class, SETTINGS, ""));
    RepositorySettings desired = only(RepositorySettings.class, SETTINGS, component);
    RepositoryDrift drift = RepositoryDrift.between(desired, observed);
    assertThat(drift.changes().size() + drift.conflicts().size()).isEqualTo(1);
    assertThat(drift.isNone()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theChangeOfASettingMendsItAndNothingElse(String component) {
    RepositorySettings before = all(RepositorySettings.class, SETTINGS, "");
    RepositorySettings desired = only(RepositorySettings.class, SETTINGS, component);
    for (RepositoryChange change : RepositoryDrift.between(desired, observed(before)).changes()) {
      RepositorySettings after = change.appliedTo(before);
      assertThat(RepositoryDrift.between(desired, observed(after)).isNone()).isTrue();
      for (RecordComponent other : RepositorySettings.class.getRecordComponents()) {
        if (!other.getName().equals(component)) {
          assertThat(value(other, after)).isEqualTo(value(other, before));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aSettingThatIsNotDeclaredIsLeftAsItIs(String component) {
    // Everything is declared as it stands, save one.
    RepositorySettings desired = all(RepositorySettings.class, SETTINGS, component);
    ObservedRepository observed =
        observed(perturbed(RepositorySettings.class, SETTINGS, component));
    assertThat(RepositoryDrift.between(desired, observed).isNone()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("catalogMembers")
  void everyMemberOfTheCatalogThatDiffersIsAChange(String member) {
    Catalog before = all(Catalog.class, CATALOG, "");
    Catalog declared = only(Catalog.class, CATALOG, member);
    RepositoryDrift drift =
        RepositoryDrift.between(
            RepositorySettings.UNDECLARED.withCatalog(declared), observedPublic(before, Tags.NONE));
    assertThat(RepositoryDrift.fields(drift.changes())).containsExactly("catalog/" + member);
    assertThat(drift.changes())
        .containsExactly(new RepositoryChange.PutRepositoryCatalogData(before, declared))
        .extracting(change -> ((RepositoryChange.PutRepositoryCatalogData) change).catalog())
        .containsExactly(perturbed(Catalog.class, CATALOG, member));
  }

  @Test
  void nothingDeclaredIsNoDrift() {
    assertThat(
            RepositoryDrift.between(
                    RepositorySettings.UNDECLARED,
                    observed(all(RepositorySettings.class, SETTINGS, "")))
                .isNone())
        .isTrue();
  }

  @Test
  void aSettingThatDoesNotExistForTheVisibilityIsAConflict() {
    RepositoryDrift drift =
        RepositoryDrift.between(
            RepositorySettings.UNDECLARED.withLifecyclePolicy(Samples.EXPIRE_UNTAGGED),
            observedPublic(Catalog.EMPTY, Tags.NONE));
    assertThat(drift.changes()).isEmpty();
    assertThat(drift.conflicts())
        .containsExactly(
            new Finding(Reason.INVALID_SPEC, "spec.lifecyclePolicy: not for this visibility"));
  }

  @Test
  void whatMayNotBeReadIsAConflictThatTellsWhy() {
    ObservedRepository observed =
        new ObservedRepository(
            "arn",
            "uri",
            null,
            new RepositorySettings(null, null, null, null, null, null, Tags.NONE),
            null,
            Map.of(
                "accessPolicy",
                new Failure(Failure.Kind.DENIED, "ecr:GetRepositoryPolicy", "no permission")));
    RepositoryDrift drift =
        RepositoryDrift.between(
            RepositorySettings.UNDECLARED.withAccessPolicy(AccessPolicy.NONE), observed);
    assertThat(drift.changes()).isEmpty();
    assertThat(drift.conflicts())
        .containsExactly(
            new Finding(
                Reason.ACCESS_DENIED, "spec.accessPolicy: ecr:GetRepositoryPolicy: no permission"));
    assertThat(RepositoryDrift.between(RepositorySettings.UNDECLARED, observed).isNone()).isTrue();
  }

  @Test
  void theOrderOfExclusionFiltersMakesNoDifference() {
    ObservedRepository observed =
        observed(
            RepositorySettings.UNDECLARED.withImageTagMutability(
                TagMutability.of("IMMUTABLE_WITH_EXCLUSION", List.of("latest", "dev-*"))));
    RepositorySettings desired =
        desired(
                "imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: ['dev-*',"
                    + " latest]}")
            .settings();
    assertThat(RepositoryDrift.between(desired, observed).isNone()).isTrue();
  }

  @Test
  void anotherExclusionFilterIsAChange() {
    ObservedRepository observed =
        observed(
            RepositorySettings.UNDECLARED.withImageTagMutability(
                TagMutability.of("IMMUTABLE_WITH_EXCLUSION", List.of("latest"))));
    assertThat(
            RepositoryDrift.between(
                    RepositorySettings.UNDECLARED.withImageTagMutability(
                        TagMutability.of("IMMUTABLE_WITH_EXCLUSION", List.of("dev-*"))),
                    observed)
                .changes())
        .hasSize(1);
  }

  @Test
  void foreignTagsAreNoDriftAndRemovedOnesAreUntagged() {
    ObservedRepository observed =
        observed(Tags.of(Map.of("foreign", "x", "team", "old", "gone", "y")));
    RepositorySettings desired =
        RepositorySettings.UNDECLARED.withTags(
            Tags.of(Map.of("team", "payments")).removing(List.of("gone", "never-there")));
    assertThat(RepositoryDrift.between(desired, observed).changes())
        .containsExactly(
            new RepositoryChange.UntagResource(new TreeSet<>(List.of("gone"))),
            new RepositoryChange.TagResource(Tags.of(Map.of("team", "payments")).values()));
  }

  @Test
  void theScanFrequencyThatTheRegistryDecidesStaysWhenTheRepositorysOwnSettingChanges() {
    var change = new RepositoryChange.PutImageScanningConfiguration(true);
    ObservedRepository own = observed(Tags.NONE);
    assertThat(own.after(change).scanFrequency()).isEqualTo("SCAN_ON_PUSH");
    var registrys =
        new ObservedRepository(
            own.arn(), own.uri(), own.createdAt(), own.settings(), "CONTINUOUS_SCAN", own.unread());
    assertThat(registrys.after(change).scanFrequency()).isEqualTo("CONTINUOUS_SCAN");
  }

  @Test
  void noPolicyDeclaredAndNonePresentIsNoDrift() {
    RepositorySettings desired =
        RepositorySettings.UNDECLARED
            .withLifecyclePolicy(LifecyclePolicy.none())
            .withAccessPolicy(AccessPolicy.NONE);
    assertThat(RepositoryDrift.between(desired, observed(Tags.NONE)).isNone()).isTrue();
  }

  @Test
  void declaredEmptinessDeletesTheDocuments() {
    RepositorySettings has =
        RepositorySettings.UNDECLARED
            .withLifecyclePolicy(Samples.EXPIRE_UNTAGGED)
            .withAccessPolicy(AccessPolicy.document(FOREIGN));
    RepositorySettings desired =
        desired("{lifecyclePolicy: {rules: []}, accessPolicy: {json: ''}}").settings();
    assertThat(RepositoryDrift.between(desired, observed(has)).changes())
        .containsExactly(
            new RepositoryChange.DeleteLifecyclePolicy(),
            new RepositoryChange.DeleteRepositoryPolicy(AccessPolicy.Scope.DOCUMENT));
  }

  private static final String KEY =
      "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // declared type, key, observed type, key, fits
        "AES256, -, AES256, -, true",
        "AES256, -, KMS, " + KEY + ", false",
        "KMS, -, AES256, -, false",
        "KMS, -, KMS, " + KEY + ", true",
        "KMS, -, KMS_DSSE, " + KEY + ", false",
        "KMS, " + KEY + ", KMS, " + KEY + ", true",
        "KMS, " + KEY + "0, KMS, " + KEY + ", false",
        "KMS, 1234abcd-12ab-34cd-56ef-1234567890ab, KMS, " + KEY + ", true",
        "KMS, 567890ab, KMS, " + KEY + ", false",
        "KMS, alias/ecr, KMS, " + KEY + ", true",
        "KMS, arn:aws:kms:eu-west-1:111122223333:alias/ecr, KMS, " + KEY + ", true",
        "KMS, alias/ecr, KMS, -, false",
        "KMS, " + KEY + ", KMS, -, false",
        "KMS, alias/ecr, AES256, -, false",
      })
  void encryptionFitsByTypeAndKey(
      String declaredType,
      @Nullable String declaredKey,
      String observedType,
      @Nullable String observedKey,
      boolean fits) {
    ObservedRepository observed = observed(withEncryption(observedType, observedKey));
    RepositoryDrift drift =
        RepositoryDrift.between(withEncryption(declaredType, declaredKey), observed);
    assertThat(drift.changes()).isEmpty();
    if (fits) {
      assertThat(drift.conflicts()).isEmpty();
    } else {
      assertThat(drift.conflicts())
          .singleElement()
          .satisfies(
              conflict -> {
                assertThat(conflict.reason()).isEqualTo(Reason.IMMUTABLE_CONFLICT);
                assertThat(conflict.message())
                    .startsWith("spec.encryption:")
                    .contains(declaredType, observedType);
              });
    }
  }

  private static RepositorySettings withEncryption(String type, @Nullable String key) {
    return new RepositorySettings(
        null, new Encryption(type, key), null, null, null, null, Tags.NONE);
  }

  /** The typed statements of one account that may pull. */
  private static AccessPolicy pullBy(String account) {
    AccessPolicy policy =
        desired("accessPolicy: {pull: {accounts: ['" + account + "']}}").settings().accessPolicy();
    return Objects.requireNonNull(policy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'Version':'2012-10-17',", "'Version':'2008-10-17',", "", "'Id':'theirs',"})
  void typedGrantsStandAmongForeignStatements(String others) {
    PolicyDocument foreign =
        PolicyDocument.parse(quoted("{" + others + "'Statement':[") + FOREIGN_STATEMENT + "]}");
    AccessPolicy pull = pullBy("444455556666");
    PolicyDocument first = set(pull, foreign);
    assertThat(first.withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none()))
        .isEqualTo(foreign);
    assertThat(first.onlyStatements(AccessGrants.OWNED_SIDS)).isEqualTo(pull.document());
    assertThat(driftOf(pull, first).isNone()).as("what was set is as declared").isTrue();

    PolicyDocument second = set(pullBy("777788889999"), first);
    assertThat(second.json()).contains("777788889999").doesNotContain("444455556666");
    assertThat(second.withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none()))
        .isEqualTo(foreign);

    assertThat(set(AccessPolicy.ownStatements(PolicyDocument.none()), second)).isEqualTo(foreign);
  }

  @Test
  void theLastTypedGrantTakesTheDocumentWithIt() {
    PolicyDocument ours = pullBy("444455556666").document();
    assertThat(driftOf(AccessPolicy.ownStatements(PolicyDocument.none()), ours).changes())
        .containsExactly(
            new RepositoryChange.DeleteRepositoryPolicy(AccessPolicy.Scope.OWN_STATEMENTS));
  }

  @Test
  void aForeignStatementIsNoDriftOfTypedGrantsButOfAWholeDocument() {
    AccessPolicy pull = pullBy("444455556666");
    PolicyDocument both = FOREIGN.withStatements(AccessGrants.OWNED_SIDS, pull.document());
    assertThat(driftOf(pull, both).isNone()).isTrue();
    assertThat(driftOf(AccessPolicy.document(pull.document()), both).changes())
        .containsExactly(
            new RepositoryChange.SetRepositoryPolicy(AccessPolicy.Scope.DOCUMENT, pull.document()));
  }

  private static PolicyDocument set(AccessPolicy declared, PolicyDocument has) {
    List<RepositoryChange> changes = driftOf(declared, has).changes();
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst()).isInstanceOf(RepositoryChange.SetRepositoryPolicy.class);
    return ((RepositoryChange.SetRepositoryPolicy) changes.getFirst()).document();
  }

  private static RepositoryDrift driftOf(AccessPolicy declared, PolicyDocument has) {
    return RepositoryDrift.between(
        RepositorySettings.UNDECLARED.withAccessPolicy(declared),
        observed(RepositorySettings.UNDECLARED.withAccessPolicy(AccessPolicy.document(has))));
  }

  private static Stream<String> names(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName);
  }

  /** As observed, all but {@code left}, which is undeclared. */
  private static <R extends Record> R all(Class<R> type, Map<String, Pair> pairs, String left) {
    return make(
        type, pairs, (name, pair) -> name.equals(left) ? pair.undeclared() : pair.observed());
  }

  /** Nothing but {@code one} declared. */
  private static <R extends Record> R only(Class<R> type, Map<String, Pair> pairs, String one) {
    return make(
        type, pairs, (name, pair) -> name.equals(one) ? pair.declared() : pair.undeclared());
  }

  /** As observed, all but {@code one}, which is as the declaration would have it. */
  private static <R extends Record> R perturbed(
      Class<R> type, Map<String, Pair> pairs, String one) {
    return make(type, pairs, (name, pair) -> name.equals(one) ? pair.declared() : pair.observed());
  }

  private interface Choice {
    @Nullable Object of(String name, Pair pair);
  }

  private static <R extends Record> R make(Class<R> type, Map<String, Pair> pairs, Choice choice) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      Pair pair = pairs.get(name);
      if (pair == null) {
        throw new AssertionError(
            "the test has no two values of " + type.getSimpleName() + "." + name);
      }
      values[i] = choice.of(name, pair);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.toString(), e);
    }
  }

  private static @Nullable Object value(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.toString(), e);
    }
  }
}
