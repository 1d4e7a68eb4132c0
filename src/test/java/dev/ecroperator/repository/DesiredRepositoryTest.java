package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.desired;
import static dev.ecroperator.repository.Samples.desiredPublic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.repository.DesiredRepository.DeletionPolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DesiredRepositoryTest {
  private static List<String> messages(DesiredRepository desired) {
    assertThat(desired.invalid()).allMatch(f -> f.reason() == Reason.INVALID_SPEC);
    return desired.invalid().stream().map(Finding::message).toList();
  }

  @Test
  void anEmptyManifestDeclaresNothingAndDoesLeast() {
    DesiredRepository desired = desired("{}");
    assertThat(desired.settings()).isEqualTo(RepositorySettings.UNDECLARED);
    assertThat(desired.declaredFields()).isEmpty();
    assertThat(desired.invalid()).isEmpty();
    assertThat(desired.adopt()).isFalse();
    assertThat(desired.takeOverFrom()).isNull();
    assertThat(desired.deletionPolicy()).isEqualTo(DeletionPolicy.RETAIN);
    assertThat(desired.observeOnly()).isFalse();
    assertThat(desired.suspended()).isFalse();
  }

  @Test
  void everyFieldIsRead() {
    DesiredRepository desired =
        desired(
            """
            imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: [latest]}
            encryption: {type: KMS, kmsKey: alias/ecr}
            scanning: {scanOnPush: true}
            lifecyclePolicy:
              rules:
                - rulePriority: 10
                  selection: {tagStatus: untagged, countType: sinceImagePushed, countUnit: days, countNumber: 7}
                  action: {type: expire}
            accessPolicy: {push: {accounts: ["444455556666"]}}
            tags: {team: payments}
            adoption: IfExists
            takeOverFrom: green/a/b
            deletionPolicy: ForceDelete
            management: ObserveOnly
            suspend: true
            """);
    assertThat(desired.invalid()).isEmpty();
    RepositorySettings settings = desired.settings();
    assertThat(settings.imageTagMutability())
        .isEqualTo(TagMutability.of("IMMUTABLE_WITH_EXCLUSION", List.of("latest")));
    assertThat(settings.encryption()).isEqualTo(new Encryption("KMS", "alias/ecr"));
    assertThat(settings.scanOnPush()).isTrue();
    assertThat(settings.lifecyclePolicy()).isEqualTo(Samples.EXPIRE_UNTAGGED);
    assertThat(Objects.requireNonNull(settings.accessPolicy()).scope())
        .isEqualTo(AccessPolicy.Scope.OWN_STATEMENTS);
    assertThat(settings.tags()).isEqualTo(Tags.of(Map.of("team", "payments")));
    assertThat(desired.adopt()).isTrue();
    assertThat(desired.takeOverFrom()).isEqualTo("green/a/b");
    assertThat(desired.deletionPolicy()).isEqualTo(DeletionPolicy.FORCE_DELETE);
    assertThat(desired.observeOnly()).isTrue();
    assertThat(desired.suspended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{rules: []}", "{json: ''}", "{json: '{\"rules\": []}'}"})
  void anEmptyLifecyclePolicyMeansNone(String policy) {
    DesiredRepository desired = desired("lifecyclePolicy: " + policy);
    assertThat(desired.settings().lifecyclePolicy()).isEqualTo(LifecyclePolicy.none());
    assertThat(desired.declaredFields()).containsExactly("lifecyclePolicy");
    assertThat(desired.invalid()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                           | accessPolicy.json",
        "{json: ''}                   | accessPolicy.json",
        "{pull: {}}                   | accessPolicy",
        "{push: {}}                   | accessPolicy",
        "{pull: {accounts: []}}       | accessPolicy",
      })
  void anEmptyAccessPolicyMeansNone(String policy, String field) {
    DesiredRepository desired = desired("accessPolicy: " + policy);
    assertThat(desired.invalid()).isEmpty();
    assertThat(desired.declaredFields()).containsExactly(field);
    assertThat(Objects.requireNonNull(desired.settings().accessPolicy()).document())
        .isEqualTo(PolicyDocument.none());
  }

  @Test
  void anEmptyCatalogMeansAnEmptyEntry() {
    assertThat(desiredPublic("catalog: {}").settings().catalog()).isEqualTo(Catalog.EMPTY);
  }

  @Test
  void emptyTagsDeclareNone() {
    assertThat(desired("tags: {}").settings().tags()).isEqualTo(Tags.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"imageTagMutability: {}", "encryption: {}", "scanning: {}"})
  void aBlockWithoutItsValueDeclaresNothing(String yaml) {
    assertThat(desired(yaml).settings()).isEqualTo(RepositorySettings.UNDECLARED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lifecyclePolicy: {json: 'x'}                               | lifecyclePolicy",
        "lifecyclePolicy: {json: '{\"rule\": []}'}                  | lifecyclePolicy",
        "lifecyclePolicy: {json: '', rules: []}                     | lifecyclePolicy",
        "accessPolicy: {json: '[]'}                                 | accessPolicy.json",
        "accessPolicy: {json: '{\"Statements\": []}'}               | accessPolicy.json",
        "accessPolicy: {json: '', pull: {}}                         | accessPolicy",
        "accessPolicy: {pull: {accounts: ['12']}}                   | accessPolicy",
        "accessPolicy: {pull: {services: [{service: lambda.amazonaws.com}]}} | accessPolicy",
      })
  void aDocumentThatCannotBeReadLeavesTheRest(String yaml, String field) {
    DesiredRepository desired = desired(yaml + "\nscanning: {scanOnPush: true}");
    assertThat(desired.unreadable()).containsExactly(field);
    assertThat(desired.declaredFields()).containsExactlyInAnyOrder(field, "scanning");
    assertThat(messages(desired)).singleElement().asString().startsWith("spec." + field + ": ");
    assertThat(desired.settings()).isEqualTo(RepositorySettings.UNDECLARED.withScanOnPush(true));
  }

  private static Arguments limit(String yaml, String field, String accepted) {
    return Arguments.of(yaml, field, accepted);
  }

  /** What an API server with an older CRD may let through. */
  static Stream<Arguments> limitsOfPrivateRepositories() {
    return Stream.of(
        limit("imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION}", "imageTagMutability", "add"),
        limit(
            "imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: []}",
            "imageTagMutability",
            "add them, remove them or change the mode"),
        limit(
            "imageTagMutability: {mode: MUTABLE, exclusionFilters: [latest]}",
            "imageTagMutability",
            "add them, remove them or change the mode"),
        limit(
            "imageTagMutability: {mode: MUTABLE_WITH_EXCLUSION, exclusionFilters: [a, b, c, d, e,"
                + " f]}",
            "imageTagMutability",
            "at most 5"),
        limit(
            "imageTagMutability: {mode: MUTABLE_WITH_EXCLUSION, exclusionFilters: ['']}",
            "imageTagMutability",
            "1 to 128"),
        limit(
            "imageTagMutability: {mode: MUTABLE_WITH_EXCLUSION, exclusionFilters: [a/b]}",
            "imageTagMutability",
            "1 to 128"),
        limit(
            "imageTagMutability: {mode: MUTABLE_WITH_EXCLUSION, exclusionFilters: ['*a*b*']}",
            "imageTagMutability",
            "at most 2 *"),
        limit(
            "imageTagMutability: {mode: MUTABLE_WITH_EXCLUSION, exclusionFilters: [%s]}"
                .formatted("f".repeat(129)),
            "imageTagMutability",
            "1 to 128"),
        limit(
            "encryption: {type: AES256, kmsKey: alias/ecr}",
            "encryption",
            "remove it or change the type"),
        limit("encryption: {type: KMS, kmsKey: ''}", "encryption", "1 to 2048"),
        limit(
            "encryption: {type: KMS, kmsKey: %s}".formatted("k".repeat(2049)),
            "encryption",
            "1 to 2048"),
        limit(
            "lifecyclePolicy: {json: '{\"rules\": [{\"rulePriority\": 1, \"description\": \"%s\", \"selection\": {\"tagStatus\": \"any\", \"countType\": \"imageCountMoreThan\", \"countNumber\": 1}, \"action\": {\"type\": \"expire\"}}]}'}"
                .formatted("x".repeat(30_720)),
            "lifecyclePolicy",
            "at most 30720"),
        limit(
            "accessPolicy: {json: '{\"Version\": \"2012-10-17\", \"Id\": \"%s\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"ecr:BatchGetImage\"}]}'}"
                .formatted("x".repeat(10_240)),
            "accessPolicy.json",
            "at most 10240"),
        limit(
            "accessPolicy: {pull: {principals: [%s]}}"
                .formatted(
                    IntStream.range(0, 100)
                        .mapToObj(i -> "arn:aws:iam::444455556666:role/" + "r".repeat(80) + i)
                        .collect(Collectors.joining(", "))),
            "accessPolicy",
            "at most 10240"),
        limit(
            "accessPolicy: {json: '%s'}".formatted("[".repeat(40)),
            "accessPolicy.json",
            "at most 32 levels"),
        limit("accessPolicy: {json: '{\"Version\": }'}", "accessPolicy.json", "line 1, column 13"),
        limit("tags: {'': x}", "tags/", "1 to 128"),
        limit("tags: {%s: x}".formatted("k".repeat(129)), "tags/" + "k".repeat(129), "1 to 128"),
        limit("tags: {a: %s}".formatted("v".repeat(257)), "tags/a", "at most 256"),
        limit("tags: {a: null}", "tags/a", "no value"),
        limit("tags: {'aws:a': x}", "tags/aws:a", "reserved"));
  }

  @ParameterizedTest
  @MethodSource("limitsOfPrivateRepositories")
  void whatEcrWouldRefuseIsRefusedHereAndTheRestIsDone(String yaml, String field, String accepted) {
    DesiredRepository desired = desired(yaml + "\nscanning: {scanOnPush: true}");
    assertThat(messages(desired)).singleElement().asString().startsWith("spec.").contains(accepted);
    assertThat(desired.unreadable()).containsExactly(field);
    assertThat(desired.declaredFields()).containsExactlyInAnyOrder(field, "scanning");
    assertThat(desired.settings()).isEqualTo(RepositorySettings.UNDECLARED.withScanOnPush(true));
  }

  @ParameterizedTest
  @CsvSource({
    "description, 1024",
    "aboutText, 25600",
    "usageText, 25600",
  })
  void aTextOfTheCatalogThatIsTooLongIsRefusedAndTheOthersAreDone(String member, int longest) {
    DesiredRepository fits =
        desiredPublic("catalog: {%s: %s}".formatted(member, "x".repeat(longest)));
    assertThat(fits.invalid()).isEmpty();
    DesiredRepository desired =
        desiredPublic(
            "catalog: {architectures: [x86-64], %s: %s}"
                .formatted(member, "x".repeat(longest + 1)));
    assertThat(messages(desired))
        .singleElement()
        .asString()
        .startsWith("spec.catalog." + member + ": ")
        .contains("at most " + longest);
    assertThat(desired.declaredFields())
        .containsExactlyInAnyOrder("catalog/" + member, "catalog/architectures");
    assertThat(desired.settings().catalog())
        .isEqualTo(new Catalog(null, null, null, List.of("x86-64"), null));
  }

  @Test
  void charactersAreCountedAsTheApiServerCountsThem() {
    String clef = "\uD834\uDD1E";
    assertThat(desired("tags: {%s: %s}".formatted(clef.repeat(128), clef.repeat(256))).invalid())
        .isEmpty();
    assertThat(desiredPublic("catalog: {description: %s}".formatted(clef.repeat(1024))).invalid())
        .isEmpty();
    assertThat(messages(desired("tags: {a: %s}".formatted(clef.repeat(257)))))
        .singleElement()
        .asString()
        .contains("257 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"architectures", "operatingSystems"})
  void aListOfTheCatalogThatIsTooLongIsRefused(String member) {
    String values =
        IntStream.rangeClosed(1, 51).mapToObj(i -> "a" + i).collect(Collectors.joining(", "));
    DesiredRepository desired = desiredPublic("catalog: {%s: [%s]}".formatted(member, values));
    assertThat(messages(desired)).singleElement().asString().contains("at most 50");
    assertThat(desired.unreadable()).containsExactly("catalog/" + member);
  }

  @Test
  void tooManyTagsAreRefusedTogetherAndNoneIsGivenBack() {
    String tags =
        IntStream.rangeClosed(1, 50)
            .mapToObj(i -> "k" + i + ": v")
            .collect(Collectors.joining(", "));
    DesiredRepository desired = desired("tags: {" + tags + "}");
    assertThat(messages(desired)).singleElement().asString().contains("50 tags", "at most 49");
    assertThat(desired.settings().tags()).isEqualTo(Tags.NONE);
    assertThat(desired.declaredFields()).hasSize(50);
  }

  @Test
  void whatProtectsARepositoryIsNotLeftOutOfItsCreation() {
    assertThat(desired("encryption: {type: AES256, kmsKey: a}").isCreatable()).isFalse();
    assertThat(
            desired("imageTagMutability: {mode: IMMUTABLE, exclusionFilters: [a]}").isCreatable())
        .isFalse();
    assertThat(desired("tags: {'aws:x': y}").isCreatable()).isTrue();
  }

  @Test
  void aPublicRepositoryIsPulledByEverybody() {
    DesiredRepository desired = desiredPublic("accessPolicy: {pull: {accounts: ['444455556666']}}");
    assertThat(desired.settings().accessPolicy()).isNull();
    assertThat(messages(desired)).singleElement().asString().startsWith("spec.accessPolicy: ");
  }

  @ParameterizedTest
  @CsvSource({"adoption", "deletionPolicy", "management"})
  void anUnknownValueIsRefusedAndGetsTheTreatmentThatDoesLeast(String field) {
    DesiredRepository desired = desired(field + ": Surely");
    assertThat(messages(desired))
        .singleElement()
        .asString()
        .startsWith("spec." + field + ": 'Surely' is none of ");
    assertThat(desired.adopt()).isFalse();
    assertThat(desired.deletionPolicy()).isEqualTo(DeletionPolicy.RETAIN);
    assertThat(desired.observeOnly()).isEqualTo(field.equals("management"));
  }

  @ParameterizedTest
  @CsvSource({"Retain, RETAIN", "Delete, DELETE", "ForceDelete, FORCE_DELETE"})
  void deletionPoliciesAreReadAsSpelled(String text, DeletionPolicy policy) {
    assertThat(desired("deletionPolicy: " + text).deletionPolicy()).isEqualTo(policy);
  }

  @Test
  void anEmptyTakeOverIsNone() {
    assertThat(desired("takeOverFrom: ''").takeOverFrom()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws:x", "AWS:x", "ecroperator.dev/owner", "ecroperator.dev/other"})
  void reservedTagsAreRefusedAndTheOthersSet(String key) {
    DesiredRepository desired = desired("tags: {'" + key + "': mine, team: payments}");
    assertThat(desired.settings().tags()).isEqualTo(Tags.of(Map.of("team", "payments")));
    assertThat(desired.declaredFields()).containsExactlyInAnyOrder("tags/" + key, "tags/team");
    assertThat(messages(desired)).singleElement().asString().contains("'" + key + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imageTagMutability: {mode: MUTABLE}",
        "encryption: {type: AES256}",
        "scanning: {scanOnPush: true}",
        "lifecyclePolicy: {}",
      })
  void whatIsForPrivateRepositoriesIsRefusedOnPublicOnes(String yaml) {
    DesiredRepository desired = desiredPublic(yaml);
    assertThat(desired.settings()).isEqualTo(RepositorySettings.UNDECLARED);
    assertThat(messages(desired))
        .containsExactly(
            "spec."
                + yaml.substring(0, yaml.indexOf(':'))
                + ": only for visibility Private: remove it");
  }

  @Test
  void theCatalogIsRefusedOnPrivateRepositories() {
    DesiredRepository desired = desired("catalog: {description: a}");
    assertThat(desired.settings()).isEqualTo(RepositorySettings.UNDECLARED);
    assertThat(messages(desired)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: [%s]}",
        "lifecyclePolicy: {rules: [{rulePriority: 1, selection: {tagStatus: tagged,"
            + " tagPatternList: [%s], countType: imageCountMoreThan, countNumber: 1}, action:"
            + " {type: expire}}]}",
        "lifecyclePolicy: {rules: [{rulePriority: 1, selection: {tagStatus: tagged, tagPrefixList:"
            + " [%s], countType: imageCountMoreThan, countNumber: 1}, action: {type: expire}}]}",
      })
  void aValueThatIsRepeatedIsNoDrift(String yaml) {
    RepositorySettings once = desired(yaml.formatted("b, c")).settings();
    DesiredRepository twice = desired(yaml.formatted("c, b, c"));

    assertThat(messages(twice)).isEmpty();
    assertThat(twice.settings()).isEqualTo(once);
  }

  @Test
  void listsOfTheCatalogAreSets() {
    DesiredRepository desired =
        desiredPublic("catalog: {architectures: [x86-64, ARM 64, x86-64], operatingSystems: []}");
    assertThat(desired.settings().catalog())
        .isEqualTo(new Catalog(null, null, null, List.of("ARM 64", "x86-64"), List.of()));
  }
}
