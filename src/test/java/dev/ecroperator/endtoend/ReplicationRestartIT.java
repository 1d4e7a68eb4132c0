package dev.ecroperator.endtoend;

import static dev.ecroperator.endtoend.SourceRegistry.rule;
import static dev.ecroperator.endtoend.SourceRegistry.rules;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The process ends and comes back, and the rules are as they were. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class ReplicationRestartIT {
  private static final String SPEC =
      "repositories: [{prefix: a/}]\ndestinations: [{region: eu-central-1}]\n";
  private static final String DOCUMENT = rules(rule("eu-central-1", "a/"));

  @Test
  void afterARestartWhatIsUnchangedIsReadAndNotWritten() throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").open()) {
      OperatorProcess first = scene.startOperator(Map.of());
      SourceRegistry source = scene.source(Scene.REGION);
      ReplicationManifest object = scene.replication("unchanged").create(SPEC);
      object.awaitInSync();
      assertThat(source.document()).isEqualTo(DOCUMENT);
      assertThat(first.stop()).isZero();
      object.forgetThePast();
      long puts = source.puts();

      scene.startOperator(Map.of());
      source.awaitLooks(1);

      Patience.throughout(
          Duration.ofSeconds(2),
          () -> {
            assertThat(source.puts()).isEqualTo(puts);
            assertThat(object.writes()).isEmpty();
          });
    }
  }

  @Test
  void restartedInAnotherRegionItKeepsThePinnedSource() throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").open()) {
      OperatorProcess first = scene.startOperator(Map.of());
      ReplicationManifest object = scene.replication("pinned").create(SPEC);
      object.awaitInSync();
      assertThat(first.stop()).isZero();

      scene.startOperator(Map.of("AWS_REGION", "us-west-2"));
      JsonNode stored = object.set("repositories", "[{prefix: b/}]").awaitInSync();

      assertThat(scene.source(Scene.REGION).document())
          .isEqualTo(rules(rule("eu-central-1", "b/")));
      assertThat(scene.source("us-west-2").document()).isEqualTo("{\"rules\":[]}");
      assertThat(stored.at("/status/region").asText()).isEqualTo(Scene.REGION);
    }
  }

  @Test
  void restartedInAnotherAccountItTouchesNothing() throws InterruptedException {
    try (Scene scene = Scene.withResync("2s").open()) {
      OperatorProcess first = scene.startOperator(Map.of());
      ReplicationManifest object = scene.replication("moved").create(SPEC);
      object.awaitInSync();
      first.kill();

      OperatorProcess second = scene.startOperator(Map.of("AWS_ACCESS_KEY_ID", "999999999999"));
      assertThat(object.awaitMessage("ImmutableConflict")).contains("111122223333", "999999999999");
      assertThat(scene.ecrSimulator().replicationConfiguration("999999999999", Scene.REGION))
          .isEqualTo("{\"rules\":[]}");
      assertThat(object.contribution()).containsExactly("[a/] to [eu-central-1]");
      second.kill();

      scene.startOperator(Map.of());
      object.awaitInSync();
      assertThat(scene.source(Scene.REGION).document()).isEqualTo(DOCUMENT);
    }
  }

  @Test
  void aStatusThatWasLostMeanwhileMakesNoRuleTwice() throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").open()) {
      OperatorProcess first = scene.startOperator(Map.of());
      ReplicationManifest object = scene.replication("restored").create(SPEC);
      object.awaitInSync();
      first.kill();
      object.wipeStatus();

      scene.startOperator(Map.of());
      object.awaitInSync();

      // Nobody knows whose the rule is: it is taken for somebody else's, and says enough.
      assertThat(scene.source(Scene.REGION).document()).isEqualTo(DOCUMENT);
      assertThat(object.contribution()).isEmpty();
      object.set("repositories", "[{prefix: b/}]").awaitInSync();
      assertThat(scene.source(Scene.REGION).document())
          .isEqualTo(rules(rule("eu-central-1", "a/"), rule("eu-central-1", "b/")));
    }
  }

  @Test
  void killedWhileItWritesItKnowsItsOwnRules() throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").open()) {
      SourceRegistry source = scene.source(Scene.REGION);
      var hanging = source.fault("PutReplicationConfiguration").hangAfterCommit().times(1);
      OperatorProcess first = scene.startOperator(Map.of());
      ReplicationManifest object = scene.replication("half-written").create(SPEC);
      source.awaitDocument(DOCUMENT);
      first.kill();
      hanging.clear();

      scene.startOperator(Map.of());
      object.awaitInSync();
      assertThat(object.contribution()).containsExactly("[a/] to [eu-central-1]");
      assertThat(object.status().has("superseded")).isFalse();
      object.delete();
      object.awaitGone();
      assertThat(source.document()).isEqualTo("{\"rules\":[]}");
    }
  }
}
