package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How objects come to be, change and go. */
class KubeSimulatorTest extends AgainstSimulator {
  @Test
  void aNewObjectGetsWhatTheServerGives() {
    GenericKubernetesResource created = create("one");

    assertThat(created.getMetadata().getUid()).isNotEmpty();
    assertThat(created.getMetadata().getCreationTimestamp()).isNotEmpty();
    assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(created.getAdditionalProperties().get("status"))
        .isEqualTo(Map.of("observedGeneration", -1));
    refused(409, "gadgets.example.dev \"one\" already exists", () -> create("one"));
    refused(404, "namespaces \"no\" not found", () -> createIn("no"));
  }

  @Test
  void theSchemaRefusesInTheWordsOfTheRealServer() {
    refused(
        422,
        "Gadget.example.dev \"x\" is invalid: spec.colour: Unsupported value: \"Blue\":"
            + " supported values: \"Red\", \"Green\"",
        () -> gadgets().resource(gadget("x", Map.of("colour", "Blue"))).create());
    refused(
        422,
        "spec.colour: Required value",
        () -> gadgets().resource(gadget("x", Map.of())).create());
    refused(
        422,
        "spec.code: Invalid value: \"A1\": spec.code in body should match '^[a-z]+$'",
        () -> gadgets().resource(gadget("x", Map.of("colour", "Red", "code", "A1"))).create());
    refused(
        422,
        "spec.size: Invalid value: \"string\": spec.size in body must be of type integer:"
            + " \"string\"",
        () -> gadgets().resource(gadget("x", Map.of("colour", "Red", "size", "2"))).create());
    refused(
        422,
        "spec.words: Too many: 4: must have at most 3 items",
        () ->
            gadgets()
                .resource(
                    gadget("x", Map.of("colour", "Red", "words", List.of("a", "b", "c", "d"))))
                .create());
    assertThat(simulator.list("gadgets")).isEmpty();
  }

  @Test
  void unknownFieldsArePruned() {
    gadgets().resource(gadget("one", Map.of("colour", "Red", "foo", 1))).create();

    assertThat(stored("one").path("spec").has("foo")).isFalse();
  }

  @Test
  void theGenerationMovesWithTheSpecOnly() {
    create("one");

    gadgets().withName("one").edit(g -> annotated(g, "a", "b"));
    assertThat(stored("one").at("/metadata/generation").asInt()).isEqualTo(1);
    gadgets().withName("one").edit(g -> withSpec(g, Map.of("colour", "Green")));
    assertThat(stored("one").at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @Test
  void aWriteThatChangesNothingIsNone() {
    GenericKubernetesResource created = create("one");

    GenericKubernetesResource updated = gadgets().resource(created).update();

    assertThat(updated.getMetadata().getResourceVersion())
        .isEqualTo(created.getMetadata().getResourceVersion());
  }

  @Test
  void aStaleUpdateIsAConflict() {
    GenericKubernetesResource created = create("one");
    gadgets().withName("one").edit(g -> annotated(g, "a", "b"));

    withSpec(created, Map.of("colour", "Green"));

    refused(409, "the object has been modified", () -> gadgets().resource(created).update());
    assertThat(stored("one").at("/spec/colour").asText()).isEqualTo("Red");
  }

  @Test
  void statusAndTheRestAreWrittenApart() {
    GenericKubernetesResource gadget = create("one");
    gadget.setAdditionalProperty("status", Map.of("observedGeneration", 1));
    withSpec(gadget, Map.of("colour", "Green"));

    GenericKubernetesResource updated = gadgets().resource(gadget).updateStatus();
    assertThat(stored("one").at("/status/observedGeneration").asInt()).isEqualTo(1);
    assertThat(stored("one").at("/spec/colour").asText()).isEqualTo("Red");

    updated.setAdditionalProperty("status", Map.of("observedGeneration", 7));
    withSpec(updated, Map.of("colour", "Green"));
    gadgets().resource(updated).update();
    assertThat(stored("one").at("/status/observedGeneration").asInt()).isEqualTo(1);
    assertThat(stored("one").at("/spec/colour").asText()).isEqualTo("Green");
  }

  @Test
  void aFinalizerHoldsADeletedObject() {
    GenericKubernetesResource gadget = gadget("one", Map.of("colour", "Red"));
    gadget.getMetadata().setFinalizers(List.of("example.dev/hold"));
    gadgets().resource(gadget).create();

    gadgets().withName("one").delete();
    assertThat(stored("one").at("/metadata/deletionTimestamp").asText()).isNotEmpty();
    refused(
        422,
        "no new finalizers can be added",
        () -> patch("one", PatchType.JSON_MERGE, "{\"metadata\":{\"finalizers\":[\"x.y/z\"]}}"));
    patch("one", PatchType.JSON_MERGE, "{\"metadata\":{\"finalizers\":null}}");
    assertThat(simulator.get("gadgets", "default", "one")).isEmpty();
  }

  @Test
  void aNamespaceGoesWhenItsLastObjectHasGone() {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName("team").endMetadata().build())
        .create();
    GenericKubernetesResource gadget = gadget("one", Map.of("colour", "Red"));
    gadget.getMetadata().setNamespace("team");
    gadget.getMetadata().setFinalizers(List.of("example.dev/hold"));
    gadgets().inNamespace("team").resource(gadget).create();

    client.namespaces().withName("team").delete();
    assertThat(simulator.get("namespaces", "", "team").orElseThrow().at("/status/phase").asText())
        .isEqualTo("Terminating");
    refused(403, "is being terminated", () -> createIn("team"));
    gadgets()
        .inNamespace("team")
        .withName("one")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":[]}}");
    assertThat(simulator.get("namespaces", "", "team")).isEmpty();
  }

  @Test
  void anEventOfEitherGroupIsSeenInBoth() {
    client
        .v1()
        .events()
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withGenerateName("one.")
                .withNamespace("default")
                .endMetadata()
                .withReason("Created")
                .withMessage("done")
                .withNewInvolvedObject()
                .withKind("Gadget")
                .withName("one")
                .endInvolvedObject()
                .build())
        .create();

    var events = client.events().v1().events().inNamespace("default").list().getItems();
    assertThat(events)
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.getMetadata().getName()).matches("one\\.[a-z0-9]{5}");
              assertThat(e.getNote()).isEqualTo("done");
              assertThat(e.getRegarding().getName()).isEqualTo("one");
            });
  }
}
