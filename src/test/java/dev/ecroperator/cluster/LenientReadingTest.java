package dev.ecroperator.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LenientReadingTest {
  private static final String META =
      "apiVersion: ecroperator.dev/v1alpha1, kind: %s, metadata: {name: api, generation: 3}, ";

  private final KubernetesSerialization serialization = LenientReading.serialization();

  private Repository repository(String members) {
    return serialization.unmarshal(
        "---\n{" + META.formatted("Repository") + members + "}", Repository.class);
  }

  @Test
  void whatFitsIsReadWhole() {
    Repository read = repository("spec: {tags: {team: a}}, status: {origin: Created}");
    assertThat(read.unreadable()).isNull();
    assertThat(read.getSpec().tags()).isEqualTo(Map.of("team", "a"));
    assertThat(read.getStatus().origin()).isEqualTo("Created");
    assertThat(read.getMetadata().getGeneration()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spec: {tags: [1, 2]}                                          | spec.tags",
        "spec: {name: {a: b}}                                          | spec.name",
        "spec: {scanning: {scanOnPush: perhaps}}                       | spec.scanning.scanOnPush"
            + " ",
        "spec: {lifecyclePolicy: {rules: [{rulePriority: first}]}} |"
            + " spec.lifecyclePolicy.rules[0].rulePriority ",
        "spec: often                                                   | spec",
        "spec: {tags: [1, 2]}, status: {managed: {}}                   | status.managed",
        "status: {managed: 7, origin: Created}, spec: {name: api}      | status.managed ",
      })
  void whatDoesNotFitIsNamedAndTheRestIsRead(String members, String named) {
    Repository read = repository(members);
    assertThat(read.unreadable()).isEqualTo(named);
    assertThat(read.getMetadata().getName()).isEqualTo("api");
    assertThat(read.getSpec()).isNotNull();
    assertThat(serialization.asJson(read)).doesNotContain("unreadable");
  }

  @Test
  void whatIsWrongWithTheSpecLeavesTheStatus() {
    Repository read =
        repository("spec: {tags: [1]}, status: {origin: Created, managed: [scanning]}");
    assertThat(read.unreadable()).isNotNull();
    assertThat(read.getSpec().tags()).isNull();
    assertThat(read.getStatus().managed()).isEqualTo(List.of("scanning"));
  }

  @Test
  void oneOfAListLeavesTheOthers() {
    String list =
        """
        {"apiVersion": "ecroperator.dev/v1alpha1", "kind": "RepositoryList", "metadata": {}, "items": [
          {"metadata": {"name": "bad"}, "spec": {"tags": [1]}},
          {"metadata": {"name": "good"}, "spec": {"tags": {"team": "a"}}}]}
        """;
    List<Repository> items =
        serialization
            .unmarshal(
                new ByteArrayInputStream(list.getBytes(UTF_8)),
                new TypeReference<DefaultKubernetesResourceList<Repository>>() {})
            .getItems();
    assertThat(items.getFirst().unreadable()).isEqualTo("spec.tags");
    assertThat(items.getLast().unreadable()).isNull();
    assertThat(items.getLast().getSpec().tags()).isEqualTo(Map.of("team", "a"));
  }

  @Test
  void whatAWatchBringsIsReadAlike() {
    serialization.registerKubernetesResource(ImageReplication.class);
    WatchEvent event =
        serialization.unmarshal(
            "---\n{type: MODIFIED, object: {"
                + META.formatted("ImageReplication")
                + "spec: {repositories: all}}}",
            WatchEvent.class);
    assertThat(event.getObject())
        .isInstanceOfSatisfying(
            ImageReplication.class,
            read -> assertThat(read.unreadable()).isEqualTo("spec.repositories"));
  }
}
