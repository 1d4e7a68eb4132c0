package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.iam.Feature;
import dev.ecroperator.simulator.ecr.BackDoor;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.ecr.IdentityPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The operator with the policies of {@code examples/iam} and no other permission. */
@Execution(ExecutionMode.CONCURRENT)
class PermissionsIT {
  private static final String OWNER = "ecroperator.dev/owner";

  /** The key that the policies name. */
  private static final String ENCRYPTION =
      "encryption: {type: KMS, kmsKey: 1234abcd-12ab-34cd-56ef-1234567890ab}\n";

  private static final String REPLICATION =
      "repositories: [{prefix: team/}]\ndestinations: [{region: eu-central-1}]\n";

  /** A scene whose operator has these policies. */
  private static Scene permitted(Feature... features) {
    Scene scene =
        Scene.withResync("2s", "OPERATOR_OWNER_ID", "my-cluster", "OPERATOR_AUDIT_RATE", "100/s")
            .open();
    permit(scene, features);
    scene.startOperator(Map.of());
    return scene;
  }

  private static void permit(Scene scene, Feature... features) {
    scene
        .ecrSimulator()
        .permit(
            OperatorProcess.ACCOUNT,
            Stream.of(features).map(Feature::policy).toArray(IdentityPolicy[]::new));
  }

  private static List<Call> refused(Scene scene) {
    return scene.calls().stream()
        .filter(call -> "AccessDeniedException".equals(call.errorCode()))
        .toList();
  }

  @Test
  void thePoliciesAllowEveryCallAndNothingThatIsNotNeeded() {
    try (Scene scene = permitted(Feature.values())) {
      EcrSimulator aws = scene.ecrSimulator();
      BackDoor registry = aws.backDoor(OperatorProcess.ACCOUNT, Scene.REGION);
      scene.outsider().create("theirs", Map.of("team", "theirs"));
      scene.outsider().create("nobodys", Map.of("team", "theirs"));
      scene.outsider().create("old", Map.of(OWNER, "old-cluster/team/old"));
      RepositoryObject whole =
          scene
              .repository("whole")
              .create(EditIT.EVERYTHING + ENCRYPTION + "deletionPolicy: Delete\n");
      RepositoryObject observed = scene.repository("theirs").create("{management: ObserveOnly}");
      RepositoryObject adopted =
          scene.repository("nobodys").create("{adoption: IfExists, tags: {team: ours}}");
      RepositoryObject taken =
          scene
              .repository("old")
              .create(
                  "{takeOverFrom: old-cluster/team/old, imageTagMutability: {mode: IMMUTABLE}}");
      RepositoryObject shown =
          scene
              .repository("shown")
              .create(
                  """
                  visibility: Public
                  catalog: {description: ours}
                  accessPolicy: {push: {accounts: ["444455556666"]}}
                  tags: {team: payments, tier: gold}
                  deletionPolicy: Delete
                  """);
      ReplicationManifest replication = scene.replication("team").create(REPLICATION);

      observed.awaitReason("Observed");
      adopted.awaitInSync();
      taken.awaitInSync();
      assertThat(adopted.tags()).containsEntry("team", "ours").containsKey(OWNER);
      assertThat(taken.tags().get(OWNER)).startsWith("my-cluster/");

      whole.awaitInSync();
      whole.set("imageTagMutability", "{mode: MUTABLE}");
      whole.set("scanning", "{scanOnPush: false}");
      whole.set("tags", "{team: checkout}");
      whole.set("lifecyclePolicy", "{}");
      whole.set("accessPolicy", "{}").awaitInSync();
      assertThat(whole.inEcr().lifecycle()).isNull();
      assertThat(whole.inEcr().policy()).isNull();
      assertThat(whole.tags()).containsEntry("team", "checkout").doesNotContainKey("tier");

      shown.awaitInSync();
      shown.set("catalog", "{description: still ours}");
      shown.set("tags", "{team: checkout}");
      shown.set("accessPolicy", "{}").awaitInSync();

      registry.create("team/api");
      aws.backDoor(OperatorProcess.ACCOUNT, "eu-central-1").arrivalsTake(Duration.ZERO);
      registry.putImage("team/api", "v1");
      replication.awaitReason("Synced", "Synced");

      List.of(whole, shown).forEach(RepositoryObject::delete);
      replication.delete();
      whole.awaitGone();
      shown.awaitGone();
      replication.awaitGone();
      assertThat(whole.find()).isEmpty();
      assertThat(aws.publicRepositories(OperatorProcess.ACCOUNT)).isEmpty();

      assertThat(refused(scene)).isEmpty();
      Set<String> allowed = new TreeSet<>();
      Stream.of(Feature.policies()).forEach(policy -> allowed.addAll(policy.actions()));
      assertThat(aws.usedActions()).isEqualTo(allowed);
    }
  }

  @Test
  void toReadIsEnoughToObserveAndLetsNothingBeWritten() {
    try (Scene scene = permitted(Feature.READ)) {
      scene.outsider().create("theirs", Map.of("team", "theirs"));
      scene.outsider().create("nobodys", Map.of());
      RepositoryObject observed =
          scene
              .repository("theirs")
              .create("{management: ObserveOnly, imageTagMutability: {mode: MUTABLE}}");
      RepositoryObject fresh = scene.repository("fresh").create("{tags: {team: ours}}");
      RepositoryObject adopting = scene.repository("nobodys").create("{adoption: IfExists}");

      observed.awaitReason("Observed");
      assertThat(fresh.awaitMessage("AccessDenied"))
          .contains("ecr:CreateRepository", "assumed-role/ecr-operator");
      adopting.awaitReason("AccessDenied");
      assertThat(fresh.find()).isEmpty();
      assertThat(adopting.tags()).isEmpty();
      assertThat(scene.calls().stream().filter(Call::isMutation))
          .isNotEmpty()
          .allMatch(call -> "AccessDeniedException".equals(call.errorCode()));

      permit(scene, Feature.READ, Feature.CREATE);
      fresh.requestAt("now");
      fresh.awaitInSync();
    }
  }

  @Test
  void whatExistsIsAdoptedWithoutThePolicyOfCreation() {
    try (Scene scene = permitted(Feature.READ, Feature.CHANGE, Feature.ADOPT)) {
      scene.outsider().create("nobodys", Map.of("team", "theirs"));
      RepositoryObject adopting =
          scene.repository("nobodys").create("{adoption: IfExists, tags: {team: ours}}");
      RepositoryObject fresh = scene.repository("fresh").create("{}");

      adopting.awaitInSync();
      assertThat(adopting.tags()).containsEntry("team", "ours").containsKey(OWNER);
      assertThat(fresh.awaitMessage("AccessDenied")).contains("ecr:CreateRepository");
    }
  }

  @Test
  void withoutThePolicyOfDeletionItWaitsForIt() {
    try (Scene scene = permitted(Feature.READ, Feature.CREATE, Feature.CHANGE)) {
      RepositoryObject object = scene.repository("stays").create("{deletionPolicy: Delete}");
      object.awaitInSync();

      object.delete();

      assertThat(object.awaitMessage("AccessDenied")).contains("ecr:DeleteRepository");
      assertThat(object.find()).isPresent();
      permit(scene, Feature.values());
      object.awaitGone();
      assertThat(object.find()).isEmpty();
    }
  }

  @Test
  void replicationNeedsItsOwnPolicyAlone() {
    try (Scene scene = permitted(Feature.REPLICATION)) {
      ReplicationManifest object = scene.replication("alone").create(REPLICATION);
      object.awaitInSync();
      BackDoor registry = scene.ecrSimulator().backDoor(OperatorProcess.ACCOUNT, Scene.REGION);
      registry.create("team/api");
      registry.putImage("team/api", "v1");

      object.awaitReason("Synced", "Synced");

      assertThat(refused(scene)).isEmpty();
      assertThat(scene.ecrSimulator().usedActions())
          .isEqualTo(Feature.REPLICATION.policy().actions());
    }
  }

  @Test
  void theMessageNamesTheRoleThatTheFirstReplicationMakes() {
    try (Scene scene = permitted(Feature.READ, Feature.CREATE)) {
      ReplicationManifest object = scene.replication("denied").create(REPLICATION);

      JsonNode stored = object.awaitReason("AccessDenied");

      assertThat(ClusterObject.condition(stored, "Ready").path("message").asText())
          .contains("ecr:PutReplicationConfiguration", "iam:CreateServiceLinkedRole");
      assertThat(object.contribution()).isNotNull();
    }
  }
}
