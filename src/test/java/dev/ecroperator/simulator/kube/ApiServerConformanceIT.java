package dev.ecroperator.simulator.kube;

import static dev.ecroperator.simulator.kube.ServerUnderTest.refusal;
import static dev.ecroperator.simulator.kube.ServerUnderTest.spec;
import static dev.ecroperator.simulator.kube.ServerUnderTest.status;
import static dev.ecroperator.simulator.kube.ServerUnderTest.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the operator sees of an API server through Fabric8's client: the same on the simulator and
 * on the real one, which is right. What is not the same is listed in {@link KubeDifferences}.
 */
@ExtendWith(KubeDifferences.class)
class ApiServerConformanceIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String FINALIZER = "{\"finalizers\":[\"example.dev/hold\"]}";

  @RegisterExtension static final ServerUnderTest server = new ServerUnderTest();

  // Creation, and what is refused.

  @Test
  void aNewObjectGetsWhatTheServerGives() {
    GenericKubernetesResource given = server.repository("one", "{scanning: {scanOnPush: true}}");
    given.setAdditionalProperty("status", Map.of("observedGeneration", 7, "arn", "made up"));

    GenericKubernetesResource created = server.client().resource(given).create();

    assertThat(created.getMetadata().getUid()).isNotEmpty();
    assertThat(Instant.parse(created.getMetadata().getCreationTimestamp()))
        .isBefore(Instant.now().plusSeconds(60));
    assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(Long.parseLong(version(created))).isPositive();
    assertThat(spec(created)).isEqualTo(Map.of("scanning", Map.of("scanOnPush", true)));
    assertThat(status(created)).isEqualTo(Map.of("observedGeneration", -1));
    assertThat(server.stored("one")).isEqualTo(created);
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    server.create("one", "{}");

    Status refusal = refusal(() -> server.create("one", "{}"));

    told(refusal, 409, "AlreadyExists", "repositories.ecroperator.dev \"one\" already exists");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    String missing = "repositories.ecroperator.dev \"none\" not found";

    assertThat(server.repositories().withName("none").get()).isNull();
    assertThat(server.repositories().withName("none").delete()).isEmpty();
    told(refusal(() -> server.mergeMetadata("none", "{}")), 404, "NotFound", missing);
    GenericKubernetesResource gone = server.repository("none", "{}");
    gone.getMetadata().setResourceVersion("1");
    told(refusal(() -> server.client().resource(gone).updateStatus()), 404, "NotFound", missing);
    GenericKubernetesResource elsewhere = server.repository("one", "{}");
    elsewhere.getMetadata().setNamespace("nowhere");
    told(
        refusal(() -> server.client().resource(elsewhere).create()),
        404,
        "NotFound",
        "namespaces \"nowhere\" not found");
  }

  private static void told(Status refusal, int code, @Nullable String reason, String message) {
    assertThat(refusal.getCode()).as("%s", refusal).isEqualTo(code);
    assertThat(refusal.getReason()).as("%s", refusal).isEqualTo(reason);
    assertThat(refusal.getStatus()).isEqualTo("Failure");
    assertThat(refusal.getMessage()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {encryption: {kmsKey: k}} | spec.encryption.type: Required value
          {suspend: "yes"}          | spec.suspend: Invalid value: "string": spec.suspend in body must be of type boolean: "string"
          {tags: [a]}               | spec.tags: Invalid value: "array": spec.tags in body must be of type object: "array"
          {tags: {a: 1}}            | spec.tags.a: Invalid value: "integer": spec.tags.a in body must be of type string: "integer"
          {lifecyclePolicy: {rules: [{rulePriority: x, action: {type: expire}, selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 1}}]}} | spec.lifecyclePolicy.rules[0].rulePriority: Invalid value: "string": spec.lifecyclePolicy.rules[0].rulePriority in body must be of type integer: "string"
          """)
  void typesAndRequiredMembersAreKeptTo(String spec, String message) {
    Status refusal = refusal(() -> server.create("one", spec));

    told(refusal, 422, "Invalid", "Repository.ecroperator.dev \"one\" is invalid: ");
    assertThat(refusal.getMessage()).contains(message);
    assertThat(server.repositories().list().getItems()).isEmpty();
  }

  @Test
  void anObjectNeedsItsSpec() {
    var bare =
        server.object(
            "{apiVersion: ecroperator.dev/v1alpha1, kind: Repository, metadata: {name: one}}");

    told(
        refusal(() -> server.client().resource(bare).create()),
        422,
        "Invalid",
        "spec: Required value");
  }

  @Test
  void whatTheSchemaDoesNotKnowIsDropped() {
    GenericKubernetesResource created =
        server.create("one", "{surprise: 1, scanning: {scanOnPush: true, deep: {er: 1}}}");

    assertThat(spec(created)).isEqualTo(Map.of("scanning", Map.of("scanOnPush", true)));
  }

  @Test
  void strictFieldValidationRefusesWhatTheSchemaDoesNotKnow() {
    var strict =
        server
            .client()
            .resource(server.repository("one", "{surprise: 1, scanning: {scanOnPush: true, b: 1}}"))
            .fieldValidation(FieldValidateable.Validation.STRICT);

    told(
        refusal(strict::create),
        400,
        "BadRequest",
        "Repository in version \"v1alpha1\" cannot be handled as a Repository: strict decoding"
            + " error: unknown field \"spec.scanning.b\", unknown field \"spec.surprise\"");
  }

  @Test
  void aDryRunChangesNothing() {
    var dry = server.client().resource(server.repository("one", "{}")).dryRun(true).create();

    assertThat(dry.getMetadata().getUid()).isNotEmpty();
    assertThat(server.repositories().list().getItems()).isEmpty();
    GenericKubernetesResource created = server.create("one", "{}");
    server.repositories().withName("one").dryRun(true).delete();
    assertThat(server.stored("one")).isEqualTo(created);
  }

  // Changes.

  @Test
  void theGenerationMovesWithTheSpecOnly() {
    server.create("one", "{}");

    server.mergeMetadata("one", "{\"labels\":{\"a\":\"b\"}}");
    statusPatch("one", "{\"status\":{\"observedGeneration\":1}}");
    assertThat(server.stored("one").getMetadata().getGeneration()).isEqualTo(1);
    server.patch("one", PatchType.JSON_MERGE, "{\"spec\":{\"suspend\":true}}");
    assertThat(server.stored("one").getMetadata().getGeneration()).isEqualTo(2);
    server.patch("one", PatchType.JSON_MERGE, "{\"metadata\":{\"generation\":9}}");
    assertThat(server.stored("one").getMetadata().getGeneration()).isEqualTo(2);
  }

  private GenericKubernetesResource statusPatch(String name, String patch) {
    return server
        .repositories()
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  @Test
  void aWriteThatChangesNothingIsNone() {
    // The first write stores what reading had filled in: the default of status.
    server.create("one", "{tags: {a: b}}");
    server.mergeMetadata("one", "{\"labels\":{\"a\":\"b\"}}");
    String version = version(server.stored("one"));

    server.mergeMetadata("one", "{\"labels\":{\"a\":\"b\"}}");
    server.client().resource(server.stored("one")).update();
    server.client().resource(server.stored("one")).updateStatus();

    assertThat(version(server.stored("one"))).isEqualTo(version);
  }

  @Test
  void aWriteOfAnOldVersionIsAConflict() {
    GenericKubernetesResource old = server.create("one", "{}");
    server.mergeMetadata("one", "{\"labels\":{\"a\":\"b\"}}");
    GenericKubernetesResource now = server.stored("one");
    String modified =
        "Operation cannot be fulfilled on repositories.ecroperator.dev \"one\": the object has been"
            + " modified; please apply your changes to the latest version and try again";

    told(refusal(() -> server.client().resource(old).update()), 409, "Conflict", modified);
    told(refusal(() -> server.client().resource(old).updateStatus()), 409, "Conflict", modified);
    told(
        refusal(
            () ->
                server.mergeMetadata(
                    "one", "{\"resourceVersion\":\"" + version(old) + "\",\"labels\":null}")),
        409,
        "Conflict",
        modified);
    assertThat(server.stored("one")).isEqualTo(now);
    server.mergeMetadata(
        "one", "{\"resourceVersion\":\"" + version(now) + "\",\"labels\":{\"a\":null}}");
    assertThat(server.stored("one").getMetadata().getLabels()).isNullOrEmpty();
  }

  @Test
  void aWriteOfAnotherObjectOfThatNameIsAConflict() {
    GenericKubernetesResource created = server.create("one", "{}");
    created.getMetadata().setUid("00000000-0000-0000-0000-000000000000");

    told(
        refusal(() -> server.client().resource(created).update()),
        409,
        "Conflict",
        "Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000");
  }

  @Test
  void anUpdateNeedsAVersion() {
    server.create("one", "{}");
    GenericKubernetesResource blind = server.repository("one", "{}");
    // By its generated name Fabric8 would fetch the version itself.
    blind.getMetadata().setResourceVersion("");

    String path =
        "/apis/ecroperator.dev/v1alpha1/namespaces/" + server.namespace() + "/repositories/one";
    assertThat(refusal(() -> server.client().raw(path, "PUT", blind)).getCode()).isIn(409, 422);
  }

  @Test
  void statusAndTheRestAreWrittenApart() {
    GenericKubernetesResource object = server.create("one", "{}");
    object.setAdditionalProperty("spec", Map.of("suspend", true));
    object.setAdditionalProperty("status", Map.of("observedGeneration", 1, "arn", "a"));
    object.getMetadata().setLabels(Map.of("a", "b"));

    GenericKubernetesResource updated = server.client().resource(object).updateStatus();
    assertThat(status(updated)).isEqualTo(Map.of("observedGeneration", 1, "arn", "a"));
    assertThat(spec(updated)).isEmpty();
    assertThat(updated.getMetadata().getLabels()).isNullOrEmpty();

    updated.setAdditionalProperty("spec", Map.of("suspend", true));
    updated.setAdditionalProperty("status", Map.of("observedGeneration", 9));
    GenericKubernetesResource edited = server.client().resource(updated).update();
    assertThat(status(edited)).isEqualTo(Map.of("observedGeneration", 1, "arn", "a"));
    assertThat(spec(edited)).isEqualTo(Map.of("suspend", true));

    edited.setAdditionalProperty("status", Map.of("observedGeneration", 2, "surprise", 1));
    assertThat(status(server.client().resource(edited).updateStatus()))
        .isEqualTo(Map.of("observedGeneration", 2));
  }

  @Test
  void aStatusThatIsTakenAwayIsTheDefault() {
    server.create("one", "{}");
    statusPatch("one", "{\"status\":{\"observedGeneration\":1}}");

    statusPatch("one", "{\"status\":null}");

    assertThat(status(server.stored("one"))).isEqualTo(Map.of("observedGeneration", -1));
  }

  // Patches.

  @Test
  void aMergePatchMergesObjectsReplacesListsAndRemovesByNull() {
    server.create(
        "one",
        "{tags: {a: b, c: d}, imageTagMutability: {mode: MUTABLE_WITH_EXCLUSION, exclusionFilters:"
            + " [a]}}");

    server.patch(
        "one",
        PatchType.JSON_MERGE,
        """
        {"spec": {"tags": {"a": null, "e": "f"}, "imageTagMutability": {"exclusionFilters": ["b"]}}}
        """);

    assertThat(spec(server.stored("one")))
        .isEqualTo(
            Map.of(
                "tags",
                Map.of("c", "d", "e", "f"),
                "imageTagMutability",
                Map.of("mode", "MUTABLE_WITH_EXCLUSION", "exclusionFilters", List.of("b"))));
  }

  @Test
  void aJsonPatchWhoseTestFailsChangesNothing() {
    server.create("one", "{tags: {a: b}}");

    Status refusal =
        refusal(
            () ->
                server.patch(
                    "one",
                    PatchType.JSON,
                    """
                    [{"op":"add","path":"/spec/suspend","value":true},
                     {"op":"test","path":"/spec/tags/a","value":"c"}]
                    """));

    told(refusal, 422, "Invalid", "the server rejected our request due to an error in our request");
    server.patch(
        "one",
        PatchType.JSON,
        """
        [{"op":"test","path":"/spec/tags/a","value":"b"},
         {"op":"add","path":"/spec/suspend","value":true},
         {"op":"remove","path":"/spec/tags"}]
        """);
    assertThat(spec(server.stored("one"))).isEqualTo(Map.of("suspend", true));
  }

  @Test
  void aCustomObjectKnowsNoStrategicMerge() {
    server.create("one", "{}");

    told(
        refusal(() -> server.patch("one", PatchType.STRATEGIC_MERGE, "{}")),
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format");
  }

  // Server-side apply.

  @Test
  void anApplierGivesUpTheFieldsItLeavesOut() {
    GenericKubernetesResource created =
        server.apply("a", "one", "{suspend: true, tags: {a: b, c: d}}");
    assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
    server.apply("b", "one", "{tags: {e: f}}");

    server.apply("a", "one", "{deletionPolicy: Retain, tags: {c: x}}");

    assertThat(spec(server.stored("one")))
        .isEqualTo(Map.of("deletionPolicy", "Retain", "tags", Map.of("c", "x", "e", "f")));
    assertThat(server.stored("one").getMetadata().getGeneration()).isGreaterThan(1);
  }

  @Test
  void whatBecomesEmptyWithItsLastFieldGoesWithIt() {
    server.apply("a", "one", "{}");
    server.apply("a", "one", "{suspend: true, accessPolicy: {pull: {accounts: ['111122223333']}}}");

    GenericKubernetesResource without = server.apply("a", "one", "{suspend: true}");

    assertThat(spec(without)).isEqualTo(Map.of("suspend", true));
  }

  @Test
  void whatIsAppliedEmptyIsThere() {
    assertThat(spec(server.apply("a", "one", "{tags: {}}"))).isEqualTo(Map.of("tags", Map.of()));
    assertThat(spec(server.apply("b", "one", "{tags: {a: b}}")))
        .isEqualTo(Map.of("tags", Map.of("a", "b")));
    assertThat(spec(server.apply("a", "one", "{suspend: true}")))
        .isEqualTo(Map.of("suspend", true, "tags", Map.of("a", "b")));
    server.apply("a", "two", "{accessPolicy: {pull: {accounts: []}}}");
    assertThat(
            spec(server.apply("a", "two", "{accessPolicy: {pull: {accounts: ['111122223333']}}}")))
        .isEqualTo(
            Map.of("accessPolicy", Map.of("pull", Map.of("accounts", List.of("111122223333")))));
  }

  @Test
  void anApplyThatChangesNothingIsNone() {
    server.apply("a", "one", "{suspend: true, tags: {a: b}}");
    // The second one stores the default of status.
    String version = version(server.apply("a", "one", "{suspend: true, tags: {a: b}}"));

    server.apply("a", "one", "{suspend: true, tags: {a: b}}");

    assertThat(version(server.stored("one"))).isEqualTo(version);
  }

  @Test
  void metadataIsAppliedTooAndThatOfOthersStays() {
    GenericKubernetesResource object = server.repository("one", "{}");
    object.getMetadata().setLabels(Map.of("a", "b", "c", "d", "c.d/e", "f"));
    object.getMetadata().setAnnotations(Map.of("a", "b"));
    server.apply("a", false, object);
    server.mergeMetadata(
        "one", "{\"finalizers\":[\"example.dev/hold\"],\"annotations\":{\"c\":\"d\"}}");
    object.getMetadata().setLabels(Map.of("a", "e", "c.d/e", "f"));
    object.getMetadata().setAnnotations(Map.of());

    server.apply("a", false, object);

    GenericKubernetesResource stored = server.stored("one");
    assertThat(stored.getMetadata().getLabels()).isEqualTo(Map.of("a", "e", "c.d/e", "f"));
    assertThat(stored.getMetadata().getAnnotations()).isEqualTo(Map.of("c", "d"));
    assertThat(stored.getMetadata().getFinalizers()).containsExactly("example.dev/hold");
  }

  @Test
  void whatIsAppliedMustBeInTheSchema() {
    Status refusal = refusal(() -> server.apply("a", "one", "{surprise: 1}"));

    // The real server calls it a failure of its own, by 500.
    assertThat(refusal.getCode()).isIn(400, 500);
    assertThat(refusal.getMessage()).contains("spec.surprise");
  }

  @Test
  void anApplyLeavesStatusAlone() {
    GenericKubernetesResource object = server.repository("one", "{}");
    object.setAdditionalProperty("status", Map.of("observedGeneration", 7));

    server.apply("a", false, object);

    assertThat(status(server.stored("one"))).isEqualTo(Map.of("observedGeneration", -1));
  }

  // Deletion.

  @Test
  void anObjectWithoutFinalizersIsGoneAtOnce() {
    GenericKubernetesResource created = server.create("one", "{}");

    assertThat(server.repositories().withName("one").delete())
        .singleElement()
        .satisfies(
            details -> {
              assertThat(details.getName()).isEqualTo("one");
              assertThat(details.getUid()).isEqualTo(created.getMetadata().getUid());
            });

    assertThat(server.repositories().withName("one").get()).isNull();
    assertThat(server.create("one", "{}").getMetadata().getUid())
        .isNotEqualTo(created.getMetadata().getUid());
  }

  @Test
  void aFinalizerHoldsADeletedObject() {
    server.create("one", "{}");
    server.mergeMetadata("one", FINALIZER);

    server.repositories().withName("one").delete();
    GenericKubernetesResource held = server.stored("one");
    assertThat(held.getMetadata().getDeletionTimestamp()).isNotEmpty();
    assertThat(held.getMetadata().getGeneration()).isEqualTo(2);
    server.repositories().withName("one").delete();
    assertThat(version(server.stored("one"))).isEqualTo(version(held));

    assertThat(status(statusPatch("one", "{\"status\":{\"observedGeneration\":2}}")))
        .containsEntry("observedGeneration", 2);
    server.patch("one", PatchType.JSON_MERGE, "{\"spec\":{\"suspend\":true}}");
    assertThat(server.mergeMetadata("one", "{\"finalizers\":null}").getMetadata().getName())
        .isEqualTo("one");
    assertThat(server.repositories().withName("one").get()).isNull();
    told(refusal(() -> server.mergeMetadata("one", "{}")), 404, "NotFound", "\"one\" not found");
  }

  // Lists and watches.

  @Test
  void aListIsReadInPages() {
    for (String name : List.of("bb", "cc", "aa")) {
      server.create(name, "{}");
    }

    GenericKubernetesResourceList first = page("");
    GenericKubernetesResourceList second = page(first.getMetadata().getContinue());

    assertThat(names(first)).containsExactly("aa", "bb");
    assertThat(first.getKind()).isEqualTo("RepositoryList");
    assertThat(first.getMetadata().getRemainingItemCount()).isEqualTo(1);
    assertThat(names(second)).containsExactly("cc");
    assertThat(second.getMetadata().getContinue()).isNullOrEmpty();
  }

  private static GenericKubernetesResourceList page(String token) {
    return server
        .repositories()
        .list(
            new ListOptionsBuilder()
                .withLimit(2L)
                .withContinue(token.isEmpty() ? null : token)
                .build());
  }

  private static List<String> names(GenericKubernetesResourceList list) {
    return list.getItems().stream().map(item -> item.getMetadata().getName()).toList();
  }

  @Test
  void aListIsSelectedByName() {
    server.create("one", "{}");
    server.create("two", "{}");

    var named = server.repositories().withField("metadata.name", "one");

    assertThat(names(named.list())).containsExactly("one");
  }

  @Test
  void aListOfAllNamespacesHasThoseOfEach() {
    server.create("one", "{}");
    String other = server.namespace() + "-other";
    server.createNamespace(other);
    GenericKubernetesResource elsewhere = server.repository("two", "{}");
    elsewhere.getMetadata().setNamespace(other);
    server.client().resource(elsewhere).create();

    assertThat(
            server.repositories().inAnyNamespace().list().getItems().stream()
                .map(o -> o.getMetadata().getNamespace() + "/" + o.getMetadata().getName()))
        .contains(server.namespace() + "/one", other + "/two");
    assertThat(names(server.repositories().list())).containsExactly("one");
  }

  /** Notes what a watch tells. */
  private static final class Noted implements Watcher<GenericKubernetesResource> {
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<String> versions = new CopyOnWriteArrayList<>();

    @Override
    public void eventReceived(Action action, GenericKubernetesResource object) {
      versions.add(version(object));
      events.add(action + " " + object.getMetadata().getName());
    }

    @Override
    public void onClose(WatcherException cause) {
      events.add(cause.isHttpGone() ? "gone" : "closed");
    }

    void await(String... expected) {
      org.awaitility.Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(events).containsExactly(expected));
    }
  }

  @Test
  void aWatchFromAListTellsWhatHappensAfterIt() {
    server.create("before", "{}");
    String listed = server.repositories().list().getMetadata().getResourceVersion();
    server.create("one", "{}");
    Noted noted = new Noted();

    try (Watch watch = server.repositories().watch(from(listed), noted)) {
      assertThat(watch).isNotNull();
      server.mergeMetadata("one", FINALIZER);
      server.repositories().withName("one").delete();
      GenericKubernetesResource last = server.stored("one");
      server.mergeMetadata("one", "{\"finalizers\":null}");
      noted.await("ADDED one", "MODIFIED one", "MODIFIED one", "DELETED one");
      assertThat(Long.parseLong(noted.versions.getLast()))
          .isGreaterThan(Long.parseLong(version(last)));
      assertThat(noted.versions.stream().map(Long::parseLong)).isSorted();
    }
  }

  private static ListOptions from(String version) {
    return new ListOptionsBuilder().withResourceVersion(version).build();
  }

  @Test
  void aWatchOfOneObjectBeginsWithItAndSeesNoOther() {
    server.create("one", "{}");
    server.create("two", "{}");
    Noted noted = new Noted();

    try (Watch watch = server.repositories().withName("two").watch(noted)) {
      assertThat(watch).isNotNull();
      server.mergeMetadata("one", "{\"labels\":{\"a\":\"b\"}}");
      server.mergeMetadata("two", "{\"labels\":{\"a\":\"b\"}}");
      noted.await("ADDED two", "MODIFIED two");
    }
  }

  @Test
  void anInformerKeepsUp() {
    server.create("one", "{}");
    List<String> seen = new CopyOnWriteArrayList<>();
    ResourceEventHandler<GenericKubernetesResource> handler =
        new ResourceEventHandler<>() {
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
        };

    try (var informer = server.repositories().inform(handler)) {
      server.create("two", "{}");
      server.mergeMetadata("one", "{\"labels\":{\"a\":\"b\"}}");
      server.repositories().withName("one").delete();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(seen)
                      .containsExactly("added one", "added two", "updated one", "deleted one"));
      assertThat(informer.isWatching()).isTrue();
    }
  }

  // What else the operator speaks to.

  @Test
  void kindsAreDiscovered() {
    List<APIResource> resources =
        server.client().getApiResources("ecroperator.dev/v1alpha1").getResources();

    assertThat(resources.stream().map(APIResource::getName))
        .contains("repositories", "imagereplications");
    assertThat(resources)
        .filteredOn(r -> r.getName().equals("repositories"))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.getKind()).isEqualTo("Repository");
              assertThat(r.getSingularName()).isEqualTo("repository");
              assertThat(r.getShortNames()).containsExactly("ecrrepo");
              assertThat(r.getCategories()).containsExactly("ecr");
              assertThat(r.getNamespaced()).isTrue();
              assertThat(r.getVerbs())
                  .contains("create", "delete", "get", "list", "patch", "update", "watch");
            });
    assertThat(server.client().getApiResources("ecroperator.dev/v2")).isNull();
    assertThat(server.client().getKubernetesVersion().getMajor()).isEqualTo("1");
  }

  @Test
  void anEventIsNamedByTheServer() {
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName("one.")
            .withNamespace(server.namespace())
            .endMetadata()
            .withReason("Created")
            .withType("Normal")
            .withMessage("done")
            .withNewInvolvedObject()
            .withKind("Repository")
            .withName("one")
            .withNamespace(server.namespace())
            .endInvolvedObject()
            .build();

    var created = server.client().v1().events().resource(event).create();
    server.client().v1().events().resource(event).create();

    assertThat(created.getMetadata().getName()).matches("one\\.[a-z0-9]{5}");
    assertThat(server.client().v1().events().list().getItems())
        .hasSize(2)
        .allSatisfy(e -> assertThat(e.getInvolvedObject().getName()).isEqualTo("one"));
    assertThat(
            server
                .client()
                .v1()
                .events()
                .withField("involvedObject.name", "other")
                .list()
                .getItems())
        .isEmpty();
  }

  @Test
  void aLeaseIsHeldByWhoWroteFirst() {
    var lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName("leader")
            .withNamespace(server.namespace())
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity("a")
            .withLeaseDurationSeconds(15)
            .endSpec()
            .build();
    var created = server.client().resource(lease).create();
    told(
        refusal(() -> server.client().resource(lease).create()),
        409,
        "AlreadyExists",
        "leases.coordination.k8s.io \"leader\" already exists");

    created.getSpec().setHolderIdentity("b");
    var updated = server.client().resource(created).update();
    assertThat(updated.getSpec().getHolderIdentity()).isEqualTo("b");
    assertThat(updated.getMetadata().getGeneration()).isNull();
    created.getSpec().setHolderIdentity("c");
    told(
        refusal(() -> server.client().resource(created).update()),
        409,
        "Conflict",
        "the object has been modified");
  }

  @Test
  void namespacesAreThere() {
    Namespace system = server.client().namespaces().withName("kube-system").get();

    assertThat(system.getMetadata().getUid()).isNotEmpty();
  }
}
