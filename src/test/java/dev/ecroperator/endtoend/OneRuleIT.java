package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One replication rule comes, changes and goes: as much as every ECR has, moto too. */
class OneRuleIT {
  @RegisterExtension static final Scene scene = Scene.withResync("24h");

  @Test
  void itComesChangesAndGoes() {
    ReplicationManifest object =
        scene
            .replication("one-rule")
            .create("{repositories: [{prefix: a/}], destinations: [{region: eu-central-1}]}");
    object.awaitInSync();
    assertThat(scene.outsider().replicationRules()).containsExactly("[a/] to [eu-central-1]");

    object.set("repositories", "[{prefix: a/}, {prefix: b/}]").awaitInSync();
    assertThat(scene.outsider().replicationRules()).containsExactly("[a/, b/] to [eu-central-1]");

    object.delete();
    object.awaitGone();
    assertThat(scene.outsider().replicationRules()).isEmpty();
  }
}
