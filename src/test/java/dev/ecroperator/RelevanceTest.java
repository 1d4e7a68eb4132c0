package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelevanceTest {
  private static final String TOLD =
      "{observedGeneration: 1, conditions: [{type: Ready, status: 'True'}]}";

  private static Repository object(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: ecroperator.dev/v1alpha1
        kind: Repository
        metadata: {name: api, namespace: payments, uid: uid-1, generation: 1}
        spec: {}
        status: %s
        """
            .formatted(status),
        Repository.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "{observedGeneration: -1}", "{conditions: []}"})
  void aStatusThatWasWipedIsLookedAt(String wiped) {
    assertThat(Relevance.ofUpdate(object(wiped), object(TOLD))).isTrue();
  }

  @Test
  void ourOwnStatusComingBackIsNot() {
    assertThat(Relevance.ofUpdate(object(TOLD), object("{observedGeneration: -1}"))).isFalse();
    assertThat(Relevance.ofUpdate(object("{origin: Created}"), object("{}"))).isFalse();
    assertThat(Relevance.ofUpdate(object(TOLD), object(TOLD))).isFalse();
  }

  @Test
  void whatIsStalledIsLookedAtUponAnyChangeOfItsOwner() {
    String stalled =
        "{conditions: [{type: Ready, status: 'False'}, {type: Stalled, status: 'True'}]}";
    Repository labelled = object(stalled);
    labelled.getMetadata().setLabels(Map.of("team", "payments"));
    Repository annotated = object(stalled);
    annotated.getMetadata().setAnnotations(Map.of("note", "mended"));
    Repository pinned = object(stalled);
    pinned.getMetadata().setAnnotations(Map.of(Annotations.TARGET, "1/eu-west-1/api"));

    assertThat(Relevance.ofUpdate(labelled, object(stalled))).isTrue();
    assertThat(Relevance.ofUpdate(annotated, object(stalled))).isTrue();
    assertThat(Relevance.ofUpdate(pinned, object(stalled))).isFalse();
    Repository inSync = object(TOLD);
    inSync.getMetadata().setLabels(Map.of("team", "payments"));
    assertThat(Relevance.ofUpdate(inSync, object(TOLD))).isFalse();
  }
}
