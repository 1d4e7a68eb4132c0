package dev.ecroperator.simulator.kube;

import static dev.ecroperator.simulator.kube.ServerUnderTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.simulator.Line;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only the simulator can do: see requests, fail on demand, act behind everyone's back. */
class KubeSimulatorTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String LABEL = "{\"labels\":{\"a\":\"b\"}}";

  @RegisterExtension static final ServerUnderTest server = new ServerUnderTest();

  private static Faults faults() {
    return server.simulator().faults();
  }

  @AfterEach
  void allIsWell() {
    faults().clear();
  }

  @Test
  void anInformerSeesEverythingThroughDroppedWatchesAndExpiredVersions() {
    List<String> seen = new CopyOnWriteArrayList<>();
    List<String> asked = new CopyOnWriteArrayList<>();
    faults().over(new TestLine(request -> asked.add(request.what()), request -> true));
    server.create("one", "{}");
    try (var informer = server.repositories().inform(new Recorder(seen))) {
      await().atMost(PATIENCE).until(() -> seen.contains("added one"));

      asked.clear();
      faults().dropWatches();
      await().atMost(PATIENCE).until(() -> asked.contains("watch repositories"));
      server.create("two", "{}");
      await().atMost(PATIENCE).until(() -> seen.contains("added two"));

      asked.clear();
      faults().expireHistory();
      faults().dropWatches();
      await().atMost(PATIENCE).until(() -> asked.contains("list repositories"));
      server.mergeMetadata("one", LABEL);
      await().atMost(PATIENCE).until(() -> seen.contains("updated one"));

      server.simulator().delete("repositories", server.namespace(), "two");
      await().atMost(PATIENCE).until(() -> seen.contains("deleted two"));
      assertThat(informer.isWatching()).isTrue();
    }
  }

  /** A line that carries some requests, and some answers. */
  private record TestLine(Predicate<Request> arriving, Predicate<Request> answered)
      implements Line {
    @Override
    public boolean carries(Request request) {
      return arriving.test(request);
    }

    @Override
    public boolean returns(Request request) {
      return answered.test(request);
    }
  }

  private record Recorder(List<String> seen)
      implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource object) {
      seen.add("added " + object.getMetadata().getName());
    }

    @Override
    public void onUpdate(GenericKubernetesResource old, GenericKubernetesResource object) {
      seen.add("updated " + object.getMetadata().getName());
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unknown) {
      seen.add("deleted " + object.getMetadata().getName());
    }
  }

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
  void aFaultRefusesAsOftenAsScripted() {
    Fault fault = faults().on("create", "repositories").times(2).answer(403);

    assertThat(refusal(() -> server.create("one", "{}")).getReason()).isEqualTo("Forbidden");
    assertThat(refusal(() -> server.create("one", "{}")).getCode()).isEqualTo(403);
    server.create("one", "{}");
    assertThat(fault).satisfies(f -> assertThat(f.awaitArrival(Duration.ZERO)).isTrue());
  }

  @Test
  void aFaultIsOfOneSubresource() {
    server.create("one", "{}");
    faults().on("update", "repositories/status").always().answer(500);

    GenericKubernetesResource object = server.stored("one");
    assertThat(refusal(() -> server.client().resource(object).updateStatus()).getCode())
        .isEqualTo(500);
    server.client().resource(object).update();
  }

  @Test
  void anAnswerMayBeLostAfterTheRequestIsDone() {
    server.create("one", "{}");
    faults().on("patch", "repositories").loseAnswer();

    assertThatThrownBy(() -> server.mergeMetadata("one", LABEL))
        .isInstanceOf(KubernetesClientException.class)
        .hasCauseInstanceOf(IOException.class);

    assertThat(server.stored("one").getMetadata().getLabels()).containsEntry("a", "b");
  }

  @Test
  void aHeldRequestIsDoneWhenReleased() throws Exception {
    Fault held = faults().on("create", "repositories").hold();
    var creation = CompletableFuture.supplyAsync(() -> server.create("one", "{}"));

    assertThat(held.awaitArrival(PATIENCE)).isTrue();
    assertThat(server.repositories().withName("one").get()).isNull();
    held.release();
    creation.get(1, TimeUnit.MINUTES);
    assertThat(server.stored("one").getMetadata().getName()).isEqualTo("one");
  }

  @Test
  void whatTheLineLosesIsNotDoneOrNotAnswered() {
    faults().over(new TestLine(request -> !request.changes(), request -> true));
    assertThatThrownBy(() -> server.create("one", "{}")).hasCauseInstanceOf(IOException.class);
    faults().over(new TestLine(request -> true, request -> !request.changes()));
    assertThatThrownBy(() -> server.create("two", "{}")).hasCauseInstanceOf(IOException.class);

    assertThat(server.repositories().list().getItems())
        .extracting(object -> object.getMetadata().getName())
        .containsExactly("two");
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
