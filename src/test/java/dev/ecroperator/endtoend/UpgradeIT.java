package dev.ecroperator.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The operator is newer than the CRDs: they are upgraded later, or were rolled back. */
@Execution(ExecutionMode.CONCURRENT)
class UpgradeIT {
  /** What a CRD of before knows nothing of. */
  private static final Map<String, List<String>> UNKNOWN =
      Map.of(
          "repositories.ecroperator.dev-v1.yml", List.of("effective", "origin", "drift"),
          "imagereplications.ecroperator.dev-v1.yml", List.of("superseded", "overMatched"));

  @Test
  void underOlderCrdsWhatTheyKnowIsDoneAndToldOnce() throws IOException {
    try (Scene scene = Scene.withResync("1s").open()) {
      Path directory = Files.createTempDirectory(scene.directory(), "crds");
      try (KubernetesCluster older =
          Backends.separateCluster(olderCrds(directory), scene.directory())) {
        OperatorProcess operator =
            scene.startOperator(
                Map.of(
                    "KUBECONFIG",
                    older.kubeconfig().toString(),
                    "OPERATOR_WATCH_NAMESPACES",
                    older.namespace()));
        RepositoryObject object = scene.repositoryIn(older, "older");
        object.create(EditIT.EVERYTHING).awaitInSync();
        assertThat(object.status().has("effective")).isFalse();
        assertThat(object.status().has("managed")).isTrue();

        scene.outsider().create("older-debug", Map.of());
        var replication = new ReplicationManifest(older, "older", null);
        replication
            .create("{repositories: [{name: older}], destinations: [{region: eu-central-1}]}")
            .awaitInSync();
        assertThat(replication.status().has("contribution")).isTrue();

        SourceRegistry source = scene.source(Scene.REGION);
        object.awaitLooks(2);
        source.awaitLooks(2);
        object.forgetThePast();
        replication.forgetThePast();
        object.awaitLooks(4);
        source.awaitLooks(4);
        assertThat(object.writes()).isEmpty();
        assertThat(object.mutations()).isEmpty();
        assertThat(replication.overMatched()).isEmpty();
        assertThat(replication.writes()).isEmpty();
        replication.delete();
        replication.awaitGone();
        assertThat(scene.outsider().replicationRules()).isEmpty();

        object.set("tags", "{team: platform}");
        Patience.await("the tag", object::tags, tags -> "platform".equals(tags.get("team")));
        object.delete();
        object.awaitGone();
        assertThat(object.find()).isPresent();
        assertThat(operator.isAlive()).isTrue();
      }
    }
  }

  private static Path olderCrds(Path directory) throws IOException {
    for (Map.Entry<String, List<String>> each : UNKNOWN.entrySet()) {
      String text = Files.readString(Path.of("crds", each.getKey()));
      var crd = Serialization.unmarshal(text, CustomResourceDefinition.class);
      Map<String, JSONSchemaProps> members =
          crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema().getProperties();
      Map<String, JSONSchemaProps> status = requireNonNull(members.get("status")).getProperties();
      assertThat(status).containsKeys(each.getValue().toArray(String[]::new));
      status.keySet().removeAll(each.getValue());
      Files.writeString(directory.resolve(each.getKey()), Serialization.asYaml(crd));
    }
    return directory;
  }
}
