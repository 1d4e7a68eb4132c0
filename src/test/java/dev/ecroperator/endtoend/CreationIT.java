package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.simulator.ecr.Fault;
import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A repository comes to be. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class CreationIT {
  @RegisterExtension static final Scene scene = Scene.withResync("24h");

  @Test
  void whereNoOwnerIdIsSetItIsTheUidOfKubeSystem() {
    try (Scene own = Scene.withResync("24h").open()) {
      Map<String, String> environment = own.environment();
      environment.remove("OPERATOR_OWNER_ID");
      try (OperatorProcess operator =
          OperatorProcess.start(environment, own.directory().resolve("anonymous.log"))) {
        operator.awaitPort();
        RepositoryObject object = own.repository("of-a-cluster").create("{}");
        object.awaitInSync();

        String uid =
            own.cluster()
                .client()
                .namespaces()
                .withName("kube-system")
                .get()
                .getMetadata()
                .getUid();
        assertThat(uid).hasSize(36);
        assertThat(object.tags())
            .containsEntry(
                "ecroperator.dev/owner", uid + "/" + own.cluster().namespace() + "/of-a-cluster");
      }
    }
  }

  @Test
  void textOfAnyScriptIsTakenAsItIs() {
    // The first comes by a watch; were it not read, the second would not be seen.
    RepositoryObject object = scene.repository("any-script").create("tags: {team: für Łódź 東京}");
    object.awaitInSync();
    scene.repository("after-any-script").create("{}").awaitInSync();

    assertThat(object.tags()).containsEntry("team", "für Łódź 東京");
  }

  @Test
  void allPrivateSettingsTakeThreeCallsAndTwoWrites() {
    RepositoryObject object = scene.repository("all-private", "team/all-private");
    object.create(
        """
        name: team/all-private
        imageTagMutability: {mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: [latest, "dev-*"]}
        encryption: {type: KMS, kmsKey: alias/ecr}
        scanning: {scanOnPush: true}
        lifecyclePolicy:
          rules:
            - rulePriority: 10
              description: drop untagged after a week
              selection: {tagStatus: untagged, countType: sinceImagePushed, countUnit: days, countNumber: 7}
              action: {type: expire}
        accessPolicy:
          pull:
            accounts: ["444455556666"]
            organizations: [o-abc1234567]
            services: [{service: lambda.amazonaws.com, sourceAccounts: ["444455556666"]}]
          push: {principals: ["arn:aws:iam::111122223333:role/ci"]}
        tags: {team: payments}
        """);

    JsonNode stored = object.awaitInSync();

    assertThat(object.calls())
        .containsExactlyInAnyOrder("CreateRepository", "PutLifecyclePolicy", "SetRepositoryPolicy")
        .first()
        .isEqualTo("CreateRepository");
    assertThat(object.writes()).containsExactly("patch", "update/status");
    assertThat(object.events()).containsExactly("Created");
    assertThat(scene.calls()).filteredOn(c -> c.operation().equals("GetCallerIdentity")).hasSize(1);

    RepositorySnapshot made = object.inEcr();
    assertThat(made.mutability()).isEqualTo("IMMUTABLE_WITH_EXCLUSION");
    assertThat(made.exclusionFilters()).containsExactlyInAnyOrder("latest", "dev-*");
    assertThat(made.scanOnPush()).isTrue();
    assertThat(made.encryptionType()).isEqualTo("KMS");
    assertThat(made.lifecycle()).contains("sinceImagePushed", "drop untagged after a week");
    assertThat(made.policy())
        .contains("EcrOperatorPull", "EcrOperatorPush", "aws:PrincipalOrgID", "aws:SourceAccount");
    assertThat(made.tags())
        .isEqualTo(Map.of("team", "payments", "ecroperator.dev/owner", object.ownerTag()));

    JsonNode status = stored.path("status");
    assertThat(status.path("name").asText()).isEqualTo("team/all-private");
    assertThat(status.path("visibility").asText()).isEqualTo("Private");
    assertThat(status.path("arn").asText()).isEqualTo(made.arn());
    assertThat(status.path("uri").asText()).isEqualTo(made.uri());
    assertThat(status.path("registryId").asText()).isEqualTo("111122223333");
    assertThat(status.path("region").asText()).isEqualTo("eu-west-1");
    assertThat(status.path("origin").asText()).isEqualTo("Created");
    assertThat(status.path("createdAt").asText()).isNotEmpty();
    assertThat(object.managed())
        .containsExactlyInAnyOrder(
            "accessPolicy", "imageTagMutability", "lifecyclePolicy", "scanning", "tags/team");
    JsonNode effective = status.path("effective");
    assertThat(effective.at("/imageTagMutability/mode").asText())
        .isEqualTo("IMMUTABLE_WITH_EXCLUSION");
    assertThat(effective.at("/encryption/type").asText()).isEqualTo("KMS");
    assertThat(effective.at("/encryption/kmsKey").asText()).isEqualTo(made.kmsKey());
    assertThat(effective.at("/scanning/scanOnPush").asBoolean()).isTrue();
    assertThat(effective.at("/scanning/frequency").asText()).isEqualTo("SCAN_ON_PUSH");
    assertThat(effective.path("lifecyclePolicy").asText()).contains("sinceImagePushed");
    assertThat(effective.path("accessPolicy").asText()).contains("EcrOperatorPull");
    assertThat(effective.at("/tags/team").asText()).isEqualTo("payments");
    JsonNode conditions = status.path("conditions");
    assertThat(conditions).hasSize(1);
    assertThat(conditions.get(0).path("status").asText()).isEqualTo("True");
    assertThat(conditions.get(0).path("lastTransitionTime").asText()).isNotEmpty();
  }

  @Test
  void finalizerAndTargetAreWrittenBeforeTheFirstCall() {
    RepositoryObject object = scene.repository("held", "team/held");
    Fault hanging = object.fault("CreateRepository").hang().times(1);
    object.create("{name: team/held}");

    Patience.await("the first call of AWS", object::calls, calls -> !calls.isEmpty());

    JsonNode held = object.stored();
    assertThat(object.writes()).containsExactly("patch");
    assertThat(held.at("/metadata/finalizers/0").asText()).isEqualTo("ecroperator.dev/finalizer");
    assertThat(held.at("/metadata/annotations").path("ecroperator.dev/target").asText())
        .isEqualTo("111122223333/eu-west-1/team/held");
    hanging.clear();
    object.awaitInSync();
  }

  @Test
  void columnsShowTheStatus() {
    RepositoryObject object = scene.repository("columns").create("{scanning: {scanOnPush: true}}");
    object.awaitInSync();

    Table table = Table.of(scene.cluster(), "repositories");

    assertThat(table.row("columns"))
        .containsEntry("READY", "True")
        .containsEntry("REASON", "InSync")
        .containsEntry("URI", object.inEcr().uri())
        .containsEntry("VISIBILITY", "Private")
        .containsEntry("REGION", "eu-west-1")
        .containsEntry("MUTABILITY", "MUTABLE")
        .containsEntry("SCAN", "SCAN_ON_PUSH")
        .containsEntry("ENCRYPTION", "AES256")
        .containsKey("AGE");
  }

  @Test
  void anEmptySpecTakesOneCallAndHoldsNothing() {
    RepositoryObject object = scene.repository("nothing-declared").create("{}");

    JsonNode stored = object.awaitInSync();

    assertThat(object.calls()).containsExactly("CreateRepository");
    assertThat(object.writes()).containsExactly("patch", "update/status");
    assertThat(object.managed()).isEmpty();
    assertThat(stored.at("/status/effective/imageTagMutability/mode").asText())
        .isEqualTo("MUTABLE");
    assertThat(stored.at("/status/effective/encryption/type").asText()).isEqualTo("AES256");
    assertThat(stored.at("/status/effective/scanning/frequency").asText()).isEqualTo("MANUAL");
    assertThat(stored.path("spec")).isEmpty();
  }

  @Test
  void aPublicRepositoryIsMadeWithItsCatalog() {
    RepositoryObject object = scene.repository("all-public", "team/all-public");
    object.create(
        """
        visibility: Public
        name: team/all-public
        catalog:
          description: Payments SDK
          aboutText: about
          usageText: usage
          architectures: [x86-64, ARM 64]
          operatingSystems: [Linux]
        accessPolicy: {push: {accounts: ["444455556666"]}}
        tags: {team: payments}
        """);

    JsonNode stored = object.awaitInSync();

    assertThat(object.calls()).containsExactly("CreateRepository", "SetRepositoryPolicy");
    assertThat(object.writes()).containsExactly("patch", "update/status");
    var made = scene.ecrSimulator().publicRepository("111122223333", "team/all-public");
    assertThat(made.description()).isEqualTo("Payments SDK");
    assertThat(made.aboutText()).isEqualTo("about");
    assertThat(made.usageText()).isEqualTo("usage");
    assertThat(made.architectures()).containsExactlyInAnyOrder("x86-64", "ARM 64");
    assertThat(made.operatingSystems()).containsExactly("Linux");
    assertThat(made.policy()).contains("EcrOperatorPush", "ecr-public:PutImage");
    assertThat(made.tags()).containsEntry("ecroperator.dev/owner", object.ownerTag());
    JsonNode status = stored.path("status");
    assertThat(status.path("visibility").asText()).isEqualTo("Public");
    assertThat(status.path("region").asText()).isEqualTo("us-east-1");
    assertThat(status.path("uri").asText()).isEqualTo(made.uri());
    assertThat(status.at("/effective/catalog/description").asText()).isEqualTo("Payments SDK");
    assertThat(status.at("/effective/catalog/architectures")).hasSize(2);
    assertThat(object.managed())
        .containsExactlyInAnyOrder(
            "accessPolicy",
            "catalog/aboutText",
            "catalog/architectures",
            "catalog/description",
            "catalog/operatingSystems",
            "catalog/usageText",
            "tags/team");
  }

  @Test
  void aRegionOfTheSpecIsWhereTheRepositoryIsMade() {
    RepositoryObject object = scene.repository("elsewhere");
    object.create("{registry: {region: us-west-2, accountId: \"111122223333\"}}");

    JsonNode stored = object.awaitInSync();

    assertThat(stored.at("/status/region").asText()).isEqualTo("us-west-2");
    assertThat(stored.at("/status/arn").asText())
        .isEqualTo("arn:aws:ecr:us-west-2:111122223333:repository/elsewhere");
    assertThat(object.find()).isEmpty();
  }

  @Test
  void anotherAccountIsNotPermitted() {
    RepositoryObject object = scene.repository("other-account");
    object.create("{registry: {accountId: \"999999999999\"}}");

    JsonNode stored = object.awaitReason("NotPermitted");

    assertThat(ClusterObject.condition(stored, "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(object.calls()).isEmpty();
    assertThat(List.of(ClusterObject.condition(stored, "Ready").path("message").asText()))
        .allMatch(message -> message.contains("999999999999"));
  }
}
