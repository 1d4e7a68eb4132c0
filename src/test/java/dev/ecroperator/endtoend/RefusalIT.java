package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.simulator.ecr.Fault;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AWS or the operator refuses what a manifest says. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class RefusalIT {
  /** Long enough for several resyncs. */
  @RegisterExtension static final Scene scene = Scene.withResync("2s");

  private static void assertStalled(JsonNode object) {
    assertThat(ClusterObject.condition(object, "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(ClusterObject.condition(object, "Reconciling").isMissingNode()).isTrue();
  }

  @Test
  void aRefusedLifecyclePolicyIsTriedOnceAndHoldsNothingElseUp() {
    RepositoryObject object = scene.repository("refused-lifecycle");
    Fault refusal =
        object
            .fault("PutLifecyclePolicy")
            .error(
                400,
                "InvalidParameterException",
                "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint:"
                    + " 'Lifecycle policy validation failure: no such thing'")
            .always();

    object.create(EditIT.EVERYTHING);
    JsonNode stored = object.awaitReason("InvalidSpec");

    assertStalled(stored);
    assertThat(ClusterObject.condition(stored, "Ready").path("message").asText())
        .contains("spec.lifecyclePolicy", "validation failure: no such thing");
    assertThat(object.managed())
        .containsExactlyInAnyOrder(
            "accessPolicy", "imageTagMutability", "scanning", "tags/team", "tags/tier");
    assertThat(object.inEcr().policy()).isNotNull();
    object.awaitLooks(3);
    assertThat(Collections.frequency(object.calls(), "PutLifecyclePolicy")).isEqualTo(1);
    assertThat(object.events()).containsOnlyOnce("InvalidSpec!");
    assertThat(object.writes()).containsExactly("patch", "update/status");

    refusal.clear();
    object.set("lifecyclePolicy", "{json: '%s'}".formatted(EditIT.oneLine(EditIT.LIFECYCLE)));
    object.awaitInSync();
    assertThat(object.inEcr().lifecycle()).contains("77");
    assertThat(object.managed()).contains("lifecyclePolicy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bad-lifecycle | lifecyclePolicy | {json: '{"rules": ['}                | PutLifecyclePolicy
          bad-rule      | lifecyclePolicy | {json: '{"rules": [{"rulePriority": 0}]}'} | PutLifecyclePolicy
          bad-policy    | accessPolicy    | {json: '{"Version": '}               | SetRepositoryPolicy
          twice-policy  | accessPolicy    | {json: '{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}'} | SetRepositoryPolicy
          """)
  void aMalformedDocumentIsNotSentAndLeavesTheOneInForce(
      String name, String member, String value, String operation) {
    RepositoryObject object = scene.repository(name).create(EditIT.EVERYTHING);
    object.awaitInSync();
    object.forgetThePast();

    object.set(member, value).set("imageTagMutability", "{mode: MUTABLE}");
    JsonNode stored = object.awaitReason("InvalidSpec");

    assertStalled(stored);
    assertThat(ClusterObject.condition(stored, "Ready").path("message").asText())
        .contains("spec." + member);
    object.awaitLooks(3);
    assertThat(object.mutations()).containsExactly("PutImageTagMutability");
    assertThat(object.inEcr().lifecycle()).isNotNull();
    assertThat(object.inEcr().policy()).contains("EcrOperatorPull");
    assertThat(object.calls()).doesNotContain(operation);

    object.edit(EditIT.EVERYTHING).awaitInSync();
  }

  @ParameterizedTest
  @CsvSource({
    "no-kms, KmsException, KmsKeyUnusable",
    "no-quota, LimitExceededException, QuotaExceeded"
  })
  void aRefusedCreationIsTriedAgainAndRecovers(String name, String code, String reason) {
    RepositoryObject object = scene.repository(name);
    Fault refusal =
        object.fault("CreateRepository").error(400, code, "this cannot be now").always();

    object.create("{encryption: {type: KMS, kmsKey: alias/ecr}}");
    JsonNode stored = object.awaitReason(reason);

    assertStalled(stored);
    assertThat(ClusterObject.condition(stored, "Ready").path("message").asText())
        .contains("ecr:CreateRepository", "this cannot be now");
    refusal.clear();
    object.awaitInSync();
    assertThat(object.events()).containsExactlyInAnyOrder(reason + "!", "Created");
  }

  @Test
  void betweenTwoTriesOfARefusedCreationAreMinutes() {
    // So long a resync that it is not what wakes the object.
    try (Scene own = Scene.withResync("24h").open()) {
      own.startOperator(Map.of());
      long began = System.nanoTime();
      RepositoryObject object = own.repository("slowly");
      Fault refusal =
          object
              .fault("CreateRepository")
              .error(400, "LimitExceededException", "this cannot be now")
              .always();
      object.create("{}").awaitReason("QuotaExceeded");

      Patience.throughout(
          Duration.ofSeconds(10),
          () -> {
            // Of the five minutes that it waits at most, half are certain.
            long waits = Duration.ofNanos(System.nanoTime() - began).toSeconds() / 150;
            assertThat(refusal.hits()).isLessThanOrEqualTo(Math.toIntExact(1 + waits));
          });
      refusal.clear();
      object.look("at-once");
      object.awaitInSync();
    }
  }

  @Test
  void aFreshPrincipalIsWaitedFor() {
    RepositoryObject object = scene.repository("fresh-principal");
    String principal = "arn:aws:iam::111122223333:role/fresh";
    scene.ecrSimulator().unknownPrincipal(principal);

    object.create("{accessPolicy: {push: {principals: [\"" + principal + "\"]}}}");
    JsonNode stored = object.awaitReason("PrincipalNotFound");
    assertThat(ClusterObject.condition(stored, "Reconciling").path("status").asText())
        .isEqualTo("True");
    assertThat(stored.at("/status/uri").asText()).isNotEmpty();
    scene.ecrSimulator().knownPrincipal(principal);

    object.awaitInSync();
    assertThat(object.inEcr().policy()).contains("role/fresh");
  }

  /** ECR Public says of a principal that IAM does not know what it says of malformed policies. */
  @Test
  void aFreshPrincipalIsWaitedForWhereEcrTakesItForAMalformedPolicyToo() {
    RepositoryObject object = scene.repository("fresh-principal-in-public");
    String principal = "arn:aws:iam::111122223333:role/fresh-in-public";
    scene.ecrSimulator().unknownPrincipal(principal);

    object.create(
        "{visibility: Public, accessPolicy: {push: {principals: [\"" + principal + "\"]}}}");
    object.awaitReason("PrincipalNotFound");
    scene.ecrSimulator().knownPrincipal(principal);

    object.awaitInSync();
  }

  @Test
  void anotherEncryptionIsAConflictThatPuttingItBackHeals() {
    RepositoryObject object = scene.repository("encryption");
    object.create("{encryption: {type: AES256}, imageTagMutability: {mode: MUTABLE}}");
    object.awaitInSync();
    object.forgetThePast();

    object.edit("{encryption: {type: KMS}, imageTagMutability: {mode: IMMUTABLE}}");
    JsonNode stored = object.awaitReason("ImmutableConflict");
    assertStalled(stored);
    assertThat(ClusterObject.condition(stored, "Ready").path("message").asText())
        .contains("spec.encryption");
    object.awaitLooks(3);
    assertThat(object.mutations()).containsExactly("PutImageTagMutability");
    assertThat(object.inEcr().mutability()).isEqualTo("IMMUTABLE");

    object.set("encryption", "{type: AES256}").awaitInSync();
    assertThat(object.events()).containsOnlyOnce("ImmutableConflict!");
  }

  @Test
  void aTagThatOnlyEcrKnowsToBeWrongIsNamedAndKeepsNothingElseBack() {
    RepositoryObject object = scene.repository("bad-tag");
    String code = "InvalidTagParameterException";
    object.fault("CreateRepository").error(400, code, "The tag value is not valid").times(1);
    object.fault("TagResource").error(400, code, "The tag value is not valid").times(1);
    object.create("{tags: {'a*b': c}, imageTagMutability: {mode: IMMUTABLE}}");

    assertThat(object.awaitMessage("InvalidSpec"))
        .startsWith("spec.tags['a*b']: ecr:TagResource: Invalid");
    assertThat(object.inEcr().mutability()).isEqualTo("IMMUTABLE");
    assertThat(object.tags()).containsOnlyKeys("ecroperator.dev/owner");
    object.set("tags", "{a-b: c}").awaitInSync();
  }

  @Test
  void aKeyNamedByItsAliasIsNoDrift() {
    RepositoryObject object = scene.repository("alias");
    object.create("{encryption: {type: KMS, kmsKey: alias/ecr}}").awaitInSync();
    object.forgetThePast();

    object.awaitLooks(3);

    object.awaitInSync();
    assertThat(object.writes()).isEmpty();
    assertThat(object.mutations()).isEmpty();
  }

  @Test
  void ofSeveralFailuresTheGravestIsTheReasonAndAllAreTold() {
    RepositoryObject object = scene.repository("several");
    object.fault("PutLifecyclePolicy").accessDenied().always();
    object.fault("SetRepositoryPolicy").throttled().always();

    String message = object.create(EditIT.EVERYTHING).awaitMessage("AccessDenied");

    assertThat(message)
        .contains(
            "spec.lifecyclePolicy", "ecr:PutLifecyclePolicy", "spec.accessPolicy", "Throttled");
  }
}
