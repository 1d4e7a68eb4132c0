package dev.ecroperator.endtoend;

import static dev.ecroperator.endtoend.SourceRegistry.rule;
import static dev.ecroperator.endtoend.SourceRegistry.rules;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A document that takes two rules. */
@ExtendWith(MotoDifferences.class)
class ReplicationLimitIT {
  @RegisterExtension
  static final Scene scene =
      Scene.withResync("5s", "OPERATOR_REPLICATION_LIMITS", "rules=2,destinations=100,filters=100");

  private static String spec(String prefix, String region) {
    return "repositories: [{prefix: " + prefix + "}]\ndestinations: [{region: " + region + "}]\n";
  }

  @Test
  void theNewestWaitsForRoomAndTheOthersGoOn() {
    SourceRegistry source = scene.source("eu-west-2");
    source.edit(rules(rule("us-west-2", "theirs/")));
    ReplicationManifest oldest = source.replication("oldest").create(spec("a/", "eu-central-1"));
    oldest.awaitInSync();
    ReplicationManifest newest = source.replication("newest").create(spec("b/", "eu-north-1"));

    JsonNode stored = newest.awaitReason("QuotaExceeded");
    assertThat(ClusterObject.condition(stored, "Stalled").path("status").asText())
        .isEqualTo("True");
    assertThat(ClusterObject.condition(stored, "Ready").path("message").asText())
        .contains("3 rules would be needed, the registry takes 2 (1 of them are of others)");
    assertThat(newest.contribution()).isEmpty();
    oldest.set("repositories", "[{prefix: c/}]").awaitInSync();
    assertThat(source.document())
        .isEqualTo(rules(rule("us-west-2", "theirs/"), rule("eu-central-1", "c/")));
    long sent = source.puts();
    source.awaitLooks(2);
    assertThat(source.puts()).isEqualTo(sent);

    oldest.delete();
    oldest.awaitGone();

    newest.awaitInSync();
    assertThat(source.document())
        .isEqualTo(rules(rule("us-west-2", "theirs/"), rule("eu-north-1", "b/")));
    assertThat(newest.events()).contains("QuotaExceeded!", "RulesApplied");
  }
}
