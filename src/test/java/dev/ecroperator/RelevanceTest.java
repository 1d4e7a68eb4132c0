package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
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
}
