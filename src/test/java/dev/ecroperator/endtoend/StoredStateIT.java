package dev.ecroperator.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** What Kubernetes stores of an object is not what this operator would have left there. */
@Execution(ExecutionMode.CONCURRENT)
class StoredStateIT {

  @Test
  void aStatusThatWasWipedComesBackAndNothingIsChangedInEcr() {
    try (Scene scene = Scene.withResync("24h").open()) {
      scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("wiped").create(EditIT.EVERYTHING);
      JsonNode before = object.awaitInSync();
      var inEcr = object.inEcr();
      object.forgetThePast();

      object.wipeStatus();
      assertRestored(before, object.awaitInSync());
      // The real API server puts the CRD's default in its place.
      object.removeStatus();
      assertRestored(before, object.awaitInSync());

      assertThat(object.inEcr()).isEqualTo(inEcr);
      assertThat(object.mutations()).isSubsetOf("CreateRepository");
      assertThat(object.calls()).doesNotContain("DeleteRepository");
    }
  }

  private static void assertRestored(JsonNode before, JsonNode after) {
    for (String field :
        List.of("managed", "origin", "arn", "uri", "registryId", "region", "name", "createdAt")) {
      assertThat(after.path("status").path(field)).isEqualTo(before.path("status").path(field));
    }
    assertThat(after.path("spec")).isEqualTo(before.path("spec"));
  }

  @Test
  void aSpecOfANewerCrdIsKeptAndWhatIsNotKnownDoesLeast() throws IOException {
    try (Scene scene = Scene.withResync("24h").open()) {
      Path directory = Files.createTempDirectory(scene.directory(), "crds");
      try (KubernetesCluster newer =
          Backends.separateCluster(newerCrds(directory), scene.directory())) {
        scene.startOperator(
            Map.of(
                "KUBECONFIG",
                newer.kubeconfig().toString(),
                "OPERATOR_WATCH_NAMESPACES",
                newer.namespace()));
        RepositoryObject known = scene.repositoryIn(newer, "known");
        RepositoryObject unknown = scene.repositoryIn(newer, "unknown");
        known.create("{future: {depth: 3}, tags: {a: b}}").awaitInSync();
        unknown.create("{future: {depth: 3}, deletionPolicy: Archive, tags: {a: b}}");

        assertThat(unknown.awaitMessage("InvalidSpec")).contains("deletionPolicy", "Archive");
        assertThat(unknown.tags()).containsEntry("a", "b");
        for (RepositoryObject object : List.of(known, unknown)) {
          assertThat(object.stored().at("/spec/future/depth").asInt()).isEqualTo(3);
          object.delete();
          object.awaitGone();
          assertThat(object.find()).isPresent();
        }
      }
    }
  }

  private static Path newerCrds(Path directory) throws IOException {
    Path file = Path.of("crds", "repositories.ecroperator.dev-v1.yml");
    var crd = Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
    Map<String, JSONSchemaProps> members =
        crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema().getProperties();
    Map<String, JSONSchemaProps> spec = requireNonNull(members.get("spec")).getProperties();
    spec.put(
        "future",
        new JSONSchemaPropsBuilder()
            .withType("object")
            .withXKubernetesPreserveUnknownFields(true)
            .build());
    spec.put("deletionPolicy", new JSONSchemaPropsBuilder().withType("string").build());
    Path other = Path.of("crds", "imagereplications.ecroperator.dev-v1.yml");
    Files.copy(other, directory.resolve(other.getFileName()));
    Files.writeString(directory.resolve("repositories.yaml"), Serialization.asYaml(crd));
    return directory;
  }

  @Test
  void anObjectOfAnEarlierCrdGetsItsStatusAndGoes() {
    try (Scene scene = Scene.withResync("24h").open();
        KubernetesCluster cluster = Backends.separateCluster(Path.of("crds"), scene.directory())) {
      cluster.storeUnchecked(
          """
          apiVersion: ecroperator.dev/v1alpha1
          kind: Repository
          metadata: {name: earlier, namespace: %s}
          spec: {name: Not-A-Name, tags: {a: b}, deletionPolicy: ForceDelete, dropped: 1}
          """
              .formatted(cluster.namespace()));
      scene.startOperator(
          Map.of(
              "KUBECONFIG",
              cluster.kubeconfig().toString(),
              "OPERATOR_WATCH_NAMESPACES",
              cluster.namespace()));
      RepositoryObject earlier = scene.repositoryIn(cluster, "earlier");
      RepositoryObject today = scene.repositoryIn(cluster, "today").create("{}");

      assertThat(earlier.awaitMessage("InvalidSpec")).contains("spec.name");
      today.awaitInSync();
      earlier.delete();
      earlier.awaitGone();

      assertThat(scene.calls()).noneMatch(call -> call.operation().equals("DeleteRepository"));
    }
  }

  @Test
  void anObjectMadeAnewWithAnotherUidWhileNobodyLookedIsConverged() throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").open()) {
      OperatorProcess first = scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("another-uid").create(EditIT.EVERYTHING);
      String uid = object.awaitInSync().at("/metadata/uid").asText();
      first.kill();
      object.deleteByForce();
      object.create("{scanning: {scanOnPush: false}, deletionPolicy: Delete}");
      object.forgetThePast();

      scene.startOperator(Map.of());
      JsonNode stored = object.awaitInSync();

      assertThat(stored.at("/metadata/uid").asText()).isNotEqualTo(uid);
      assertThat(object.managed()).containsExactly("scanning");
      assertThat(object.inEcr().scanOnPush()).isFalse();
      // What the new manifest does not mention stays.
      assertThat(object.tags()).containsEntry("team", "payments");
      assertThat(object.inEcr().lifecycle()).isNotNull();
      object.delete();
      object.awaitGone();
      assertThat(object.find()).isEmpty();
    }
  }
}
