package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Lists, watches, the log of requests, and what can go wrong with them. */
class FaultsTest extends AgainstSimulator {
  @Test
  void aListIsReadInPagesOfOneMoment() {
    for (String name : List.of("a", "b", "c")) {
      create(name);
    }
    GenericKubernetesResourceList first =
        gadgets().list(new ListOptionsBuilder().withLimit(2L).build());
    create("aa");
    String token = first.getMetadata().getContinue();
    GenericKubernetesResourceList second =
        gadgets().list(new ListOptionsBuilder().withLimit(2L).withContinue(token).build());

    assertThat(names(first.getItems())).containsExactly("a", "b");
    assertThat(names(second.getItems())).containsExactly("c");
    simulator.faults().expireHistory();
    refused(
        410,
        "too old",
        () -> gadgets().list(new ListOptionsBuilder().withLimit(2L).withContinue(token).build()));
  }

  @Test
  void aListIsSelectedByLabelAndName() {
    create("one");
    GenericKubernetesResource two = gadget("two", Map.of("colour", "Red"));
    two.getMetadata().setLabels(Map.of("team", "a"));
    gadgets().resource(two).create();

    assertThat(names(gadgets().withLabel("team", "a").list().getItems())).containsExactly("two");
    assertThat(names(gadgets().withLabelIn("team", "b", "c").list().getItems())).isEmpty();
    assertThat(names(gadgets().withoutLabel("team").list().getItems())).containsExactly("one");
    assertThat(names(gadgets().withField("metadata.name", "one").list().getItems()))
        .containsExactly("one");
  }

  @Test
  void anInformerSeesEverythingThroughDroppedWatchesAndExpiredVersions() {
    List<String> seen = new CopyOnWriteArrayList<>();
    create("one");
    try (var informer = gadgets().inform(new Recorder(seen))) {
      await().atMost(PATIENCE).until(() -> seen.contains("added one"));
      gadgets().withName("one").edit(g -> annotated(g, "a", "b"));
      await().atMost(PATIENCE).until(() -> seen.contains("updated one"));

      simulator.faults().dropWatches();
      create("two");
      await().atMost(PATIENCE).until(() -> seen.contains("added two"));

      simulator.faults().expireHistory();
      create("three");
      await().atMost(PATIENCE).until(() -> seen.contains("added three"));

      simulator.delete("gadgets", "default", "two");
      await().atMost(PATIENCE).until(() -> seen.contains("deleted two"));
      assertThat(informer.isWatching()).isTrue();
    }
    assertThat(simulator.requests().of("watch", "gadgets")).hasSizeGreaterThan(1);
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
    public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
      seen.add("deleted " + object.getMetadata().getName());
    }
  }

  @Test
  void requestsAreLoggedAndWritesToldApart() {
    create("one");
    gadgets().withName("one").get();
    patch("one", PatchType.JSON_MERGE, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");

    assertThat(simulator.requests().writes())
        .extracting(r -> r.verb() + " " + r.resource() + " " + r.status())
        .containsExactly("create gadgets 201", "patch gadgets 200");
    assertThat(simulator.requests().of("get", "gadgets")).isNotEmpty();
    simulator.requests().clear();
    assertThat(simulator.requests().all()).isEmpty();
  }

  @Test
  void aFaultRefusesAsOftenAsScripted() {
    Fault fault = simulator.faults().on("create", "gadgets").times(2).answer(403);

    refused(403, "scripted", () -> create("one"));
    refused(403, "scripted", () -> create("one"));
    create("one");
    assertThat(fault.fired()).isEqualTo(2);
  }

  @Test
  void aFaultMayComeAfterTheCommit() {
    simulator.faults().on("create", "gadgets").answerAfterCommit(500);
    refused(500, "scripted", () -> create("one"));
    assertThat(simulator.get("gadgets", "default", "one")).isPresent();

    simulator.faults().on("patch", "gadgets").loseAnswer();
    assertThatThrownBy(
            () -> patch("one", PatchType.JSON_MERGE, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"))
        .isInstanceOf(KubernetesClientException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(stored("one").at("/metadata/labels/a").asText()).isEqualTo("b");
  }

  @Test
  void aHeldRequestIsDoneWhenReleased() throws Exception {
    Fault held = simulator.faults().on("create", "gadgets").hold();
    CompletableFuture<GenericKubernetesResource> creation =
        CompletableFuture.supplyAsync(() -> create("one"));

    assertThat(held.awaitArrival(PATIENCE)).isTrue();
    assertThat(simulator.list("gadgets")).isEmpty();
    held.release();
    creation.get(30, TimeUnit.SECONDS);
    assertThat(simulator.list("gadgets")).hasSize(1);
  }

  @Test
  void aServerThatIsDownAnswersNobody() {
    simulator.faults().down();
    assertThatThrownBy(() -> create("one")).hasCauseInstanceOf(IOException.class);
    simulator.faults().up();
    create("one");
  }

  @Test
  void anObjectPutBehindEveryonesBackIsUnchecked() {
    JsonNode put =
        simulator.put(
            Json.parse(
                """
                {"apiVersion": "example.dev/v1alpha1", "kind": "Gadget",
                 "metadata": {"name": "odd", "namespace": "default"},
                 "spec": {"colour": 7}, "status": {"observedGeneration": 3}}
                """));

    assertThat(put.at("/metadata/generation").asInt()).isEqualTo(1);
    GenericKubernetesResource read = gadgets().withName("odd").get();
    assertThat(read.<Integer>get("spec", "colour")).isEqualTo(7);
    // What was wrong before may stay wrong: else nobody could take a finalizer away.
    patch("odd", PatchType.JSON_MERGE, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
  }
}
