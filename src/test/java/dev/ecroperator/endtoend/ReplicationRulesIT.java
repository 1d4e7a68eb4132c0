package dev.ecroperator.endtoend;

import static dev.ecroperator.endtoend.SourceRegistry.rule;
import static dev.ecroperator.endtoend.SourceRegistry.rules;
import static dev.ecroperator.endtoend.SourceRegistry.withDeletes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.simulator.ecr.Fault;
import dev.ecroperator.simulator.kube.LoggedRequest;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Which rules stand in a registry's one document, whatever people and objects do. Each test has the
 * registry of a region to itself.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class ReplicationRulesIT {
  private static final String NONE = "{\"rules\":[]}";

  /** Of somebody else: spaces, a number's spelling and a member that no SDK knows. */
  private static final String THEIR_RULE =
      "{\"destinations\": [ {\"registryId\":\"111122223333\", \"region\" : \"us-west-2\"} ],"
          + "  \"since\":{\"v\":1.0e2}}";

  private static final String THEIRS =
      """
      { "rules" : [
        %s ,
        {"repositoryFilters":[{"filterType":"PREFIX_MATCH","filter":"theirs/"}],"destinations":[{"region":"us-east-2","registryId":"111122223333"}]}
      ] }\
      """
          .formatted(THEIR_RULE);

  @RegisterExtension static final Scene scene = Scene.withResync("5s");

  private static SourceRegistry source(String region) {
    return scene.source(region);
  }

  private static String spec(String repositories, String... regions) {
    return "repositories: ["
        + repositories
        + "]\ndestinations: [{region: "
        + String.join("}, {region: ", regions)
        + "}]\n";
  }

  @Test
  void twoTeamsWithTheSameDestinationShareOneRule() {
    SourceRegistry source = source("eu-west-2");
    ReplicationManifest payments =
        source.replication("team-payments").create(spec("{prefix: payments/}", "eu-central-1"));
    payments.awaitInSync();
    ReplicationManifest checkout =
        source
            .replication("team-checkout")
            .create(spec("{prefix: payments/api/}, {prefix: checkout/}", "eu-central-1"));
    checkout.awaitInSync();

    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "checkout/", "payments/")));
    assertThat(payments.contribution()).containsExactly("[payments/] to [eu-central-1]");
    assertThat(checkout.contribution())
        .containsExactly("[checkout/, payments/api/] to [eu-central-1]");
    assertThat(payments.status().has("superseded")).isFalse();
    assertThat(checkout.status().has("superseded")).isFalse();
    assertThat(source.puts()).isEqualTo(2);

    payments.delete();
    payments.awaitGone();

    assertThat(source.document())
        .isEqualTo(rules(rule("eu-central-1", "checkout/", "payments/api/")));
    payments.awaitEvent("Deleted");
    assertThat(payments.events()).containsExactlyInAnyOrder("RulesApplied", "Deleted");
    assertThat(checkout.events()).containsExactly("RulesApplied");

    checkout.delete();
    checkout.awaitGone();
    assertThat(source.document()).isEqualTo(NONE);
  }

  @Test
  void teamsOfTwoNamespacesShareOneRuleThoughTheirObjectsHaveOneName() {
    try (Scene own = Scene.withResync("24h").open()) {
      String one = own.cluster().namespace();
      String other = one + "-b";
      own.cluster()
          .client()
          .resource(new NamespaceBuilder().withNewMetadata().withName(other).endMetadata().build())
          .create();
      own.startOperator(Map.of("OPERATOR_WATCH_NAMESPACES", one + "," + other));
      assertShareOneRule(own, other);
    }
  }

  private static void assertShareOneRule(Scene own, String other) {
    String region = "ap-east-1";
    SourceRegistry source = own.source(region);
    ReplicationManifest here = source.replication("same-name");
    var there = new ReplicationManifest(new Elsewhere(own.cluster(), other), "same-name", region);

    here.create(spec("{prefix: a/}", "eu-central-1")).awaitInSync();
    there.create(spec("{prefix: b/}", "eu-central-1")).awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/", "b/")));

    here.delete();
    here.awaitGone();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "b/")));
    there.look("still-there");
    assertThat(there.contribution()).containsExactly("[b/] to [eu-central-1]");
  }

  /** A cluster, seen from another of its namespaces. */
  private record Elsewhere(KubernetesCluster cluster, String namespace)
      implements KubernetesCluster {
    @Override
    public Path kubeconfig() {
      return cluster.kubeconfig();
    }

    @Override
    public KubernetesClient client() {
      return cluster.client();
    }

    @Override
    public List<LoggedRequest> writes() {
      return cluster.writes();
    }

    @Override
    public boolean evaluatesRules() {
      return cluster.evaluatesRules();
    }

    @Override
    public void storeUnchecked(String object) {
      cluster.storeUnchecked(object);
    }

    @Override
    public void close() {
      cluster.close();
    }
  }

  @Test
  void theWholeRegistryIsOneRuleWithoutPrefixes() {
    SourceRegistry source = source("il-central-1");
    source.registry().create("team/api");
    source.registry().create("base");
    ReplicationManifest part =
        source.replication("a-part").create(spec("{prefix: team/}", "eu-central-1"));
    part.awaitInSync();
    ReplicationManifest whole =
        source
            .replication("the-whole")
            .create("all: true\ndestinations: [{region: eu-central-1}]\n");
    whole.awaitInSync();

    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1")));
    assertThat(whole.contribution()).containsExactly("[] to [eu-central-1]");
    assertThat(whole.status().path("matchedRepositories").asInt()).isEqualTo(2);
    assertThat(whole.overMatched()).isEmpty();
    assertThat(part.status().path("matchedRepositories").asInt()).isEqualTo(1);

    whole.delete();
    whole.awaitGone();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "team/")));
  }

  @Test
  void theRegistryOfAnotherAccountIsNotPermitted() {
    ReplicationManifest object =
        scene
            .replication("of-another-account")
            .create("source: {accountId: \"444455556666\"}\n" + spec("{prefix: a/}", "us-east-1"));

    assertThat(object.awaitMessage("NotPermitted"))
        .contains("spec.source.accountId", "444455556666", OperatorProcess.ACCOUNT);
    assertThat(object.stored().at("/metadata/annotations").has("ecroperator.dev/target")).isFalse();
    assertThat(scene.ecrSimulator().replicationConfiguration("444455556666", Scene.REGION))
        .isEqualTo(NONE);

    object.delete();
    object.awaitGone();
  }

  @Test
  void aNewObjectTakesThreeWritesAndItsResyncsNone() {
    SourceRegistry source = source("eu-west-3");
    ReplicationManifest object =
        source.replication("three-writes").create(spec("{prefix: a/}", "us-east-1", "eu-north-1"));
    object.awaitInSync();
    source.awaitLooks(3);

    assertThat(object.writes()).containsExactly("patch", "patch/status", "update/status");
    assertThat(source.puts()).isEqualTo(1);
    assertThat(object.status().path("synced").asText()).isEqualTo("0/2");
  }

  @Test
  void whatItSaysIsRecordedBeforeItIsWritten() {
    SourceRegistry source = source("eu-north-1");
    Fault hanging = source.fault("PutReplicationConfiguration").hang().always();
    ReplicationManifest object =
        source.replication("recorded-first").create(spec("{prefix: a/}", "us-east-1"));

    Patience.await(
        "the record", object::contribution, said -> said.equals(List.of("[a/] to [us-east-1]")));
    assertThat(object.status().path("superseded").isArray()).isTrue();
    assertThat(object.superseded()).isEmpty();
    assertThat(source.document()).isEqualTo(NONE);
    hanging.clear();
    object.awaitInSync();

    assertThat(object.status().has("superseded")).isFalse();
    Fault edit = source.fault("PutReplicationConfiguration").hang().always();
    object.set("repositories", "[{prefix: b/}]");
    Patience.await("the other record", object::superseded, said -> !said.isEmpty());
    assertThat(object.contribution()).containsExactly("[b/] to [us-east-1]");
    assertThat(object.superseded()).containsExactly("[a/] to [us-east-1]");
    edit.clear();
    object.awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("us-east-1", "b/")));
  }

  @Test
  void rulesOfOthersStayToTheByteWhileOursComeChangeAndGo() {
    SourceRegistry source = source("us-west-1");
    source.edit(THEIRS);
    ReplicationManifest object =
        source.replication("beside-theirs").create(spec("{prefix: ours/}", "eu-central-1"));
    object.awaitInSync();
    assertThat(source.text()).contains(THEIR_RULE, "\"ours/\"");

    object.set("repositories", "[{prefix: more/}, {prefix: ours/}]").awaitInSync();
    assertThat(source.text()).contains(THEIR_RULE, "\"more/\"", "\"ours/\"");

    object.delete();
    object.awaitGone();
    assertThat(source.text()).startsWith("{ \"rules\" : [").contains(THEIR_RULE).endsWith("] }");
    assertThat(source.document()).isEqualTo(RuleSpelling.asRules(THEIRS));
  }

  @Test
  void whatARuleOfOthersSaysIsNotSaidAgainUntilItGoes() {
    SourceRegistry source = source("us-east-1");
    source.edit(THEIRS);
    ReplicationManifest object =
        source.replication("said-already").create(spec("{prefix: theirs/web/}", "us-east-2"));
    object.awaitInSync();
    assertThat(object.contribution()).isEmpty();
    assertThat(source.puts()).isZero();

    source.edit(NONE);

    source.awaitDocument(rules(rule("us-east-2", "theirs/web/")));
    Patience.await(
        "the record of it",
        object::contribution,
        said -> said.equals(List.of("[theirs/web/] to [us-east-2]")));
    object.awaitInSync();
  }

  @Test
  void rulesWithDeletionsAreNotMixedWithThoseWithout() {
    SourceRegistry source = source("us-east-2");
    ReplicationManifest with =
        source
            .replication("with-deletes")
            .create(spec("{prefix: a/}", "eu-central-1") + "replicateDeletes: true\n");
    with.awaitInSync();
    ReplicationManifest without =
        source.replication("without-deletes").create(spec("{prefix: a/b/}", "eu-central-1"));
    without.awaitInSync();

    assertThat(source.document())
        .isEqualTo(rules(rule("eu-central-1", "a/b/"), withDeletes(rule("eu-central-1", "a/"))));

    with.unset("replicateDeletes").awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/")));
  }

  @Test
  void ourRulesAreRestoredAndTheirsStay() {
    SourceRegistry source = source("ca-central-1");
    ReplicationManifest object =
        source.replication("restored").create(spec("{prefix: a/}", "eu-central-1"));
    object.awaitInSync();

    String edited = rules(rule("us-west-2", "theirs/"));
    source.edit(edited);

    source.awaitDocument(rules(rule("us-west-2", "theirs/"), rule("eu-central-1", "a/")));
    object.awaitEvent("RulesRestored");
    object.awaitInSync();
    assertThat(object.events()).containsExactlyInAnyOrder("RulesApplied", "RulesRestored");
    assertThat(source.puts()).isEqualTo(2);
  }

  @Test
  void aDestinationThatEcrRefusesStopsThatObjectAlone() {
    SourceRegistry source = source("ca-west-1");
    ReplicationManifest good =
        source.replication("good").create(spec("{prefix: good/}", "eu-central-1"));
    good.awaitInSync();
    ReplicationManifest bad =
        source.replication("bad").create(spec("{prefix: bad/}", "cn-north-1"));

    assertThat(bad.awaitMessage("InvalidSpec")).contains("partition");
    assertThat(ClusterObject.condition(bad.stored(), "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(bad.contribution()).isEmpty();
    good.set("repositories", "[{prefix: better/}]").awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "better/")));

    long sent = source.puts();
    assertThat(sent).as("each, and once what stood when one was refused").isEqualTo(4);
    source.awaitLooks(3);
    assertThat(source.puts()).as("not sent again").isEqualTo(sent);
    bad.edit(spec("{prefix: bad/}", "eu-central-1")).awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "bad/", "better/")));
  }

  @Test
  void aDeletionWaitsUntilItsRulesAreGone() {
    SourceRegistry source = source("me-south-1");
    ReplicationManifest object =
        source.replication("waits").create(spec("{prefix: a/}", "eu-central-1"));
    object.awaitInSync();
    Fault denied = source.fault("PutReplicationConfiguration").accessDenied().always();

    object.delete();
    assertThat(object.awaitMessage("AccessDenied")).contains("ecr:PutReplicationConfiguration");
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/")));
    denied.clear();

    object.awaitGone();
    assertThat(source.document()).isEqualTo(NONE);
  }

  @Test
  void aWriteWhoseAnswerWasLostIsKnownAsOurs() {
    SourceRegistry source = source("af-south-1");
    source.edit(rules(rule("us-west-2", "theirs/")));
    source.fault("PutReplicationConfiguration").loseAnswer().times(3);
    ReplicationManifest object =
        source.replication("answer-lost").create(spec("{prefix: a/}", "eu-central-1"));
    object.awaitInSync();
    assertThat(source.document())
        .isEqualTo(rules(rule("us-west-2", "theirs/"), rule("eu-central-1", "a/")));
    assertThat(object.contribution()).containsExactly("[a/] to [eu-central-1]");
    assertThat(object.status().has("superseded")).isFalse();

    object.delete();
    object.awaitGone();
    assertThat(source.document()).isEqualTo(rules(rule("us-west-2", "theirs/")));
  }

  @Test
  void retainedRulesAreSomebodyElses() {
    SourceRegistry source = source("sa-east-1");
    String document = rules(rule("eu-central-1", "kept/"));
    for (int i = 0; i < 3; i++) {
      ReplicationManifest object =
          source
              .replication("retained")
              .create(spec("{prefix: kept/}", "eu-central-1") + "deletionPolicy: Retain\n");
      object.awaitInSync();
      assertThat(source.document()).isEqualTo(document);
      object.delete();
      object.awaitGone();
      assertThat(source.document()).isEqualTo(document);
      if (i == 0) {
        object.awaitEvent("Retained");
      }
    }
    assertThat(source.puts()).isEqualTo(1);
  }

  @Test
  void whatIsRetainedIsPartedFromTheRuleThatItShared() {
    SourceRegistry source = source("mx-central-1");
    source.replication("stays").create(spec("{prefix: stays/}", "eu-central-1")).awaitInSync();
    ReplicationManifest goes =
        source
            .replication("goes")
            .create(spec("{prefix: goes/}", "eu-central-1") + "deletionPolicy: Retain\n");
    goes.awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "goes/", "stays/")));

    goes.delete();
    goes.awaitGone();

    source.awaitDocument(rules(rule("eu-central-1", "goes/"), rule("eu-central-1", "stays/")));
    source.replication("stays").delete();
    source.awaitDocument(rules(rule("eu-central-1", "goes/")));
  }

  @Test
  void aSuspendedObjectSaysWhatItSaidLast() {
    SourceRegistry source = source("ap-south-1");
    ReplicationManifest object =
        source.replication("suspended").create(spec("{prefix: a/}", "eu-central-1"));
    object.awaitInSync();
    object.set("suspend", "true").awaitSuspended();
    object.set("repositories", "[{prefix: b/}]").awaitSuspended();

    ReplicationManifest other =
        source.replication("not-suspended").create(spec("{prefix: c/}", "eu-central-1"));
    other.awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/", "c/")));
    assertThat(object.contribution()).containsExactly("[a/] to [eu-central-1]");

    object.set("suspend", "false").awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "b/", "c/")));
    object.set("suspend", "true").awaitSuspended();
    object.delete();
    object.awaitGone();

    object.awaitEvent("Retained!");
    other.delete();
    other.awaitGone();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "b/")));
  }

  @Test
  void aReferredRepositoryGoesInWhenItIsReadyAndOutWhenItGoes() {
    SourceRegistry source = source("ap-northeast-1");
    ReplicationManifest object =
        source
            .replication("by-reference")
            .create(spec("{repositoryRef: {name: referred}}, {prefix: a/}", "eu-central-1"));
    assertThat(object.awaitMessage("Progressing")).contains("referred");
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/")));

    RepositoryObject repository =
        scene
            .repository("referred", "team/referred")
            .create(
                "{name: team/referred, registry: {region: ap-northeast-1}, deletionPolicy:"
                    + " Delete}");
    object.awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/", "team/referred")));

    repository.delete();
    repository.awaitGone();
    object.awaitReason("Progressing");
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/")));
  }

  @Test
  void aReferredRepositoryOfAnotherRegistryIsRefused() {
    SourceRegistry source = source("ap-northeast-2");
    scene.repository("elsewhere").create("{registry: {region: us-west-2}}").awaitInSync();
    ReplicationManifest object =
        source
            .replication("refers-elsewhere")
            .create(spec("{repositoryRef: {name: elsewhere}}", "eu-central-1"));

    assertThat(object.awaitMessage("InvalidSpec"))
        .contains("elsewhere", "111122223333/us-west-2", "111122223333/ap-northeast-2");
    assertThat(source.document()).isEqualTo(NONE);
    object.set("repositories", "[{name: something}]").awaitInSync();
  }

  @Test
  void whatANameCatchesBeyondItselfIsTold() {
    SourceRegistry source = source("ap-northeast-3");
    source.registry().create("base/jre");
    source.registry().create("base/jre-debug");
    source.registry().create("base/go");
    ReplicationManifest object =
        source.replication("by-name").create(spec("{name: base/jre}", "eu-central-1"));
    object.awaitInSync();

    assertThat(object.overMatched()).containsExactly("base/jre-debug");
    assertThat(object.status().path("matchedRepositories").asInt()).isEqualTo(2);
    source.registry().delete("base/jre-debug");
    Patience.await("it to be gone from the status", object::overMatched, List::isEmpty);

    assertThat(Table.of(scene.cluster(), "imagereplications").row("by-name"))
        .containsEntry("READY", "True")
        .containsEntry("REASON", "InSync")
        .containsEntry("SYNCED", "0/1")
        .containsEntry("REPOSITORIES", "1")
        .containsKey("AGE");
  }

  @Test
  void aDocumentThatIsNotAsExpectedIsNeverWritten() {
    SourceRegistry source = source("ap-southeast-1");
    String odd = "{\"rules\":[7," + rule("us-west-2", "theirs/") + "]}";
    source.edit(odd);
    ReplicationManifest object =
        source.replication("unreadable").create(spec("{prefix: a/}", "eu-central-1"));

    JsonNode stored = object.awaitReason("ForeignRuleUnreadable");
    assertThat(ClusterObject.condition(stored, "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(ClusterObject.condition(stored, "Ready").path("message").asText())
        .contains("describe-registry");
    assertThat(source.text()).isEqualTo(odd);
    source.edit("{\"rules\":\"none\"}");
    source.awaitLooks(2);
    assertThat(source.puts()).isZero();
    object.awaitEvent("ForeignRuleUnreadable!");

    source.edit(NONE);
    object.awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/")));
  }

  @Test
  void theRoleThatReplicationNeedsIsNamedAndItGoesOnOnceItIsThere() {
    SourceRegistry source = source("ap-southeast-2");
    Fault denied = source.fault("PutReplicationConfiguration").replicationRoleDenied().always();
    ReplicationManifest object =
        source.replication("no-role").create(spec("{prefix: a/}", "eu-central-1"));

    assertThat(object.awaitMessage("AccessDenied"))
        .contains("ecr:PutReplicationConfiguration", "iam:CreateServiceLinkedRole");
    denied.clear();

    object.awaitInSync();
    assertThat(source.document()).isEqualTo(rules(rule("eu-central-1", "a/")));
    assertThat(object.contribution()).containsExactly("[a/] to [eu-central-1]");
  }

  @Test
  void theEditOfOneObjectWritesNoOthersStatus() {
    SourceRegistry source = source("ap-southeast-3");
    ReplicationManifest one =
        source.replication("edited").create(spec("{prefix: a/}", "eu-central-1"));
    ReplicationManifest other =
        source.replication("at-rest").create(spec("{prefix: b/}", "eu-central-1"));
    one.awaitInSync();
    other.awaitInSync();
    one.forgetThePast();
    other.forgetThePast();

    one.set("repositories", "[{prefix: c/}]").awaitInSync();
    source.awaitLooks(2);

    assertThat(one.writes()).containsExactly("patch/status", "update/status");
    assertThat(other.writes()).isEmpty();
  }

  @Test
  void aWipedStatusComesBackAndNothingIsWrittenToEcr() {
    SourceRegistry source = source("ap-southeast-4");
    ReplicationManifest object =
        source.replication("wiped").create(spec("{prefix: a/}", "eu-central-1"));
    object.awaitInSync();
    JsonNode contribution = object.status().path("contribution");

    object.wipeStatus();
    object.awaitInSync();

    assertThat(object.status().path("contribution")).isEqualTo(contribution);
    assertThat(source.puts()).isEqualTo(1);
    object.delete();
    object.awaitGone();
    assertThat(source.document()).isEqualTo(NONE);
  }

  @Test
  void anObjectThatWasRemovedByForceLeavesNoRuleWhileOthersStay() {
    SourceRegistry source = source("ap-southeast-5");
    ReplicationManifest forced =
        source.replication("forced").create(spec("{prefix: forced/}", "eu-central-1"));
    forced.awaitInSync();
    ReplicationManifest stays =
        source.replication("not-forced").create(spec("{prefix: stays/}", "eu-central-1"));
    stays.awaitInSync();
    // Its deletion by the operator waits: what is left then is taken away by hand.
    Fault denied = source.fault("PutReplicationConfiguration").accessDenied().always();

    forced.deleteByForce();
    denied.clear();

    source.awaitDocument(rules(rule("eu-central-1", "stays/")));
    stays.delete();
    stays.awaitGone();
    assertThat(source.document()).isEqualTo(NONE);
  }

  @Test
  void whatIsDeletedInAForeignHandWhileOthersWriteStaysAsTheyLeftIt() {
    SourceRegistry source = source("me-central-1");
    ReplicationManifest object =
        source.replication("gone-already").create(spec("{prefix: a/}", "eu-central-1"));
    object.awaitInSync();
    source.edit(rules(rule("us-west-2", "theirs/")));

    object.delete();
    object.awaitGone();

    Patience.throughout(
        Duration.ofSeconds(1),
        () -> assertThat(source.document()).isEqualTo(rules(rule("us-west-2", "theirs/"))));
  }
}
