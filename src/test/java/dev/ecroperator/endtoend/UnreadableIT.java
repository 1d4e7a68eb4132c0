package dev.ecroperator.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Objects whose values are of other types than this operator knows: another CRD let them in. */
@Execution(ExecutionMode.CONCURRENT)
class UnreadableIT {
  /** By kind, a member of spec that its CRD says nothing about here. */
  private static final Map<String, String> OPEN =
      Map.of("repositories", "scanning", "imagereplications", "destinations");

  @Test
  void anObjectThatCannotBeReadStopsNeitherTheOthersNorTheProcess() throws Exception {
    try (Scene scene = Scene.withResync("24h").open()) {
      Path crds = looseCrds(Files.createTempDirectory(scene.directory(), "crds"));
      try (KubernetesCluster loose = Backends.separateCluster(crds, scene.directory())) {
        Map<String, String> settings =
            Map.of(
                "KUBECONFIG",
                loose.kubeconfig().toString(),
                "OPERATOR_WATCH_NAMESPACES",
                loose.namespace());
        RepositoryObject stored = scene.repositoryIn(loose, "stored");
        stored.create("{scanning: {scanOnPush: often}, deletionPolicy: ForceDelete}");
        OperatorProcess first = scene.startOperator(settings);
        assertThat(stored.awaitMessage("InvalidSpec")).contains("spec.scanning.scanOnPush");

        RepositoryObject edited = scene.repositoryIn(loose, "edited");
        edited.create("{scanning: {scanOnPush: true}, deletionPolicy: ForceDelete}").awaitInSync();
        var replication = new ReplicationManifest(loose, "watched", null);
        replication.create("{repositories: [{name: edited}], destinations: soon}");
        edited.set("scanning", "[1, 2]");
        assertThat(edited.awaitMessage("InvalidSpec")).contains("spec.scanning");
        assertThat(replication.awaitMessage("InvalidSpec")).contains("spec.destinations");
        scene.repositoryIn(loose, "other").create("{}").awaitInSync();
        assertThat(edited.inEcr().scanOnPush()).as("what it declared before stands").isTrue();

        first.kill();
        scene.startOperator(settings);
        scene.repositoryIn(loose, "later").create("{}").awaitInSync();
        stored.set("scanning", "{scanOnPush: true}").awaitInSync();

        for (ClusterObject<?> object : List.of(edited, replication)) {
          object.delete();
          object.awaitGone();
        }
        edited.awaitEvent("Retained!");
        assertThat(edited.find()).as("who cannot be read deletes nothing").isPresent();
      }
    }
  }

  private static Path looseCrds(Path directory) throws IOException {
    for (Map.Entry<String, String> kind : OPEN.entrySet()) {
      String file = kind.getKey() + ".ecroperator.dev-v1.yml";
      var crd =
          Serialization.unmarshal(
              Files.readString(Path.of("crds", file)), CustomResourceDefinition.class);
      Map<String, JSONSchemaProps> members =
          crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema().getProperties();
      JSONSchemaProps spec = requireNonNull(members.get("spec"));
      spec.setXKubernetesValidations(null);
      spec.getProperties()
          .put(
              kind.getValue(),
              new JSONSchemaPropsBuilder().withXKubernetesPreserveUnknownFields(true).build());
      Files.writeString(directory.resolve(file), Serialization.asYaml(crd));
    }
    return directory;
  }
}
