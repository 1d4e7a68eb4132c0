package dev.ecroperator.simulator.kube;

import static dev.ecroperator.simulator.kube.ServerUnderTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only the simulator can do: see requests, act behind everyone's back. */
class KubeSimulatorTest {
  private static final String LABEL = "{\"labels\":{\"a\":\"b\"}}";

  @RegisterExtension static final ServerUnderTest server = new ServerUnderTest();

  @Test
  void writesAreLoggedAndDryRunsAreNot() {
    server.simulator().requests().clear();
    server.create("one", "{}");
    server.stored("one");
    server.mergeMetadata("one", LABEL);
    server.repositories().withName("one").dryRun(true).delete();
    refusal(() -> server.create("one", "{}"));

    assertThat(server.simulator().requests().writes())
        .extracting(r -> r.verb() + " " + r.resource())
        .containsExactly("create repositories", "patch repositories", "create repositories");
  }

  @Test
  void anObjectPutBehindEveryonesBackIsUnchecked() {
    JsonNode put =
        server
            .simulator()
            .put(
                Json.parse(
                    """
                    {"apiVersion": "ecroperator.dev/v1alpha1", "kind": "Repository",
                     "metadata": {"name": "odd", "namespace": "%s"},
                     "spec": {"suspend": 7}, "status": {"observedGeneration": 3}}
                    """
                        .formatted(server.namespace())));

    assertThat(put.at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(server.stored("odd").<Integer>get("spec", "suspend")).isEqualTo(7);
    assertThat(server.stored("odd").<Integer>get("status", "observedGeneration")).isEqualTo(3);
  }
}
