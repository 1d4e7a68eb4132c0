package dev.ecroperator.endtoend;

import static dev.ecroperator.endtoend.SourceRegistry.rule;
import static dev.ecroperator.endtoend.SourceRegistry.rules;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.simulator.ecr.BackDoor;
import java.time.Duration;
import java.util.List;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * How far the images are. Each test has a source region and a destination region of its own, and
 * touches the object once: what comes after is seen by the resyncs.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class ReplicationProgressIT {
  private static final String OTHER_ACCOUNT = "444455556666";

  @RegisterExtension
  static final Scene scene = Scene.withResync("3s", "OPERATOR_AUDIT_RATE", "100/s");

  private static BackDoor destination(String account, String region) {
    return scene.ecrSimulator().backDoor(account, region);
  }

  private static ReplicationManifest toRegion(
      SourceRegistry source, String name, String... destinations) {
    return source
        .replication(name)
        .create(
            "repositories: [{prefix: team/}]\ndestinations: [{region: "
                + String.join("}, {region: ", destinations)
                + "}]\n");
  }

  @Test
  void anImageOnItsWayIsSeenToArrive() {
    SourceRegistry source = scene.source("eu-west-2");
    ReplicationManifest object = toRegion(source, "arrives", "ap-east-1");
    JsonNode stored = object.awaitReason("Synced", "Unverified");
    assertThat(ClusterObject.condition(stored, "Synced").path("status").asText())
        .isEqualTo("Unknown");
    assertThat(ClusterObject.condition(stored, "Ready").path("status").asText()).isEqualTo("True");
    long generation = stored.at("/metadata/generation").asLong();

    destination(OperatorProcess.ACCOUNT, "ap-east-1").arrivalsTake(Duration.ofDays(1));
    source.registry().create("team/api");
    source.registry().putImage("team/api", "v1");
    JsonNode underWay = object.awaitDestination("ap-east-1", "Replicating");
    assertThat(underWay.path("oldestPendingAt").asText()).isNotEmpty();
    assertThat(underWay.at("/images/inProgress").asInt()).isEqualTo(1);
    object.awaitReason("Synced", "Replicating");
    String labels = "destination_account=\"111122223333\",destination_region=\"ap-east-1\"";
    awaitMetric(
        "ecr_operator_replication_images{" + labels + ",state=\"inProgress\"}",
        value -> value == 1);
    awaitMetric("ecr_operator_replication_lag_seconds{" + labels + "}", value -> value > 0);

    destination(OperatorProcess.ACCOUNT, "ap-east-1").arrivalsTake(Duration.ZERO);
    JsonNode arrived = object.awaitDestination("ap-east-1", "Synced");
    assertThat(arrived.at("/images/complete").asInt()).isEqualTo(1);
    assertThat(arrived.has("oldestPendingAt")).isFalse();
    JsonNode end = object.awaitReason("Synced", "Synced");

    assertThat(ClusterObject.condition(end, "Synced").path("status").asText()).isEqualTo("True");
    assertThat(end.at("/status/synced").asText()).isEqualTo("1/1");
    assertThat(end.at("/status/matchedRepositories").asInt()).isEqualTo(1);
    assertThat(end.at("/metadata/generation").asLong()).isEqualTo(generation);
    assertThat(ClusterObject.condition(end, "Ready"))
        .isEqualTo(ClusterObject.condition(stored, "Ready"));
    awaitMetric(
        "ecr_operator_replication_images{" + labels + ",state=\"complete\"}", value -> value == 1);
    awaitMetric("ecr_operator_replication_lag_seconds{" + labels + "}", value -> value == 0);
    assertThat(object.events()).containsExactly("RulesApplied");
    assertThat(source.puts()).isEqualTo(1);
  }

  @Test
  void whatDidNotArriveIsNamed() {
    SourceRegistry source = scene.source("eu-west-3");
    destination(OperatorProcess.ACCOUNT, "ap-east-2").failArrivals("KMS_KEY_GONE");
    source.registry().create("team/api");
    ReplicationManifest object = toRegion(source, "fails", "ap-east-2", "ca-central-1");
    JsonNode ready = ClusterObject.condition(object.awaitInSync(), "Ready");

    String digest = source.registry().putImage("team/api", "v1");

    JsonNode degraded = object.awaitDestination("ap-east-2", "Degraded");
    JsonNode failure = degraded.at("/failures/0");
    assertThat(failure.path("repository").asText()).isEqualTo("team/api");
    assertThat(failure.path("digest").asText()).isEqualTo(digest);
    assertThat(failure.path("code").asText()).isEqualTo("KMS_KEY_GONE");
    object.awaitDestination("ca-central-1", "Synced");
    object.awaitReason("Synced", "Degraded");
    assertThat(object.syncedMessage())
        .contains("111122223333/ap-east-2", "team/api@" + digest, "KMS_KEY_GONE");
    assertThat(object.status().path("synced").asText()).isEqualTo("1/2");
    assertThat(ClusterObject.condition(object.stored(), "Ready")).isEqualTo(ready);
    object.awaitEvent("DestinationDegraded!");

    // ECR replicates no image a second time: the failed one is pushed again under a new digest.
    destination(OperatorProcess.ACCOUNT, "ap-east-2").failArrivals(null);
    source.registry().deleteImages("team/api");
    source.registry().putImage("team/api", "v1");
    object.awaitDestination("ap-east-2", "Synced");
    object.awaitEvent("DestinationRecovered");
  }

  @Test
  void aDestinationThatLetsNobodyInIsToldWithTheStatementThatItLacks() throws Exception {
    SourceRegistry source = scene.source("eu-north-1");
    source.registry().create("team/api");
    ReplicationManifest object =
        source
            .replication("not-let-in")
            .create(
                """
                repositories: [{prefix: team/}]
                destinations: [{region: us-east-1, accountId: "444455556666"}]
                """);
    JsonNode ready = ClusterObject.condition(object.awaitInSync(), "Ready");
    source.registry().putImage("team/api", "v1");

    object.awaitDestination("us-east-1", "Unauthorized");
    object.awaitReason("Synced", "Unauthorized");
    object.awaitEvent("DestinationUnauthorized!");
    String message = object.syncedMessage();
    assertThat(message).contains("444455556666/us-east-1");
    String statement = message.substring(message.indexOf('{'), message.lastIndexOf('}') + 1);
    JsonNode policy =
        new ObjectMapper()
            .readTree("{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}");

    // What the message says is what mends it.
    destination(OTHER_ACCOUNT, "us-east-1").setRegistryPolicy(policy.toString());
    source.registry().deleteImages("team/api");
    source.registry().putImage("team/api", "v2");

    object.awaitDestination("us-east-1", "Synced");
    object.awaitReason("Synced", "Synced");
    object.awaitEvent("DestinationRecovered");
    assertThat(ClusterObject.condition(object.stored(), "Ready")).isEqualTo(ready);
    assertThat(scene.ecrSimulator().images(OTHER_ACCOUNT, "us-east-1")).containsKey("team/api");
    assertThat(object.events())
        .containsExactlyInAnyOrder(
            "RulesApplied", "DestinationUnauthorized!", "DestinationRecovered");
  }

  @Test
  void laterImagesThatAreLetInMakeItBetterWhileTheEarlierOneIsNamed() {
    SourceRegistry source = scene.source("eu-south-1");
    source.registry().create("team/api");
    ReplicationManifest object =
        source
            .replication("let-in-later")
            .create(
                """
                repositories: [{prefix: team/}]
                destinations: [{region: us-west-1, accountId: "444455556666"}]
                """);
    object.awaitInSync();
    String refused = source.registry().putImage("team/api", "v1");
    object.awaitDestination("us-west-1", "Unauthorized");

    destination(OTHER_ACCOUNT, "us-west-1").admitReplicationFrom(OperatorProcess.ACCOUNT);
    source.registry().putImage("team/api", "v2");

    JsonNode degraded = object.awaitDestination("us-west-1", "Degraded");
    assertThat(degraded.at("/images/complete").asInt()).isEqualTo(1);
    assertThat(degraded.at("/failures/0/digest").asText()).isEqualTo(refused);
  }

  @Test
  void aNewDestinationIsUnverifiedBesideOneThatHasAll() {
    SourceRegistry source = scene.source("eu-south-2");
    source.registry().create("team/api");
    ReplicationManifest object = toRegion(source, "grows", "ap-south-1");
    object.awaitInSync();
    source.registry().putImage("team/api", "v1");
    object.awaitDestination("ap-south-1", "Synced");

    object.set("destinations", "[{region: ap-south-1}, {region: ap-south-2}]").awaitInSync();

    assertThat(source.document())
        .isEqualTo(rules(rule(List.of("ap-south-1", "ap-south-2"), "team/")));
    object.awaitDestination("ap-south-2", "Unverified");
    object.awaitReason("Synced", "Unverified");
    assertThat(object.status().path("synced").asText()).isEqualTo("1/2");
  }

  private static void awaitMetric(String name, DoublePredicate wanted) {
    Patience.await(
        name,
        () ->
            scene
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .boxed()
                .toList(),
        values -> values.size() == 1 && wanted.test(values.getFirst()));
  }
}
