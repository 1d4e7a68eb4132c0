package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class WorkingCopiesTest {
  private static final String STORED =
      """
      {
        "apiVersion": "ecroperator.dev/v1alpha1",
        "kind": "Repository",
        "metadata": {
          "name": "copied",
          "namespace": "default",
          "uid": "1",
          "resourceVersion": "7",
          "generation": 2,
          "creationTimestamp": "2026-01-01T00:00:00Z",
          "deletionTimestamp": "2026-01-02T00:00:00Z",
          "labels": {"a": "b"},
          "annotations": {"c": "d"},
          "finalizers": ["ecroperator.dev/finalizer"],
          "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "o", "uid": "2"}],
          "managedFields": [{"manager": "m", "operation": "Update", "fieldsV1": {"f:spec": {}}}]
        },
        "spec": {"visibility": "Private", "tags": {"team": "payments"}},
        "status": {"observedGeneration": 1}
      }
      """;

  private final KubernetesSerialization serialization = new KubernetesSerialization();
  private final WorkingCopies copies = new WorkingCopies(serialization);

  private Repository cached() {
    return serialization.unmarshal(STORED, Repository.class);
  }

  @Test
  void aCopySaysWhatTheCacheSays() {
    assertThat(serialization.asJson(copies.clone(cached())))
        .isEqualTo(serialization.asJson(cached()));
  }

  @Test
  void whatAPassChangesIsNotChangedInTheCache() {
    Repository cached = cached();

    Repository copy = copies.clone(cached);
    copy.setStatus(RepositoryStatus.BLANK);
    copy.getMetadata().setResourceVersion("8");
    copy.getMetadata().getAnnotations().put("e", "f");
    copy.getMetadata().getLabels().clear();
    copy.getMetadata().getFinalizers().clear();

    assertThat(serialization.asJson(cached)).isEqualTo(serialization.asJson(cached()));
  }

  @Test
  void objectsOfOtherKindsAreCopiedToo() {
    ConfigMap cached =
        new ConfigMapBuilder().withNewMetadata().endMetadata().addToData("a", "b").build();

    ConfigMap copy = copies.clone(cached);
    copy.getData().put("a", "c");

    assertThat(cached.getData()).containsEntry("a", "b");
  }
}
