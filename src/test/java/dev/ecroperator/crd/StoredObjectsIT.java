package dev.ecroperator.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.api.Repository;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Objects that were stored when the CRD had fewer rules. (A rule that cannot be evaluated, since a
 * field is missing that is required today, is not let through: make a new field required only with
 * rules that ask {@code has()} first.)
 */
class StoredObjectsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  @Test
  void anObjectThatTodaysRulesWouldRefuseIsStillReconciledAndDeleted() {
    try (var server = RealKubeApiServer.start().withCustomResourceDefinitions()) {
      var client = server.client();
      server.storeUnchecked(object(client));

      var resource = client.resources(Repository.class).withName("stored");
      resource.patch(
          MERGE,
          """
          {"metadata": {"finalizers": ["ecroperator.dev/finalizer"],
                        "annotations": {"ecroperator.dev/target": "1/r/n"}}}
          """);
      resource.subresource("status").patch(MERGE, "{\"status\": {\"observedGeneration\": 1}}");
      // What is not touched is let through, and so is what heals.
      resource.patch(MERGE, "{\"spec\": {\"suspend\": true}}");
      resource.patch(MERGE, "{\"spec\": {\"tags\": {\"aws:x\": null}}}");
      assertThatThrownBy(() -> resource.patch(MERGE, "{\"spec\": {\"tags\": {\"aws:a\": \"b\"}}}"))
          .hasMessageContaining("choose another key");

      resource.delete();
      assertThat(resource.get().isMarkedForDeletion()).isTrue();
      resource.subresource("status").patch(MERGE, "{\"status\": {\"observedGeneration\": 2}}");
      resource.patch(MERGE, "{\"metadata\": {\"finalizers\": null}}");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(resource.get()).isNull());
    }
  }

  private static GenericKubernetesResource object(KubernetesClient client) {
    return client
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: ecroperator.dev/v1alpha1
            kind: Repository
            metadata: {name: stored, namespace: default}
            spec:
              name: Payments
              imageTagMutability: {mode: ODD, exclusionFilters: [a/b]}
              encryption: {type: AES256, kmsKey: k}
              lifecyclePolicy:
                json: ""
                rules:
                  - rulePriority: 0
                    selection: {tagStatus: tagged, countType: some, countUnit: weeks, countNumber: 0}
                    action: {type: transition}
              tags: {"aws:x": "y"}
              deletionPolicy: Maybe
            """,
            GenericKubernetesResource.class);
  }
}
