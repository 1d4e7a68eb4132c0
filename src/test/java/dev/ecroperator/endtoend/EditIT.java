package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

/** A manifest is edited. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class EditIT {
  @RegisterExtension static final Scene scene = Scene.withResync("24h");

  static final String EVERYTHING =
      """
      imageTagMutability: {mode: IMMUTABLE}
      scanning: {scanOnPush: true}
      lifecyclePolicy: {rules: [{rulePriority: 1, selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 9}, action: {type: expire}}]}
      accessPolicy: {pull: {accounts: ["444455556666"]}}
      tags: {team: payments, tier: gold}
      """;

  /** A statement of somebody else, as Lambda adds its own. */
  static final String FOREIGN_POLICY =
      """
      {"Version": "2012-10-17", "Statement": [{"Sid": "LambdaECRImageRetrievalPolicy",
       "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
       "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}]}
      """;

  static final String LIFECYCLE =
      """
      {"rules": [{"rulePriority": 3, "description": "by hand", "selection": {"tagStatus": "any",
       "countType": "imageCountMoreThan", "countNumber": 77}, "action": {"type": "expire"}}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mutability | imageTagMutability | {mode: MUTABLE}                              | PutImageTagMutability
          filters    | imageTagMutability | {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: ["v*"]} | PutImageTagMutability
          scanning   | scanning           | {scanOnPush: false}                          | PutImageScanningConfiguration
          lifecycle  | lifecyclePolicy    | {rules: [{rulePriority: 1, selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 10}, action: {type: expire}}]} | PutLifecyclePolicy
          no-lifecycle | lifecyclePolicy  | {}                                           | DeleteLifecyclePolicy
          tag        | tags               | {team: payments, tier: silver}               | TagResource
          """)
  void oneChangedSettingIsOneCall(String name, String member, String value, String call) {
    RepositoryObject object = scene.repository("one-" + name).create(EVERYTHING);
    object.awaitInSync();
    object.forgetThePast();

    object.set(member, value).awaitInSync();

    assertThat(object.calls()).containsExactly(call);
    assertThat(object.writes()).containsExactly("update/status");
    assertThat(object.events()).containsExactlyInAnyOrder("Created", "Updated");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no-tag  | {team: payments}
          no-tags | {}
          """)
  void whatIsDroppedIsOneCallAndGoesOffTheRecord(String name, String tags) {
    RepositoryObject object = scene.repository("one-" + name).create(EVERYTHING);
    object.awaitInSync();
    object.forgetThePast();

    object.set("tags", tags).awaitInSync();

    assertThat(object.calls()).containsExactly("UntagResource");
    assertThat(object.writes()).containsExactly("patch", "update/status");
    assertThat(object.stored().at("/metadata/annotations").toString()).doesNotContain("tags/tier");
    assertThat(object.events()).containsExactlyInAnyOrder("Created", "Updated");
  }

  @Test
  void typedGrantsAreWrittenOverAFreshReading() {
    RepositoryObject object = scene.repository("one-policy").create(EVERYTHING);
    object.awaitInSync();
    object.forgetThePast();

    object.set("accessPolicy", "{pull: {accounts: [\"777788889999\"]}}").awaitInSync();

    assertThat(object.calls()).containsExactly("GetRepositoryPolicy", "SetRepositoryPolicy");
    assertThat(object.inEcr().policy()).contains("777788889999").doesNotContain("444455556666");
  }

  @Test
  void anotherWholePolicyIsOneCall() {
    RepositoryObject object = scene.repository("one-policy-json");
    object.create("{accessPolicy: {json: '%s'}}".formatted(oneLine(FOREIGN_POLICY)));
    object.awaitInSync();
    assertThat(object.managed()).containsExactly("accessPolicy.json");
    object.forgetThePast();

    object.set(
        "accessPolicy",
        "{json: '%s'}".formatted(oneLine(FOREIGN_POLICY).replace("lambda", "codebuild")));
    object.awaitInSync();
    assertThat(object.calls()).containsExactly("SetRepositoryPolicy");

    object.set("accessPolicy", "{json: ''}").awaitInSync();
    assertThat(object.calls()).containsExactly("SetRepositoryPolicy", "DeleteRepositoryPolicy");
    assertThat(object.inEcr().policy()).isNull();
  }

  @Test
  void theCatalogOfAPublicRepositoryIsEditedMemberByMember() {
    RepositoryObject object = scene.repository("one-catalog");
    object.create("{visibility: Public, catalog: {description: one, usageText: use}}");
    object.awaitInSync();
    object.forgetThePast();

    object.set("catalog", "{description: two}").awaitInSync();

    assertThat(object.calls())
        .containsExactly("GetRepositoryCatalogData", "PutRepositoryCatalogData");
    var made = scene.ecrSimulator().publicRepository("111122223333", "one-catalog");
    assertThat(made.description()).isEqualTo("two");
    assertThat(made.usageText()).isNullOrEmpty();
    assertThat(object.managed()).containsExactly("catalog/description");
  }

  @Test
  void whatIsNoLongerDeclaredGoesBackToEcrsDefault() {
    RepositoryObject object = scene.repository("undeclared").create(EVERYTHING);
    object.awaitInSync();

    object.edit("{}").awaitInSync();

    RepositorySnapshot left = object.inEcr();
    assertThat(left.mutability()).isEqualTo("MUTABLE");
    assertThat(left.scanOnPush()).isFalse();
    assertThat(left.lifecycle()).isNull();
    assertThat(left.policy()).isNull();
    assertThat(left.tags()).containsOnlyKeys("ecroperator.dev/owner");
    assertThat(object.managed()).isEmpty();
  }

  @Test
  void declaredEmptinessMeansNone() {
    RepositoryObject object = scene.repository("emptied").create(EVERYTHING);
    object.awaitInSync();

    object.edit("{lifecyclePolicy: {rules: []}, accessPolicy: {json: ''}, tags: {}}").awaitInSync();
    RepositorySnapshot left = object.inEcr();
    assertThat(left.lifecycle()).isNull();
    assertThat(left.policy()).isNull();
    assertThat(left.tags()).containsOnlyKeys("ecroperator.dev/owner");
    assertThat(object.managed()).containsExactly("accessPolicy.json", "lifecyclePolicy");

    scene.outsider().setLifecycle(object.name(), LIFECYCLE);
    scene.outsider().setPolicy(object.name(), FOREIGN_POLICY);
    object.look("emptied");
    object.awaitInSync();
    assertThat(object.inEcr().lifecycle()).isNull();
    assertThat(object.inEcr().policy()).isNull();
  }

  @Test
  void whatWasNeverDeclaredIsLeftAlone() {
    RepositoryObject object = scene.repository("foreign").create("{tags: {team: payments}}");
    object.awaitInSync();
    Outsider outsider = scene.outsider();
    outsider.setMutability(object.name(), ImageTagMutability.IMMUTABLE);
    outsider.setScanOnPush(object.name(), true);
    outsider.setLifecycle(object.name(), LIFECYCLE);
    outsider.setPolicy(object.name(), FOREIGN_POLICY);
    outsider.tag(object.name(), Map.of("cost", "42"));
    object.forgetThePast();

    object.look("foreign");
    object.awaitInSync();
    assertThat(object.mutations()).isEmpty();

    object.edit("{tags: {team: core}, accessPolicy: {pull: {accounts: [\"444455556666\"]}}}");
    object.awaitInSync();
    assertThat(object.inEcr().policy())
        .contains("LambdaECRImageRetrievalPolicy", "EcrOperatorPull");

    object.edit("{}").awaitInSync();
    RepositorySnapshot left = object.inEcr();
    assertThat(left.mutability()).isEqualTo("IMMUTABLE");
    assertThat(left.scanOnPush()).isTrue();
    assertThat(left.lifecycle()).contains("77");
    assertThat(left.policy())
        .contains("LambdaECRImageRetrievalPolicy")
        .doesNotContain("EcrOperator");
    assertThat(left.tags()).containsEntry("cost", "42").doesNotContainKey("team");
  }

  @Test
  void observeOnlyLetsGoOfEverythingAsItStandsAndFullTakesItBack() {
    RepositoryObject object = scene.repository("observed").create(EVERYTHING);
    object.awaitInSync();
    object.forgetThePast();

    object.set("management", "ObserveOnly").awaitReason("Observed");
    assertThat(object.managed()).isEmpty();

    object.unset("scanning").unset("tags").awaitReason("Observed");
    assertThat(object.mutations()).isEmpty();
    assertThat(object.inEcr().scanOnPush()).isTrue();
    assertThat(object.tags()).containsEntry("team", "payments");

    object.set("imageTagMutability", "{mode: MUTABLE}");
    assertThat(object.awaitMessage("DriftDetected")).contains("imageTagMutability");
    assertThat(ClusterObject.condition(object.stored(), "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(object.mutations()).isEmpty();

    object.set("management", "Full").awaitInSync();
    assertThat(object.inEcr().mutability()).isEqualTo("MUTABLE");
    assertThat(object.inEcr().scanOnPush()).isTrue();
    assertThat(object.managed())
        .containsExactlyInAnyOrder("accessPolicy", "imageTagMutability", "lifecyclePolicy");
  }

  @Test
  void observeOnlyCreatesNothing() {
    RepositoryObject object = scene.repository("observed-none");

    object.create("{management: ObserveOnly}").awaitReason("NotFound");

    assertThat(object.mutations()).isEmpty();
    assertThat(object.find()).isEmpty();
  }

  @Test
  void suspendedNothingIsLookedAtAndOnlyItsConditionMoves() {
    RepositoryObject object = scene.repository("suspended").create(EVERYTHING);
    object.awaitInSync();
    object.set("suspend", "true");
    Patience.await(
        "the condition Suspended",
        object::stored,
        o -> ClusterObject.condition(o, "Suspended").path("status").asText().equals("True"));
    object.forgetThePast();

    object.set("imageTagMutability", "{mode: MUTABLE}");
    var stored =
        Patience.await(
            "the condition Suspended to be of generation 3",
            object::stored,
            o -> ClusterObject.condition(o, "Suspended").path("observedGeneration").asInt() == 3);
    object.requestAt("while-suspended");

    Patience.throughout(Duration.ofSeconds(3), () -> assertThat(object.calls()).isEmpty());
    assertThat(stored.at("/status/observedGeneration").asInt()).isEqualTo(1);
    var ready = ClusterObject.condition(object.stored(), "Ready");
    assertThat(ready.path("reason").asText()).isEqualTo("InSync");
    assertThat(ready.path("observedGeneration").asInt()).isEqualTo(1);

    object.set("suspend", "false");
    stored = object.awaitInSync();
    assertThat(object.inEcr().mutability()).isEqualTo("MUTABLE");
    assertThat(ClusterObject.condition(stored, "Suspended").isMissingNode()).isTrue();
    assertThat(object.calls()).contains("DescribeRepositories");
  }

  @Test
  void suspendedFromTheBeginningIsNotReady() {
    RepositoryObject object = scene.repository("suspended-first").create("{suspend: true}");
    var stored =
        Patience.await(
            "a status",
            object::stored,
            o -> !ClusterObject.condition(o, "Suspended").isMissingNode());

    assertThat(ClusterObject.condition(stored, "Ready").path("status").asText()).isEqualTo("False");
    assertThat(ClusterObject.condition(stored, "Ready").path("reason").asText())
        .isEqualTo("Suspended");
    assertThat(ClusterObject.condition(stored, "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(object.calls()).isEmpty();

    object.set("suspend", "false").awaitInSync();
  }

  @Test
  void theAnnotationAsksForALookAtOnce() {
    RepositoryObject object = scene.repository("asked").create(EVERYTHING);
    object.awaitInSync();
    scene.outsider().setMutability(object.name(), ImageTagMutability.MUTABLE);

    object.look("2026-11-23T12:00:00+01:00");

    assertThat(object.inEcr().mutability()).isEqualTo("IMMUTABLE");
    assertThat(object.status().path("lastHandledReconcileAt").asText())
        .isEqualTo("2026-11-23T12:00:00+01:00");
    object.forgetThePast();
    Patience.throughout(Duration.ofSeconds(2), () -> assertThat(object.calls()).isEmpty());
  }

  @Test
  void anEditOfLabelsIsNoWork() {
    RepositoryObject object = scene.repository("labelled").create(EVERYTHING);
    object.awaitInSync();
    object.forgetThePast();

    object.label("a", "b");

    Patience.throughout(
        Duration.ofSeconds(3),
        () -> {
          assertThat(object.calls()).isEmpty();
          assertThat(object.writes()).isEmpty();
        });
  }

  @Test
  void whatTheSchemaForbidsNeverReachesTheOperator() {
    assumeTrue(scene.cluster().evaluatesRules(), "needs a cluster that evaluates CEL rules");
    RepositoryObject object = scene.repository("schema").create("{}");
    object.awaitInSync();

    for (String spec :
        List.of(
            "{name: other}",
            "{visibility: Public}",
            "{tags: {\"ecroperator.dev/owner\": mine}}",
            "{tags: {\"aws:x\": y}}",
            "{catalog: {description: x}}")) {
      assertThat(object.refusalOf(spec)).as(spec).isEqualTo(422);
    }
  }

  static String oneLine(String text) {
    return text.replace("\n", "");
  }
}
