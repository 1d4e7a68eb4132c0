package dev.ecroperator.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client that the operator uses, against the simulator. */
class KubeSimulatorTest {
  private static final Path CRDS = Path.of("src/test/resources/simulator/crds");
  private static final ResourceDefinitionContext GADGET =
      new ResourceDefinitionContext.Builder()
          .withGroup("example.dev")
          .withVersion("v1alpha1")
          .withKind("Gadget")
          .withPlural("gadgets")
          .withNamespaced(true)
          .build();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private KubeSimulator simulator;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    simulator = KubeSimulator.start(CRDS);
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(simulator.endpoint().toString())
            .withNamespace("default")
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void stop() {
    client.close();
    simulator.close();
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      gadgets() {
    return client.genericKubernetesResources(GADGET);
  }

  private static GenericKubernetesResource gadget(String name, Map<String, Object> spec) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("example.dev/v1alpha1")
        .withKind("Gadget")
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  private GenericKubernetesResource create(String name) {
    return gadgets().resource(gadget(name, Map.of("colour", "Red"))).create();
  }

  private JsonNode stored(String name) {
    return simulator.get("gadgets", "default", name).orElseThrow();
  }

  private static void refused(int code, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(code);
              assertThat(e.getMessage()).contains(message);
            });
  }

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

  private void createIn(String namespace) {
    GenericKubernetesResource gadget = gadget("one", Map.of("colour", "Red"));
    gadget.getMetadata().setNamespace(namespace);
    gadgets().inNamespace(namespace).resource(gadget).create();
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

  private static GenericKubernetesResource annotated(
      GenericKubernetesResource gadget, String key, String value) {
    gadget.getMetadata().getAnnotations().put(key, value);
    return gadget;
  }

  private static GenericKubernetesResource withSpec(
      GenericKubernetesResource gadget, Map<String, Object> spec) {
    gadget.setAdditionalProperty("spec", spec);
    return gadget;
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

  private void patch(String name, PatchType type, String patch) {
    gadgets().withName(name).patch(PatchContext.of(type), patch);
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
  void aJsonPatchWhoseTestFailsChangesNothing() {
    create("one");

    refused(
        422,
        "rejected",
        () ->
            patch(
                "one",
                PatchType.JSON,
                """
                [{"op":"test","path":"/spec/colour","value":"Green"},
                 {"op":"add","path":"/spec/size","value":2}]
                """));
    assertThat(stored("one").path("spec").has("size")).isFalse();
    patch("one", PatchType.JSON, "[{\"op\":\"add\",\"path\":\"/spec/size\",\"value\":2}]");
    assertThat(stored("one").at("/spec/size").asInt()).isEqualTo(2);
  }

  @Test
  void anApplierGivesUpTheFieldsItLeavesOut() {
    apply("a", true, Map.of("colour", "Red", "size", 2, "words", List.of("x", "y")));
    apply("b", true, Map.of("colour", "Red", "words", List.of("z")));
    apply("a", true, Map.of("colour", "Red", "words", List.of("y")));

    assertThat(stored("one").path("spec").has("size")).isFalse();
    assertThat(stored("one").at("/spec/words")).hasToString("[\"y\",\"z\"]");
  }

  @Test
  void anApplierMustForceWhatAnotherOwns() {
    apply("a", false, Map.of("colour", "Red"));

    refused(
        409,
        "Apply failed with 1 conflict: conflict with \"a\": .spec.colour",
        () -> apply("b", false, Map.of("colour", "Green")));
    apply("b", true, Map.of("colour", "Green"));
    assertThat(stored("one").at("/spec/colour").asText()).isEqualTo("Green");
    String version = stored("one").at("/metadata/resourceVersion").asText();
    apply("b", true, Map.of("colour", "Green"));
    assertThat(stored("one").at("/metadata/resourceVersion").asText()).isEqualTo(version);
  }

  private void apply(String manager, boolean force, Map<String, Object> spec) {
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(manager)
            .withForce(force)
            .build();
    gadgets().resource(gadget("one", spec)).patch(context);
  }

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

  private static List<String> names(List<GenericKubernetesResource> gadgets) {
    return gadgets.stream().map(g -> g.getMetadata().getName()).toList();
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
    creation.get(30, java.util.concurrent.TimeUnit.SECONDS);
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

  @Test
  void builtInKindsKnowEveryPatchAndAreReplacedWithoutAVersion() {
    client
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .endMetadata()
                .addToData("a", "1")
                .build())
        .create();
    client
        .configMaps()
        .withName("settings")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"data\":{\"b\":\"2\"}}");

    List<String> keys = new ArrayList<>();
    simulator
        .get("configmaps", "default", "settings")
        .orElseThrow()
        .path("data")
        .fieldNames()
        .forEachRemaining(keys::add);
    assertThat(keys).containsExactly("a", "b");
    refused(
        415,
        "unknown format",
        () -> {
          create("one");
          patch("one", PatchType.STRATEGIC_MERGE, "{}");
        });
  }
}
