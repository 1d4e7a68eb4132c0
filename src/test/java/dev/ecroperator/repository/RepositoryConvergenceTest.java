package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.FOREIGN;
import static dev.ecroperator.repository.Samples.OWNER;
import static dev.ecroperator.repository.Samples.TARGET;
import static dev.ecroperator.repository.Samples.desired;
import static dev.ecroperator.repository.Samples.observed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ecroperator.api.Times;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.policy.AccessGrants;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.repository.RepositoryChange.PutImageScanningConfiguration;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryConvergenceTest {
  private static final String OF_LAMBDA =
      """
      {"Statement": [{"Sid": "Lambda", "Effect": "Allow", "Action": "ecr:BatchGetImage",
        "Principal": {"Service": "lambda.amazonaws.com"}}]}
      """;

  /** What ECR Public says of a principal that IAM does not know. */
  private static final Failure INVALID_POLICY =
      new Failure(
          Failure.Kind.INVALID,
          "ecr-public:SetRepositoryPolicy",
          "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy"
              + " constraint: 'Invalid repository policy provided'");

  private static final String ALL =
      """
      imageTagMutability: {mode: IMMUTABLE}
      scanning: {scanOnPush: true}
      lifecyclePolicy:
        rules:
          - rulePriority: 10
            selection: {tagStatus: untagged, countType: sinceImagePushed, countUnit: days, countNumber: 7}
            action: {type: expire}
      accessPolicy: {pull: {accounts: ["444455556666"]}}
      tags: {team: payments}
      """;

  private static final String GRANTS = "accessPolicy: {pull: {accounts: ['444455556666']}}";

  private static final List<String> WHOLE_CATALOG =
      List.of(
          "description: sdk",
          "aboutText: sdk",
          "usageText: sdk",
          "architectures: [x86-64]",
          "operatingSystems: [Linux]");

  /** What one object goes through, pass after pass, as the reconciler would have it. */
  private static final class Passes {
    private final FakeRegistry registry;
    private List<String> held = List.of();
    private @Nullable String createdAt;
    private @Nullable ObservedRepository seen;
    private boolean mayBeNew;
    private boolean exists;
    private Map<Refusable, Failure> refused = Map.of();

    Passes(FakeRegistry registry) {
      this.registry = registry;
    }

    Passes known() {
      exists = true;
      return this;
    }

    Passes holding(String... fields) {
      createdAt = Times.text(Samples.NOW);
      held = List.of(fields);
      return known();
    }

    /** Plans the next pass on what is known, without a look. */
    Passes onMemory(ObservedRepository memory) {
      seen = memory;
      return known();
    }

    RepositoryOutcome run(String yaml) {
      return run(desired(yaml));
    }

    RepositoryOutcome run(DesiredRepository desired) {
      return run(desired, TARGET);
    }

    RepositoryOutcome run(DesiredRepository desired, RepositoryTarget target) {
      RepositoryOutcome outcome =
          RepositoryConvergence.run(
              new RepositoryConvergence.Start(
                  target,
                  OWNER,
                  desired,
                  held,
                  createdAt,
                  seen,
                  mayBeNew,
                  exists,
                  Duration.ZERO,
                  refused),
              registry,
              other -> false);
      held = List.copyOf(outcome.managed());
      refused = outcome.refused();
      ObservedRepository known = outcome.observed();
      if (!outcome.hold().isOpen()) {
        createdAt = known == null ? null : Times.text(requireNonNull(known.createdAt()));
      }
      seen = null;
      exists |= !outcome.hold().isOpen() || outcome.hold() == Hold.FOUND;
      mayBeNew = outcome.hold() == Hold.IN_DOUBT || (mayBeNew && outcome.hold().isOpen());
      return outcome;
    }
  }

  private static List<Reason> reasons(RepositoryOutcome outcome) {
    return outcome.findings().stream().map(Finding::reason).toList();
  }

  private static List<String> told(RepositoryOutcome outcome) {
    return outcome.occurrences().stream().map(Occurrence::reason).toList();
  }

  @Test
  void creatingIsOneCallWithTheOwnerTagInIt() {
    FakeRegistry registry = FakeRegistry.empty();
    RepositoryOutcome outcome = new Passes(registry).run("tags: {team: payments}");
    assertThat(registry.calls).containsExactly("create");
    assertThat(registry.settings().tags().values())
        .containsEntry(Owner.TAG, "blue/payments/api")
        .containsEntry("team", "payments");
    assertThat(outcome.hold()).isEqualTo(Hold.OWNED);
    assertThat(outcome.created()).isTrue();
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.managed()).containsExactly("tags/team");
    assertThat(told(outcome)).containsExactly("Created");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encryption: {type: AES256, kmsKey: alias/ecr}",
        "imageTagMutability: {mode: IMMUTABLE, exclusionFilters: [latest]}"
      })
  void nothingIsCreatedWithoutTheProtectionThatItsManifestMeant(String yaml) {
    FakeRegistry registry = FakeRegistry.empty();
    RepositoryOutcome outcome = new Passes(registry).run(yaml + "\ntags: {team: payments}");
    assertThat(registry.calls).isEmpty();
    assertThat(reasons(outcome)).containsExactly(Reason.INVALID_SPEC);
    assertThat(outcome.hold()).isEqualTo(Hold.UNKNOWN);
  }

  @Test
  void creatingWithEverythingSendsOnlyWhatTheCreationCouldNot() {
    FakeRegistry registry = FakeRegistry.empty();
    RepositoryOutcome outcome = new Passes(registry).run(ALL);
    assertThat(registry.calls)
        .containsExactly("create", "PutLifecyclePolicy", "SetRepositoryPolicy");
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.observed()).isEqualTo(registry.now());
    assertThat(outcome.managed())
        .containsExactly(
            "accessPolicy", "imageTagMutability", "lifecyclePolicy", "scanning", "tags/team");
  }

  @Test
  void lookingAgainAtWhatIsAsDeclaredIsOneReadAndNoWrite() {
    FakeRegistry registry = FakeRegistry.empty();
    var passes = new Passes(registry);
    RepositoryOutcome first = passes.run(ALL);
    registry.takeCalls();
    RepositoryOutcome second = passes.run(ALL);
    assertThat(registry.calls).containsExactly("find");
    assertThat(second.observed()).isEqualTo(first.observed());
    assertThat(second.managed()).isEqualTo(first.managed());
    assertThat(second.applied()).isEmpty();
    assertThat(second.occurrences()).isEmpty();
  }

  @Test
  void aLostAnswerToTheCreationIsRecognisedByTheTag() {
    FakeRegistry registry = FakeRegistry.empty().loseAnswer("create");
    var passes = new Passes(registry);
    RepositoryOutcome lost = passes.run("{}");
    assertThat(lost.hold()).isEqualTo(Hold.IN_DOUBT);
    assertThat(reasons(lost)).containsExactly(Reason.UNAVAILABLE);
    registry.takeCalls();
    RepositoryOutcome outcome = passes.run("{}");
    assertThat(registry.calls).containsExactly("create", "find");
    assertThat(outcome.hold()).isEqualTo(Hold.OWNED);
    assertThat(outcome.findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Never", "IfExists"})
  void whatACreationInDoubtMayHaveMadeIsNobodyElsesUntilItsTagsAreShown(String adoption) {
    FakeRegistry registry = FakeRegistry.empty().loseAnswer("create");
    registry.untaggedLooks = 1;
    String manifest = "scanning: {scanOnPush: true}\nadoption: " + adoption;
    var passes = new Passes(registry);
    passes.run(manifest);
    registry.takeCalls();

    RepositoryOutcome untagged = passes.run(manifest);
    assertThat(registry.takeCalls()).containsExactly("create", "find");
    assertThat(reasons(untagged)).containsExactly(Reason.PROGRESSING);
    assertThat(untagged.managed()).as("it may be scanned for us").containsExactly("scanning");

    RepositoryOutcome tagged = passes.run(manifest);
    assertThat(registry.calls).containsExactly("create", "find");
    assertThat(tagged.hold()).isEqualTo(Hold.OWNED);
    assertThat(tagged.findings()).isEmpty();
  }

  @Test
  void whatIsCreatedAnewInDoubtIsNobodyElsesUntilItsTagsAreShownEither() {
    FakeRegistry registry = FakeRegistry.empty().loseAnswer("create");
    registry.untaggedLooks = 1;
    var passes = new Passes(registry).holding("scanning");
    passes.run("scanning: {scanOnPush: true}");
    RepositoryOutcome untagged = passes.run("scanning: {scanOnPush: true}");
    assertThat(reasons(untagged)).containsExactly(Reason.PROGRESSING);
    assertThat(untagged.managed()).containsExactly("scanning");
    assertThat(passes.run("scanning: {scanOnPush: true}").hold()).isEqualTo(Hold.OWNED);
  }

  /** A manifest that nothing can be created by says nothing of what a lost call has created. */
  @Test
  void whatACreationInDoubtMayHaveMadeIsNotGoneBeforeItIsLookedFor() {
    FakeRegistry registry = FakeRegistry.empty().loseAnswer("create");
    var passes = new Passes(registry).holding("scanning");
    assertThat(passes.run("scanning: {scanOnPush: true}").hold()).isEqualTo(Hold.IN_DOUBT);
    registry.edit(s -> s.withScanOnPush(false));
    registry.staleLooks = 1;
    String uncreatable = "encryption: {type: AES256, kmsKey: k}\nscanning: {scanOnPush: true}";

    RepositoryOutcome unseen = passes.run(uncreatable);
    assertThat(unseen.hold()).isEqualTo(Hold.UNKNOWN);
    assertThat(unseen.failed()).isEmpty();

    RepositoryOutcome seen = passes.run(uncreatable);
    assertThat(seen.hold()).isEqualTo(Hold.OWNED);
    assertThat(reasons(seen)).containsExactly(Reason.INVALID_SPEC);
    assertThat(registry.settings().scanOnPush()).isTrue();
  }

  @Test
  void whoMayCreateNoLongerWaitsForTheTagsOfACreationInDoubtToo() {
    FakeRegistry registry =
        FakeRegistry.empty().loseAnswer("create").refuse("create", Failure.Kind.DENIED);
    registry.untaggedLooks = 1;
    var passes = new Passes(registry);
    passes.run("{}");
    assertThat(reasons(passes.run("{}"))).containsExactly(Reason.PROGRESSING);
  }

  @Test
  void whatHasAnotherOwnerIsTheirsHoweverInDoubtACreationIs() {
    FakeRegistry registry = FakeRegistry.empty().refuse("create", Failure.Kind.AMBIGUOUS);
    var passes = new Passes(registry);
    passes.run("{}");
    registry.replace(observed(Tags.of(Map.of(Owner.TAG, "green/payments/api"))));
    assertThat(reasons(passes.run("{}"))).containsExactly(Reason.CONFLICT);
  }

  @Test
  void aRepositoryThatIsSaidToExistAndNotShownIsLookedForAgain() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    registry.staleLooks = 1;
    var passes = new Passes(registry);
    RepositoryOutcome outcome = passes.run("{}");
    assertThat(outcome.hold()).isEqualTo(Hold.UNKNOWN);
    assertThat(reasons(outcome)).containsExactly(Reason.PROGRESSING);
    assertThat(passes.run("{}").hold()).isEqualTo(Hold.OWNED);
  }

  @Test
  void aRepositoryOfOthersIsNotTouched() {
    FakeRegistry registry = FakeRegistry.holding(observed(Tags.of(Map.of("team", "other"))));
    RepositoryOutcome outcome = new Passes(registry).run(ALL);
    assertThat(registry.calls).containsExactly("create", "find");
    assertThat(outcome.hold()).isEqualTo(Hold.NONE);
    assertThat(reasons(outcome)).containsExactly(Reason.ALREADY_EXISTS);
    assertThat(outcome.observed()).isNull();
    assertThat(outcome.managed()).isEmpty();
  }

  @Test
  void aRepositoryThatGotAnotherOwnerIsLetGo() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Tags.of(Map.of(Owner.TAG, "green/payments/api"))));
    RepositoryOutcome outcome = new Passes(registry).holding("scanning", "tags/team").run("{}");
    assertThat(registry.calls).containsExactly("find");
    assertThat(reasons(outcome)).containsExactly(Reason.CONFLICT);
    assertThat(outcome.hold()).isEqualTo(Hold.NONE);
    assertThat(outcome.managed()).isEmpty();
  }

  @Test
  void adoptionWritesTheOwnerTagFirst() {
    FakeRegistry registry = FakeRegistry.holding(observed(Tags.NONE));
    RepositoryOutcome outcome =
        new Passes(registry)
            .known()
            .run("adoption: IfExists\nscanning: {scanOnPush: true}\ntags: {team: a}");
    assertThat(registry.calls)
        .containsExactly("find", "TagResource", "TagResource", "PutImageScanningConfiguration");
    assertThat(registry.changes.getFirst())
        .isEqualTo(
            new RepositoryChange.TagResource(
                Tags.of(Map.of(Owner.TAG, "blue/payments/api")).values()));
    assertThat(outcome.hold()).isEqualTo(Hold.ADOPTED);
    assertThat(told(outcome)).containsExactly("Adopted");
    assertThat(outcome.managed()).containsExactly("scanning", "tags/team");
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.Kind.class,
      names = {"DENIED", "THROTTLED", "INVALID", "AMBIGUOUS", "QUOTA", "ABSENT"})
  void adoptionStopsWhereTheOwnerTagCannotBeWritten(Failure.Kind kind) {
    FakeRegistry registry = FakeRegistry.holding(observed(Tags.NONE)).refuse("TagResource", kind);
    RepositoryOutcome outcome =
        new Passes(registry).known().run("adoption: IfExists\nscanning: {scanOnPush: true}");
    assertThat(registry.calls).containsExactly("find", "TagResource");
    assertThat(registry.settings().scanOnPush()).isFalse();
    assertThat(outcome.hold()).isEqualTo(Hold.FOUND);
    assertThat(reasons(outcome)).containsExactly(kind.reason());
    assertThat(outcome.occurrences()).isEmpty();
  }

  @Test
  void aTakeOverRewritesTheTag() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Tags.of(Map.of(Owner.TAG, "green/payments/api"))));
    RepositoryOutcome outcome = new Passes(registry).run("takeOverFrom: green/payments/api");
    assertThat(registry.now().ownerTag()).isEqualTo("blue/payments/api");
    assertThat(outcome.hold()).isEqualTo(Hold.ADOPTED);
    assertThat(told(outcome)).containsExactly("TakenOver");
  }

  @Test
  void oneRefusedSettingHoldsNoOtherBack() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned()))
            .refuse("PutImageTagMutability", Failure.Kind.DENIED);
    RepositoryOutcome outcome = new Passes(registry).known().run(ALL);
    assertThat(registry.calls)
        .containsExactly(
            "find",
            "TagResource",
            "PutImageTagMutability",
            "PutImageScanningConfiguration",
            "PutLifecyclePolicy",
            "readAgain",
            "SetRepositoryPolicy");
    assertThat(outcome.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).isEqualTo(Reason.ACCESS_DENIED);
              assertThat(finding.message()).startsWith("spec.imageTagMutability: ecr:Something: ");
            });
    assertThat(outcome.managed()).hasSize(4).doesNotContain("imageTagMutability");
    assertThat(outcome.observed()).isEqualTo(registry.now());
  }

  @Test
  void aDocumentThatCannotBeReadHoldsNoOtherBack() {
    FakeRegistry registry = FakeRegistry.empty();
    RepositoryOutcome outcome =
        new Passes(registry).run("lifecyclePolicy: {json: '{'}\nscanning: {scanOnPush: true}");
    assertThat(registry.calls).containsExactly("create");
    assertThat(reasons(outcome)).containsExactly(Reason.INVALID_SPEC);
    assertThat(outcome.managed()).containsExactly("scanning");
  }

  @Test
  void aChangeThatWasRefusedAsInvalidIsNotSentAgain() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned()))
            .refuse("PutLifecyclePolicy", Failure.Kind.INVALID);
    var passes = new Passes(registry).known();
    RepositoryOutcome first = passes.run(ALL);
    registry.takeCalls();
    RepositoryOutcome second = passes.run(ALL);
    assertThat(registry.calls).containsExactly("find");
    assertThat(second.findings()).isEqualTo(first.findings());
    assertThat(second.refused()).isEqualTo(first.refused());
    assertThat(second.managed()).doesNotContain("lifecyclePolicy");
    passes.run("lifecyclePolicy: {json: '" + Samples.EXPIRE_LATER.json() + "'}");
    assertThat(registry.calls).as("another value").contains("PutLifecyclePolicy");
  }

  @Test
  void aCreationThatWasRefusedAsInvalidIsNotSentAgain() {
    FakeRegistry registry = FakeRegistry.empty().refuse("create", Failure.Kind.INVALID);
    var passes = new Passes(registry);
    RepositoryOutcome first = passes.run("encryption: {type: KMS, kmsKey: nonsense}");
    registry.takeCalls();
    RepositoryOutcome second = passes.run("encryption: {type: KMS, kmsKey: nonsense}");
    assertThat(registry.calls).isEmpty();
    assertThat(reasons(second)).containsExactly(Reason.INVALID_SPEC);
    assertThat(second.findings()).isEqualTo(first.findings());
    assertThat(passes.run("encryption: {type: KMS}").created()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.Kind.class,
      names = {"DENIED", "THROTTLED", "UNAVAILABLE", "QUOTA", "KMS", "AMBIGUOUS", "BUG"})
  void aCreationThatFailedOtherwiseIsTriedAgain(Failure.Kind kind) {
    FakeRegistry registry = FakeRegistry.empty().refuse("create", kind);
    var passes = new Passes(registry);
    RepositoryOutcome first = passes.run("{}");
    assertThat(reasons(first)).containsExactly(kind.reason());
    assertThat(first.hold())
        .isEqualTo(kind == Failure.Kind.AMBIGUOUS ? Hold.IN_DOUBT : Hold.UNKNOWN);
    assertThat(passes.run("{}").created()).isTrue();
  }

  @Test
  void aTagThatEcrRefusesKeepsNothingElseBack() {
    FakeRegistry registry =
        FakeRegistry.empty()
            .refuse("create", Failure.Kind.INVALID)
            .refuse("TagResource", Failure.Kind.INVALID);
    var passes = new Passes(registry);
    RepositoryOutcome outcome = passes.run(ALL);
    assertThat(registry.takeCalls())
        .containsExactly(
            "create", "create", "TagResource", "PutLifecyclePolicy", "SetRepositoryPolicy");
    assertThat(outcome.findings())
        .extracting(Finding::message)
        .containsExactly("spec.tags['team']: ecr:Something: refused as INVALID");
    assertThat(outcome.created()).isTrue();
    assertThat(registry.settings().imageTagMutability())
        .isEqualTo(TagMutability.of("IMMUTABLE", List.of()));
    assertThat(registry.settings().tags().values()).containsOnlyKeys(Owner.TAG);
    assertThat(reasons(passes.run(ALL))).containsExactly(Reason.INVALID_SPEC);
    assertThat(registry.calls).as("it is not sent again").containsExactly("find");
  }

  @Test
  void tagsThatWereRefusedAreNotSentAgainThoughTheNextTryFailedToo() {
    FakeRegistry registry =
        FakeRegistry.empty()
            .refuse("create", Failure.Kind.INVALID)
            .refuse("create", Failure.Kind.THROTTLED);
    var passes = new Passes(registry);
    assertThat(reasons(passes.run("tags: {team: a}"))).containsExactly(Reason.THROTTLED);
    registry.takeCalls();
    assertThat(passes.run("tags: {team: a}").created()).isTrue();
    assertThat(registry.calls).containsExactly("create", "TagResource");
  }

  @ParameterizedTest
  @CsvSource({"PRINCIPAL_NOT_FOUND, true", "INVALID, true", "THROTTLED, false"})
  void aPrincipalThatIsGoneInTheStatementOfSomebodyElseIsNamed(
      Failure.Kind refusal, boolean named) {
    FakeRegistry registry =
        FakeRegistry.holding(
                observed(Samples.owned())
                    .with(
                        observed(Samples.owned())
                            .settings()
                            .withAccessPolicy(
                                AccessPolicy.document(
                                    PolicyDocument.parse(
                                        """
                                        {"Statement": [{"Sid": "old", "Effect": "Allow",
                                          "Principal": {"AWS": "AROAEXAMPLEID12345678"},
                                          "Action": "ecr:BatchGetImage"}]}
                                        """)))))
            .refuse("SetRepositoryPolicy", refusal);
    RepositoryOutcome outcome =
        new Passes(registry).known().run("accessPolicy: {pull: {accounts: ['444455556666']}}");
    assertThat(outcome.findings())
        .singleElement()
        .extracting(Finding::message)
        .asString()
        .matches(said -> said.contains("AROAEXAMPLEID12345678") == named);
  }

  @ParameterizedTest
  @CsvSource({
    "OWN_STATEMENTS, PRINCIPAL_NOT_FOUND",
    "OWN_STATEMENTS_ALONE, PRINCIPAL_NOT_FOUND",
    "DOCUMENT, INVALID"
  })
  void inGrantsOnlyAPrincipalCanBeWrong(AccessPolicy.Scope scope, Failure.Kind meaning) {
    var change = new RepositoryChange.SetRepositoryPolicy(scope, PolicyDocument.parse(OF_LAMBDA));
    assertThat(change.meaningOf(INVALID_POLICY).kind()).isEqualTo(meaning);
    assertThat(change.meaningOf(new Failure(Failure.Kind.INVALID, "a", "Principal is odd")).kind())
        .isEqualTo(Failure.Kind.INVALID);
  }

  @Test
  void aTagThatIsWrongHoldsNoOtherBack() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned()))
            .refuse("TagResource", Failure.Kind.INVALID)
            .refuse("TagResource", Failure.Kind.INVALID);
    var passes = new Passes(registry).known();
    String tags = "tags: {'cost*': a, team: b}";
    RepositoryOutcome outcome = passes.run(tags);
    assertThat(registry.takeCalls())
        .containsExactly("find", "TagResource", "TagResource", "TagResource");
    assertThat(registry.settings().tags().values())
        .containsEntry("team", "b")
        .doesNotContainKey("cost*");
    assertThat(outcome.findings())
        .extracting(Finding::message)
        .containsExactly("spec.tags['cost*']: ecr:Something: refused as INVALID");
    assertThat(outcome.managed()).containsExactly("tags/team");

    assertThat(passes.run(tags).findings()).isEqualTo(outcome.findings());
    assertThat(registry.calls).doesNotContain("TagResource");
  }

  @Test
  void aTagForWhichThereIsNoRoomHoldsNoOtherBack() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned()))
            .refuse("TagResource", Failure.Kind.QUOTA)
            .refuse("TagResource", Failure.Kind.QUOTA);
    RepositoryOutcome outcome = new Passes(registry).known().run("tags: {extra: a, team: b}");
    assertThat(registry.settings().tags().values())
        .containsEntry("team", "b")
        .doesNotContainKey("extra");
    assertThat(reasons(outcome)).containsExactly(Reason.QUOTA_EXCEEDED);
    assertThat(outcome.refused()).as("there may be room later").isEmpty();
  }

  @Test
  void tagsThatAreRefusedTogetherAreNotSentTogetherAgain() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned()))
            .refuse("TagResource", Failure.Kind.INVALID)
            .refuse("TagResource", Failure.Kind.INVALID)
            .refuse("TagResource", Failure.Kind.THROTTLED);
    var passes = new Passes(registry).known();
    String tags = "tags: {'cost*': a, team: b}";
    assertThat(reasons(passes.run(tags))).containsExactly(Reason.INVALID_SPEC, Reason.THROTTLED);
    registry.takeCalls();
    assertThat(reasons(passes.run(tags))).containsExactly(Reason.INVALID_SPEC);
    assertThat(registry.calls).containsOnlyOnce("TagResource");
    assertThat(registry.settings().tags().values()).containsEntry("team", "b");
  }

  @Test
  void whatIsRefusedWithoutItsTagsTooIsNotSentAgain() {
    FakeRegistry registry =
        FakeRegistry.empty()
            .refuse("create", Failure.Kind.INVALID)
            .refuse("create", Failure.Kind.INVALID);
    var passes = new Passes(registry);
    RepositoryOutcome outcome = passes.run(ALL);
    assertThat(registry.takeCalls()).containsExactly("create", "create");
    assertThat(outcome.findings())
        .extracting(Finding::message)
        .containsExactly("spec: ecr:Something: refused as INVALID");
    assertThat(passes.run(ALL).findings()).isEqualTo(outcome.findings());
    assertThat(registry.calls).isEmpty();
  }

  @Test
  void whatSomebodyElseTookWhileTheClaimWaitedForItsTurnStaysTheirs() {
    FakeRegistry registry = FakeRegistry.holding(Samples.observed(Tags.NONE));
    registry.beforeTurn(
        () -> registry.edit(now -> now.withTags(Tags.of(Map.of(Owner.TAG, "green/a/b")))));
    var passes = new Passes(registry);
    assertThat(reasons(passes.run("adoption: IfExists"))).containsExactly(Reason.PROGRESSING);
    assertThat(reasons(passes.run("adoption: IfExists"))).containsExactly(Reason.CONFLICT);
    assertThat(registry.now().ownerTag()).isEqualTo("green/a/b");
  }

  @Test
  void whatSomebodyElseWroteWhileThePolicyWaitedForItsTurnStays() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    AccessPolicy theirs = AccessPolicy.document(PolicyDocument.parse(OF_LAMBDA));
    registry.beforeTurn(() -> registry.edit(now -> now.withAccessPolicy(theirs)));
    var passes = new Passes(registry).known();
    String pull = "accessPolicy: {pull: {accounts: ['444455556666']}}";
    assertThat(reasons(passes.run(pull))).containsExactly(Reason.PROGRESSING);
    assertThat(registry.settings().accessPolicy()).isEqualTo(theirs);

    assertThat(reasons(passes.run(pull))).isEmpty();
    assertThat(RepositoryDrift.between(desired(pull).settings(), registry.now()).isNone()).isTrue();
    assertThat(requireNonNull(registry.settings().accessPolicy()).document().json())
        .contains("Lambda");
  }

  @Test
  void whatSomebodyElseWroteWhileTheClaimWaitedForItsTurnStays() {
    FakeRegistry registry = FakeRegistry.holding(observed(Tags.NONE));
    AccessPolicy theirs = AccessPolicy.document(PolicyDocument.parse(OF_LAMBDA));
    registry.beforeTurn(() -> registry.edit(now -> now.withAccessPolicy(theirs)));
    String manifest = "adoption: IfExists\naccessPolicy: {pull: {accounts: ['444455556666']}}";
    RepositoryOutcome outcome = new Passes(registry).known().run(manifest);
    assertThat(outcome.hold()).isEqualTo(Hold.ADOPTED);
    assertThat(requireNonNull(registry.settings().accessPolicy()).document().json())
        .contains("Lambda", "EcrOperatorPull");
  }

  @Test
  void aSharedDocumentIsReadAgainAfterAnotherCallThatFailed() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned()))
            .refuse("PutImageScanningConfiguration", Failure.Kind.THROTTLED);
    new Passes(registry)
        .known()
        .run("scanning: {scanOnPush: true}\naccessPolicy: {pull: {accounts: ['444455556666']}}");
    assertThat(registry.calls).contains("readAgain");
  }

  @Test
  void whatNobodyTookMeanwhileIsTaken() {
    FakeRegistry registry = FakeRegistry.holding(Samples.observed(Tags.NONE));
    registry.beforeTurn(() -> {});
    assertThat(reasons(new Passes(registry).run("adoption: IfExists"))).isEmpty();
    assertThat(registry.now().ownerTag()).isEqualTo(Samples.OWNER.tagValue());
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.Kind.class,
      names = {"DENIED", "KMS", "QUOTA"})
  void whoMayNotCreateStillAdoptsWhatExists(Failure.Kind kind) {
    FakeRegistry registry = FakeRegistry.holding(observed(Tags.NONE)).refuse("create", kind);
    RepositoryOutcome outcome = new Passes(registry).run("adoption: IfExists");
    assertThat(registry.calls).containsExactly("create", "find", "TagResource");
    assertThat(outcome.hold()).isEqualTo(Hold.ADOPTED);
    assertThat(outcome.findings()).isEmpty();
  }

  @Test
  void whatACreationInDoubtAskedForIsGivenBackWhereAnEditDropsIt() {
    FakeRegistry registry = FakeRegistry.empty().loseAnswer("create");
    var passes = new Passes(registry);
    RepositoryOutcome outcome = passes.run("scanning: {scanOnPush: true}\ntags: {team: payments}");
    assertThat(outcome.hold()).isEqualTo(Hold.IN_DOUBT);
    assertThat(outcome.managed()).containsExactly("scanning", "tags/team");
    assertThat(passes.run("{}").managed()).isEmpty();
    assertThat(registry.settings().scanOnPush()).isFalse();
    assertThat(registry.settings().tags().values()).containsOnlyKeys(Owner.TAG);
  }

  @Test
  void aCreationThatIsDeniedWithoutItsTagsTellsWhatWasWrongWithThem() {
    FakeRegistry registry =
        FakeRegistry.empty()
            .refuse("create", Failure.Kind.INVALID)
            .refuse("create", Failure.Kind.DENIED);
    var passes = new Passes(registry);
    assertThat(reasons(passes.run("tags: {team: payments}")))
        .containsExactlyInAnyOrder(Reason.ACCESS_DENIED, Reason.INVALID_SPEC);
    assertThat(registry.takeCalls()).containsExactly("create", "create", "find");
    registry.refuse("create", Failure.Kind.DENIED);
    passes.exists = false;
    passes.run("tags: {team: payments}");
    assertThat(registry.takeCalls()).containsExactly("create", "find");
  }

  @Test
  void whoMayNeitherCreateNorLookIsToldBoth() {
    FakeRegistry registry =
        FakeRegistry.empty()
            .refuse("create", Failure.Kind.DENIED)
            .refuse("find", Failure.Kind.UNAVAILABLE);
    RepositoryOutcome outcome = new Passes(registry).run("{}");
    assertThat(reasons(outcome)).containsExactly(Reason.ACCESS_DENIED, Reason.UNAVAILABLE);
    assertThat(outcome.hold()).isEqualTo(Hold.UNKNOWN);
  }

  @Test
  void aChangeWhoseAnswerWasLostIsHeldSoThatItCanBeTakenBack() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned())).loseAnswer("PutImageScanningConfiguration");
    var passes = new Passes(registry).known();
    RepositoryOutcome outcome = passes.run("scanning: {scanOnPush: true}");
    assertThat(outcome.managed()).containsExactly("scanning");
    passes.run("{}");
    assertThat(registry.settings().scanOnPush()).isFalse();
  }

  @Test
  void whatSomebodyElseChangedIsPutBackAndForeignThingsStay() {
    FakeRegistry registry = FakeRegistry.empty();
    var passes = new Passes(registry);
    passes.run(ALL);
    RepositorySettings asDeclared = registry.settings();
    registry.edit(
        s ->
            s.withImageTagMutability(TagMutability.DEFAULT)
                .withLifecyclePolicy(LifecyclePolicy.none())
                .withAccessPolicy(AccessPolicy.document(FOREIGN))
                .withTags(s.tags().with("foreign", "x").with("team", "stolen")));
    RepositoryOutcome outcome = passes.run(ALL);
    assertThat(RepositoryDrift.fields(outcome.applied()))
        .containsExactly("accessPolicy", "imageTagMutability", "lifecyclePolicy", "tags/team");
    assertThat(registry.settings().tags()).isEqualTo(asDeclared.tags().with("foreign", "x"));
    assertThat(registry.settings().lifecyclePolicy()).isEqualTo(asDeclared.lifecyclePolicy());
    assertThat(document(registry).withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none()))
        .isEqualTo(FOREIGN);
  }

  @Test
  void aRepositoryThatWasDeletedIsLookedForBeforeItIsCreatedAgain() {
    FakeRegistry registry = FakeRegistry.empty();
    var passes = new Passes(registry);
    passes.run(ALL);
    registry.remove();
    registry.takeCalls();
    RepositoryOutcome outcome = passes.run(ALL);
    assertThat(registry.calls)
        .containsExactly("find", "create", "PutLifecyclePolicy", "SetRepositoryPolicy");
    assertThat(outcome.created()).isTrue();
  }

  @Test
  void whatIsDeclaredNoLongerIsGivenBackOnce() {
    FakeRegistry registry = FakeRegistry.empty();
    var passes = new Passes(registry);
    passes.run(ALL);
    registry.edit(s -> s.withTags(s.tags().with("foreign", "x")));
    RepositoryOutcome outcome = passes.run("{}");
    assertThat(outcome.managed()).isEmpty();
    assertThat(registry.settings())
        .isEqualTo(observed(Samples.owned().with("foreign", "x")).settings());
    registry.edit(s -> s.withScanOnPush(true));
    registry.takeCalls();
    passes.run("{}");
    assertThat(registry.calls).as("it is no longer ours to reset").containsExactly("find");
  }

  @Test
  void whatCouldNotBeGivenBackIsGivenBackLater() {
    FakeRegistry registry = FakeRegistry.empty();
    var passes = new Passes(registry);
    passes.run(ALL);
    registry.refuse("DeleteLifecyclePolicy", Failure.Kind.DENIED);
    assertThat(passes.run("{}").managed()).containsExactly("lifecyclePolicy");
    assertThat(passes.run("{}").managed()).isEmpty();
    assertThat(registry.settings().lifecyclePolicy()).isEqualTo(LifecyclePolicy.none());
  }

  @Test
  void whatMayNotBeReadIsNeitherTakenHoldOfNorLetGo() {
    ObservedRepository found = observed(Samples.owned());
    RepositorySettings s = found.settings();
    var hidden =
        new ObservedRepository(
            found.arn(),
            found.uri(),
            found.createdAt(),
            new RepositorySettings(
                s.imageTagMutability(), s.encryption(), s.scanOnPush(), null, null, null, s.tags()),
            found.scanFrequency(),
            Map.of(
                "lifecyclePolicy", Samples.failure(Failure.Kind.DENIED),
                "accessPolicy", Samples.failure(Failure.Kind.DENIED)));
    FakeRegistry registry = FakeRegistry.holding(hidden);
    RepositoryOutcome declared = new Passes(registry).known().run(ALL);
    assertThat(reasons(declared)).containsExactly(Reason.ACCESS_DENIED, Reason.ACCESS_DENIED);
    assertThat(declared.managed()).containsExactly("imageTagMutability", "scanning", "tags/team");
    RepositoryOutcome released =
        new Passes(registry).holding("lifecyclePolicy", "accessPolicy.json").run("{}");
    assertThat(reasons(released)).containsOnly(Reason.ACCESS_DENIED);
    assertThat(released.managed()).containsExactly("accessPolicy.json", "lifecyclePolicy");
    assertThat(released.settled())
        .as("what later differs was not drift")
        .containsExactly(DriftRecord.REPOSITORY);
  }

  @Test
  void anotherEncryptionIsReportedAndEverythingElseDone() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    var passes = new Passes(registry).known();
    RepositoryOutcome outcome = passes.run("encryption: {type: KMS}\nscanning: {scanOnPush: true}");
    assertThat(reasons(outcome)).containsExactly(Reason.IMMUTABLE_CONFLICT);
    assertThat(registry.settings().scanOnPush()).isTrue();
    assertThat(outcome.managed()).containsExactly("scanning");
    assertThat(passes.run("encryption: {type: AES256}").findings())
        .as("putting it back heals")
        .isEmpty();
  }

  @Test
  void observingChangesNothing() {
    FakeRegistry registry = FakeRegistry.holding(observed(Tags.NONE));
    RepositoryOutcome outcome =
        new Passes(registry)
            .holding("scanning")
            .run(ALL + "management: ObserveOnly\nadoption: IfExists\nencryption: {type: KMS}");
    assertThat(registry.calls).containsExactly("find");
    assertThat(outcome.hold()).isEqualTo(Hold.OBSERVED);
    assertThat(outcome.managed()).as("all is let go").isEmpty();
    assertThat(reasons(outcome))
        .as("drift of settings and of encryption")
        .containsExactly(Reason.DRIFT_DETECTED, Reason.DRIFT_DETECTED);
    assertThat(outcome.findings().getFirst().message())
        .contains("accessPolicy, imageTagMutability, lifecyclePolicy, scanning, tags/team");
  }

  @Test
  void observingWhatIsAsDeclaredIsInOrder() {
    FakeRegistry registry = FakeRegistry.holding(observed(Tags.NONE));
    RepositoryOutcome outcome = new Passes(registry).run("management: ObserveOnly");
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.hold()).isEqualTo(Hold.OBSERVED);
  }

  @Test
  void observingCreatesNothing() {
    FakeRegistry registry = FakeRegistry.empty();
    RepositoryOutcome outcome = new Passes(registry).run("management: ObserveOnly");
    assertThat(registry.calls).containsExactly("find");
    assertThat(reasons(outcome)).containsExactly(Reason.NOT_FOUND);
    assertThat(outcome.hold()).isEqualTo(Hold.NONE);
  }

  @Test
  void planningOnMemoryNeedsNoLook() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    new Passes(registry).onMemory(registry.now()).run("scanning: {scanOnPush: true}");
    assertThat(registry.calls).containsExactly("PutImageScanningConfiguration");
  }

  @Test
  void planningOnMemoryReadsSharedDocumentsAgain() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    ObservedRepository memory = registry.now();
    registry.edit(s -> s.withAccessPolicy(AccessPolicy.document(FOREIGN)));
    new Passes(registry).onMemory(memory).run("accessPolicy: {pull: {accounts: ['444455556666']}}");
    assertThat(registry.calls).containsExactly("readAgain", "SetRepositoryPolicy");
    assertThat(document(registry).withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none()))
        .as("what others wrote meanwhile stays")
        .isEqualTo(FOREIGN);
  }

  /** What was read by the look is old once other changes were made, each waiting for its turn. */
  @Test
  void afterOtherChangesSharedDocumentsAreReadAgain() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    registry.during(
        "PutImageScanningConfiguration",
        () -> registry.edit(s -> s.withAccessPolicy(AccessPolicy.document(FOREIGN))));
    new Passes(registry)
        .known()
        .run(
            "scanning: {scanOnPush: true}\n"
                + "accessPolicy: {pull: {accounts: ['444455556666']}}");
    assertThat(registry.calls)
        .containsExactly(
            "find", "PutImageScanningConfiguration", "readAgain", "SetRepositoryPolicy");
    assertThat(document(registry).withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none()))
        .as("what others wrote meanwhile stays")
        .isEqualTo(FOREIGN);
  }

  @Test
  void planningOnMemoryReadsTheCatalogAgain() {
    var sdk = new Catalog("sdk", "", "", List.of(), List.of());
    FakeRegistry registry =
        FakeRegistry.holding(Samples.observedPublic(Catalog.EMPTY, Samples.owned()));
    ObservedRepository memory = registry.now();
    registry.edit(s -> s.withCatalog(new Catalog("", "foreign", "", List.of(), List.of())));
    new Passes(registry)
        .onMemory(memory)
        .run(Samples.desiredPublic("catalog: {description: sdk}"), Samples.PUBLIC_TARGET);
    assertThat(registry.calls).containsExactly("readAgain", "PutRepositoryCatalogData");
    assertThat(registry.settings().catalog())
        .isEqualTo(new Catalog("sdk", "foreign", "", sdk.architectures(), List.of()));
  }

  @Test
  void whatIsReleasedAndWasAtItsDefaultIsLookedAtBeforeItIsLetGo() {
    ObservedRepository untouched = observed(Samples.owned());
    assertThat(letsGoUnseen("{}", "scanning", untouched)).isTrue();
    assertThat(letsGoUnseen("scanning: {scanOnPush: false}", "scanning", untouched)).isFalse();
  }

  @Test
  void aPolicyThatIsDeclaredInAnotherFormIsNotReleased() {
    String whole = "accessPolicy: {json: '" + FOREIGN.json() + "'}";
    assertThat(letsGoUnseen(whole, "accessPolicy", observed(Samples.owned()))).isFalse();
  }

  @Test
  void whatIsReleasedByACallNeedsNoLook() {
    ObservedRepository scanned =
        observed(Samples.owned()).after(new PutImageScanningConfiguration(true));
    assertThat(letsGoUnseen("{}", "scanning", scanned)).isFalse();
    FakeRegistry registry = FakeRegistry.holding(scanned);
    var passes = new Passes(registry).holding("scanning").onMemory(scanned);
    assertThat(passes.run("{}").managed()).isEmpty();
    assertThat(registry.calls).containsExactly("PutImageScanningConfiguration");
  }

  private static boolean letsGoUnseen(String yaml, String held, ObservedRepository seen) {
    return Managed.letsGoUnseen(desired(yaml), List.of(held), seen);
  }

  @Test
  void whatAnAdoptedRepositoryHadIsNotGivenBackForAnObjectThatNeverOwnedIt() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Tags.NONE).after(new PutImageScanningConfiguration(true)));
    var passes = new Passes(registry);
    passes.held = List.of("scanning"); // declared, and the operator stopped before it was set
    RepositoryOutcome outcome = passes.run("adoption: IfExists");
    assertThat(outcome.hold()).isEqualTo(Hold.ADOPTED);
    assertThat(registry.calls).doesNotContain("PutImageScanningConfiguration");
    assertThat(outcome.managed()).isEmpty();
  }

  @Test
  void anAdoptionWhoseAnswerWasLostHoldsNothingOfWhatWasThere() {
    ObservedRepository others = observed(Tags.NONE).after(new PutImageScanningConfiguration(true));
    FakeRegistry registry = FakeRegistry.holding(others).loseAnswer("TagResource");
    var passes = new Passes(registry).holding("scanning");
    passes.createdAt = "2026-10-01T12:00:00Z"; // of another one, which is gone
    assertThat(reasons(passes.run("adoption: IfExists"))).containsExactly(Reason.UNAVAILABLE);
    assertThat(passes.run("adoption: IfExists").hold()).isEqualTo(Hold.OWNED);
    assertThat(registry.settings().scanOnPush()).isTrue();
  }

  @Test
  void whatIsHeldOfARepositoryThatLostItsOwnerTagIsGivenBackStill() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Tags.NONE).after(new PutImageScanningConfiguration(true)));
    new Passes(registry).holding("scanning").run("adoption: IfExists");
    assertThat(registry.settings().scanOnPush()).isFalse();
  }

  @ParameterizedTest
  @FieldSource("WHOLE_CATALOG")
  void aCatalogIsReadAgainWhileAMemberIsLeftToOthers(String member) {
    assertThat(callsOnMemory(WHOLE_CATALOG)).containsExactly("PutRepositoryCatalogData");
    assertThat(callsOnMemory(WHOLE_CATALOG.stream().filter(m -> !m.equals(member)).toList()))
        .containsExactly("readAgain", "PutRepositoryCatalogData");
  }

  private static List<String> callsOnMemory(List<String> catalog) {
    FakeRegistry registry =
        FakeRegistry.holding(Samples.observedPublic(Catalog.EMPTY, Samples.owned()));
    new Passes(registry)
        .onMemory(registry.now())
        .run(
            Samples.desiredPublic("catalog: {" + String.join(", ", catalog) + "}"),
            Samples.PUBLIC_TARGET);
    return registry.calls;
  }

  @Test
  void aWholeDocumentIsNotSharedAndNotReadAgain() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    new Passes(registry)
        .onMemory(registry.now())
        .run("accessPolicy: {json: '" + FOREIGN.json() + "'}");
    assertThat(registry.calls).containsExactly("SetRepositoryPolicy");
  }

  @Test
  void aSharedDocumentThatCannotBeReadAgainHoldsNoOtherChangeBack() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned())).refuse("readAgain", Failure.Kind.THROTTLED);
    RepositoryOutcome outcome = new Passes(registry).onMemory(registry.now()).run(ALL);
    assertThat(registry.calls).doesNotContain("SetRepositoryPolicy");
    assertThat(registry.settings().scanOnPush()).isTrue();
    assertThat(registry.settings().lifecyclePolicy()).isEqualTo(Samples.EXPIRE_UNTAGGED);
    assertThat(reasons(outcome)).containsExactly(Reason.THROTTLED);
    assertThat(outcome.hold()).isEqualTo(Hold.OWNED);
    assertThat(outcome.managed()).doesNotContain("accessPolicy").contains("scanning");
  }

  @Test
  void whatWasRefusedIsNotSentAgainAfterALookThatFailed() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned()))
            .refuse("PutLifecyclePolicy", Failure.Kind.INVALID);
    var passes = new Passes(registry).known();
    passes.run(ALL);
    registry.refuse("find", Failure.Kind.UNAVAILABLE);
    passes.run(ALL);
    registry.takeCalls();
    assertThat(reasons(passes.run(ALL))).containsExactly(Reason.INVALID_SPEC);
    assertThat(registry.calls).containsExactly("find");
  }

  @Test
  void whatWasRefusedOfASharedDocumentIsNotSentAgainAfterAReadingThatFailed() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned()))
            .refuse("SetRepositoryPolicy", Failure.Kind.INVALID);
    String grant = "accessPolicy: {pull: {accounts: ['444455556666']}}";
    var passes = new Passes(registry).known();
    passes.run(grant);
    registry.refuse("readAgain", Failure.Kind.THROTTLED);
    passes.onMemory(registry.now()).run(grant);
    registry.takeCalls();
    assertThat(reasons(passes.run(grant))).containsExactly(Reason.INVALID_SPEC);
    assertThat(registry.calls).containsExactly("find");
  }

  @Test
  void aLookThatFailsChangesNothing() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned())).refuse("find", Failure.Kind.UNAVAILABLE);
    RepositoryOutcome outcome = new Passes(registry).holding("scanning").run("{}");
    assertThat(registry.calls).containsExactly("find");
    assertThat(outcome.hold()).isEqualTo(Hold.UNKNOWN);
    assertThat(outcome.managed()).as("what was held is held").containsExactly("scanning");
  }

  @Test
  void switchingToTypedGrantsReplacesTheWholeDocument() {
    FakeRegistry registry = FakeRegistry.empty();
    var passes = new Passes(registry);
    passes.run("accessPolicy: {json: '" + FOREIGN.json() + "'}");
    registry.takeCalls();
    RepositoryOutcome outcome = passes.run("accessPolicy: {pull: {accounts: ['444455556666']}}");
    assertThat(outcome.managed()).containsExactly("accessPolicy");
    assertThat(registry.calls)
        .as("nothing of others is kept, so it need not be read again")
        .containsExactly("find", "SetRepositoryPolicy");
    assertThat(document(registry).withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none()))
        .isEqualTo(PolicyDocument.none());
  }

  @Test
  void aPrincipalThatIsUnknownYetIsWaitedForWhereGrantsReplaceAWholeDocumentToo() {
    FakeRegistry registry = FakeRegistry.empty();
    var passes = new Passes(registry);
    passes.run("accessPolicy: {json: '" + FOREIGN.json() + "'}");
    registry.refuse("SetRepositoryPolicy", INVALID_POLICY);

    RepositoryOutcome waiting = passes.run(GRANTS);
    assertThat(waiting.findings())
        .extracting(Finding::reason, finding -> finding.message().split(": ", 2)[0])
        .containsExactly(tuple(Reason.PRINCIPAL_NOT_FOUND, "spec.accessPolicy"));
    assertThat(waiting.managed())
        .as("the document is still to be replaced")
        .containsExactly("accessPolicy.json");
    assertThat(waiting.settled()).containsExactly("repository");

    RepositoryOutcome later = passes.run(GRANTS);
    assertThat(later.findings()).isEmpty();
    assertThat(later.managed()).containsExactly("accessPolicy");
    assertThat(document(registry).withStatements(AccessGrants.OWNED_SIDS, PolicyDocument.none()))
        .isEqualTo(PolicyDocument.none());
  }

  /** A document of others, of so many characters. */
  private static AccessPolicy ofOthers(int length) {
    String resource = "x".repeat(length - FOREIGN.json().length() - ",\"Resource\":\"\"".length());
    AccessPolicy policy =
        AccessPolicy.document(
            PolicyDocument.parse(
                FOREIGN.json().replace("}]}", ",\"Resource\":\"" + resource + "\"}]}")));
    assertThat(policy.document().json()).hasSize(length);
    return policy;
  }

  @Test
  void grantsThatHaveNoRoomBesideTheStatementsOfOthersWaitUntilTheseAreShortened() {
    FakeRegistry registry = FakeRegistry.holding(observed(Samples.owned()));
    registry.edit(s -> s.withAccessPolicy(ofOthers(10_200)));
    var passes = new Passes(registry).known();

    RepositoryOutcome full = passes.run(GRANTS + "\nscanning: {scanOnPush: true}");
    assertThat(registry.takeCalls()).doesNotContain("SetRepositoryPolicy");
    assertThat(full.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
              assertThat(finding.message())
                  .startsWith(
                      "spec.accessPolicy: ecr:SetRepositoryPolicy: with the statements of others"
                          + " the policy has ")
                  .endsWith("; ECR accepts at most 10240: shorten theirs, or grant less");
            });
    assertThat(full.managed()).containsExactly("scanning");
    assertThat(full.unsettled()).containsExactly("accessPolicy");
    assertThat(full.refused()).as("nothing was refused by ECR").isEmpty();

    registry.edit(s -> s.withAccessPolicy(ofOthers(9_000)));
    RepositoryOutcome shortened = passes.run(GRANTS + "\nscanning: {scanOnPush: true}");
    assertThat(shortened.findings()).isEmpty();
    assertThat(registry.calls).containsExactly("find", "SetRepositoryPolicy");
    assertThat(shortened.managed()).containsExactly("accessPolicy", "scanning");
  }

  private static PolicyDocument document(FakeRegistry registry) {
    return Objects.requireNonNull(registry.settings().accessPolicy()).document();
  }

  @Test
  void toLetGoTakesNoLook() {
    FakeRegistry registry =
        FakeRegistry.holding(observed(Samples.owned())).refuse("find", Failure.Kind.UNAVAILABLE);
    RepositoryOutcome outcome =
        new Passes(registry).holding("lifecyclePolicy").run("management: ObserveOnly");
    assertThat(outcome.hold()).isEqualTo(Hold.UNKNOWN);
    assertThat(outcome.managed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"DENIED, GONE", "INVALID, GONE", "THROTTLED, UNKNOWN", "AMBIGUOUS, IN_DOUBT"})
  void aRepositoryThatIsGoneAndCannotBeCreatedAnewIsSaidToBeGone(Failure.Kind kind, Hold hold) {
    FakeRegistry registry = FakeRegistry.empty().refuse("create", kind);
    RepositoryOutcome outcome =
        new Passes(registry).holding("scanning").run("scanning: {scanOnPush: true}");
    assertThat(outcome.hold()).isEqualTo(hold);
    assertThat(outcome.managed()).containsExactly("scanning");
    assertThat(outcome.failed().contains(DriftRecord.REPOSITORY)).isEqualTo(hold == Hold.GONE);
  }

  @Test
  void whatIsHeldOfARepositoryIsNotGivenBackByAnotherOfItsName() {
    ObservedRepository theirs =
        observed(Tags.NONE)
            .with(
                observed(Tags.NONE)
                    .settings()
                    .withImageTagMutability(TagMutability.of("IMMUTABLE", List.of())));
    FakeRegistry registry =
        FakeRegistry.holding(
            new ObservedRepository(
                theirs.arn(),
                theirs.uri(),
                Samples.NOW.plusSeconds(1),
                theirs.settings(),
                theirs.scanFrequency(),
                Map.of()));
    RepositoryOutcome outcome =
        new Passes(registry).holding("imageTagMutability").run("adoption: IfExists");
    assertThat(outcome.hold()).isEqualTo(Hold.ADOPTED);
    assertThat(registry.settings().imageTagMutability())
        .isEqualTo(TagMutability.of("IMMUTABLE", List.of()));
    assertThat(outcome.managed()).isEmpty();
  }
}
