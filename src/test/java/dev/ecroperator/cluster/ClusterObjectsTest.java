package dev.ecroperator.cluster;

import static dev.ecroperator.cluster.ScriptedCluster.EVENTS;
import static dev.ecroperator.cluster.ScriptedCluster.OBJECT;
import static dev.ecroperator.cluster.ScriptedCluster.STATUS;
import static dev.ecroperator.cluster.ScriptedCluster.object;
import static dev.ecroperator.cluster.ScriptedCluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.Occurrence;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterObjectsTest {
  private final ScriptedCluster cluster = new ScriptedCluster();
  private final ClusterObjects<Repository> objects =
      new ClusterObjects<>(cluster.client(), Repository.class, Fence.withoutDeadline());

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static Repository edited(Consumer<Repository> edit) {
    Repository object = object("{}");
    edit.accept(object);
    return object;
  }

  private static Repository held() {
    return edited(o -> o.addFinalizer(ClusterObjects.FINALIZER));
  }

  @Test
  void holdingWritesFinalizerAndAnnotationInOnePatchOfThatVersion() throws Exception {
    cluster.onPatch(OBJECT, 200, held());
    Repository stored = objects.hold(object("{}"), Map.of("ecroperator.dev/target", "a/b/c"));
    assertThat(ClusterObjects.isHeld(stored)).isTrue();
    assertThat(cluster.takeRequests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.line()).startsWith("PATCH " + OBJECT);
              assertThat(request.body())
                  .contains(
                      "\"resourceVersion\":\"10\"",
                      "\"finalizers\":[\"their/finalizer\",\"ecroperator.dev/finalizer\"]",
                      "\"annotations\":{\"ecroperator.dev/target\":\"a/b/c\"}")
                  .doesNotContain("spec", "status");
            });
  }

  /** Releasing takes one off: by a second one, the object would stay for ever. */
  @Test
  void whatIsHeldGetsNoSecondFinalizer() throws Exception {
    cluster.onPatch(OBJECT, 200, held());
    objects.hold(held(), Map.of("a", "b"));
    assertThat(cluster.takeRequests())
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.body())
                    .contains(
                        "\"finalizers\":[\"their/finalizer\",\"ecroperator.dev/finalizer\"]"));
  }

  private static Repository newer() {
    return edited(o -> o.getMetadata().setResourceVersion("11"));
  }

  @Test
  void whatIsOlderThanWhatWeHeldIsBehind() {
    cluster.onPatch(OBJECT, 200, newer());
    objects.hold(object("{}"), Map.of("a", "b"));
    assertThat(objects.isBehind(object("{}"))).isTrue();
    assertThat(objects.isBehind(newer())).isFalse();
  }

  @Test
  void whatIsOlderThanOurStatusIsBehind() {
    cluster.onPut(STATUS, 200, newer());
    objects.writeStatus(object("{}"), before());
    assertThat(objects.isBehind(object("{}"))).isTrue();
    assertThat(objects.isBehind(newer())).isFalse();
  }

  @Test
  void whatIsOlderThanAStatusThatWeWroteOnceMoreIsBehind() {
    cluster.onPut(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, newer());
    cluster.onPut(STATUS, 200, edited(o -> o.getMetadata().setResourceVersion("12")));
    objects.writeStatus(object("{}"), before());
    assertThat(objects.isBehind(newer())).isTrue();
  }

  @Test
  void whatIsOlderThanThePartOfAStatusThatWeWroteIsBehind() {
    cluster.onPatch(STATUS, 200, newer());
    assertThat(patched()).isPresent();
    assertThat(objects.isBehind(object("{}"))).isTrue();
  }

  @Test
  void whatWeWroteOfAnObjectThatIsGoneIsForgotten() {
    cluster.onPatch(OBJECT, 200, newer());
    objects.hold(object("{}"), Map.of());
    objects.forget("uid-1");
    assertThat(objects.isBehind(object("{}"))).isFalse();
  }

  /** Such as after a restored backup of etcd, whose versions begin again at older ones. */
  @Test
  void whatStaysOlderThanWhatWeWroteIsBelievedInTheEnd() {
    // It begins where it goes round soon, as a monotonic clock may.
    var nanos = new AtomicLong(Long.MAX_VALUE - 1);
    ClusterObjects<Repository> timed =
        new ClusterObjects<>(
            cluster.client(),
            Repository.class,
            Fence.withoutDeadline(),
            Optional.empty(),
            nanos::get);
    cluster.onPatch(OBJECT, 200, newer());
    timed.hold(object("{}"), Map.of());

    assertThat(timed.isBehind(object("{}"))).isTrue();
    nanos.addAndGet(OwnWrites.LONGEST_LAG.toNanos() - 1);
    assertThat(timed.isBehind(object("{}"))).isTrue();
    nanos.incrementAndGet();
    assertThat(timed.isBehind(object("{}"))).isFalse();
  }

  @Test
  void holdingOnAnOlderVersionIsAConflict() {
    cluster.onPatch(OBJECT, 409, refusal(409, "Conflict"));
    assertThatThrownBy(() -> objects.hold(object("{}"), Map.of("a", "b")))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void releasingLeavesTheFinalizersOfOthers() throws Exception {
    cluster.onPatch(OBJECT, 200, object("{}"));
    objects.release(held());
    assertThat(cluster.takeRequests())
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.body())
                    .contains(
                        "\"finalizers\":[\"their/finalizer\"]", "\"resourceVersion\":\"10\""));
  }

  @Test
  void releasingWhatIsGoneIsFine() {
    cluster.onPatch(OBJECT, 404, refusal(404, "NotFound"));
    assertThatCode(() -> objects.release(held())).doesNotThrowAnyException();
  }

  @Test
  void releasingOnAnOlderVersionIsAConflict() {
    cluster.onPatch(OBJECT, 409, refusal(409, "Conflict"));
    assertThatThrownBy(() -> objects.release(held())).isInstanceOf(KubernetesClientException.class);
  }

  private static RepositoryStatus before() {
    return Objects.requireNonNull(object("{}").getStatus());
  }

  @Test
  void aStatusIsWrittenOnceMoreWhereOnlyMetadataChanged() throws Exception {
    cluster.onPut(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, newer());
    cluster.onPut(STATUS, 200, object("{}"));
    objects.writeStatus(object("{}"), before());
    List<ScriptedCluster.Request> requests = cluster.takeRequests();
    assertThat(requests)
        .extracting(ScriptedCluster.Request::line)
        .containsExactly("PUT " + STATUS, "GET " + OBJECT, "PUT " + STATUS);
    assertThat(requests.getFirst().body()).contains("\"resourceVersion\":\"10\"");
    assertThat(requests.getLast().body()).contains("\"resourceVersion\":\"11\"");
  }

  @Test
  void aStatusAboutAnOlderGenerationIsNotWritten() throws Exception {
    refusesAfter(edited(o -> o.getMetadata().setGeneration(2L)));
  }

  @Test
  void aStatusAboutAnotherObjectOfThatNameIsNotWritten() throws Exception {
    refusesAfter(edited(o -> o.getMetadata().setUid("uid-2")));
  }

  @Test
  void aStatusAboutAnObjectThatIsToGoNowIsNotWritten() throws Exception {
    refusesAfter(edited(o -> o.getMetadata().setDeletionTimestamp("2026-11-01T12:00:00Z")));
  }

  @Test
  void aStatusThatWasMadeFromAnOlderOneIsNotWritten() throws Exception {
    refusesAfter(edited(o -> o.setStatus(before().standing(1L, List.of(), null))));
  }

  private void refusesAfter(Repository live) throws Exception {
    cluster.onPut(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, live);
    assertThatThrownBy(() -> objects.writeStatus(object("{}"), before()))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    assertThat(cluster.takeRequests()).hasSize(2);
  }

  @Test
  void aStatusThatIsRefusedOtherwiseIsNotWrittenAgain() throws Exception {
    cluster.onPut(STATUS, 403, refusal(403, "Forbidden"));
    assertThatThrownBy(() -> objects.writeStatus(object("{}"), before()))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(cluster.takeRequests()).hasSize(1);
  }

  /** The whole is written again where it is stored in full, and somebody takes a part away. */
  @Test
  void whatAnOlderCrdDropsOfAStatusIsNotWrittenAgainAndAgain() throws Exception {
    Repository whole = edited(o -> o.setStatus(before().standing(1L, List.of(), "asked")));
    Repository stored = edited(o -> o.setStatus(before().standing(1L, List.of(), null)));
    RepositoryStatus part = Objects.requireNonNull(stored.getStatus());
    cluster.onPut(STATUS, 200, stored);
    objects.writeStatus(whole, before());
    objects.writeStatus(whole, part);
    assertThat(cluster.takeRequests()).hasSize(1);

    cluster.onPut(STATUS, 200, whole);
    cluster.onPut(STATUS, 200, whole);
    objects.writeStatus(whole, before());
    objects.writeStatus(whole, part);
    assertThat(cluster.takeRequests()).hasSize(2);
  }

  private Optional<Repository> patched() {
    return objects.patchStatus(object("{}"), Map.of("origin", "Created"));
  }

  @Test
  void aPartOfAStatusIsWrittenWhateverElseChangedOfThatObject() throws Exception {
    cluster.onPatch(STATUS, 200, object("{}"));
    assertThat(patched()).isPresent();
    assertThat(cluster.takeRequests())
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.body())
                    .contains("\"uid\":\"uid-1\"", "\"status\":{\"origin\":\"Created\"}")
                    .doesNotContain("resourceVersion"));
  }

  @Test
  void whatIsNotFoundIsGone() {
    cluster.onPatch(STATUS, 404, refusal(404, "NotFound"));
    assertThat(patched()).isEmpty();
  }

  @Test
  void whereAnotherObjectHasThatNameTheObjectIsGone() {
    cluster.onPatch(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, edited(o -> o.getMetadata().setUid("uid-2")));
    assertThat(patched()).isEmpty();
  }

  @Test
  void whereNoObjectHasThatNameAnyMoreTheObjectIsGone() {
    cluster.onPatch(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 404, refusal(404, "NotFound"));
    assertThat(patched()).isEmpty();
  }

  @Test
  void anObjectThatIsThereIsNotGoneForAConflict() {
    cluster.onPatch(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, object("{}"));
    assertThatThrownBy(this::patched)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void whatIsNotThereIsEmpty() {
    cluster.onGet(OBJECT, 404, refusal(404, "NotFound"));
    assertThat(objects.live(object("{}"))).isEmpty();
  }

  @Test
  void anEventNamesItsObjectAndIsNotTooLong() throws Exception {
    cluster.onPost(EVENTS, 201, new Event());
    events().tell(object("{}"), Occurrence.warning("Conflict", "x".repeat(5_000)));
    assertThat(cluster.takeRequests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.body())
                  .contains("\"type\":\"Warning\"", "\"reason\":\"Conflict\"", "\"uid\":\"uid-1\"");
              assertThat(request.body().replaceAll("[^x]", "")).hasSizeLessThan(1_030);
            });
  }

  @Test
  void anEventThatIsRefusedStopsNothing() {
    cluster.onPost(EVENTS, 403, refusal(403, "Forbidden"));
    assertThatCode(() -> events().tell(object("{}"), Occurrence.normal("Created", "created")))
        .doesNotThrowAnyException();
  }

  private Events events() {
    return events(Fence.withoutDeadline());
  }

  private Events events(Fence fence) {
    return new Events(
        cluster.client(),
        Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC),
        fence);
  }

  @Test
  void onceTheFenceIsShutNothingIsWritten() throws Exception {
    Fence fence = Fence.withoutDeadline();
    var fenced = new ClusterObjects<>(cluster.client(), Repository.class, fence);
    Events events = events(fence);
    fence.shut();

    for (ThrowingCallable write :
        List.<ThrowingCallable>of(
            () -> fenced.hold(object("{}"), Map.of("a", "b")),
            () -> fenced.release(held()),
            () -> fenced.writeStatus(object("{}"), before()),
            () -> fenced.patchStatus(object("{}"), Map.of("origin", "Created")))) {
      assertThatThrownBy(write).hasMessageContaining("this replica does not lead");
    }
    events.tell(object("{}"), Occurrence.normal("Created", "created"));
    assertThat(cluster.takeRequests()).isEmpty();
  }

  private static GenericKubernetesResourceList page(String uid, String next) {
    Repository object = edited(o -> o.getMetadata().setUid(uid));
    var page = new GenericKubernetesResourceList();
    page.setMetadata(new ListMetaBuilder().withResourceVersion("20").withContinue(next).build());
    page.setItems(
        List.of(
            Serialization.unmarshal(
                Serialization.asJson(object), GenericKubernetesResource.class)));
    return page;
  }

  /** Of a page that was left out, every object would count as gone. */
  @Test
  void whoTakesOverReadsAllPages() {
    String path = OBJECT.replaceFirst("/[^/]+$", "");
    cluster.onGet(path + "?limit=500", 200, page("uid-1", "more"));
    cluster.onGet(path + "?continue=more&limit=500", 200, page("uid-2", ""));
    ClusterObjects<Repository> taken =
        new ClusterObjects<>(
            cluster.client(),
            Repository.class,
            Fence.withoutDeadline(),
            Optional.of(Set.of("payments")));

    assertThat(taken.isBehind(edited(o -> o.getMetadata().setUid("uid-2")))).isFalse();
    assertThat(taken.isBehind(edited(o -> o.getMetadata().setUid("uid-3")))).isTrue();
  }

  @Test
  void whatIsAsItWasReadIsUnchanged() {
    cluster.onGet(OBJECT, 200, newer());
    assertThatCode(() -> objects.requireUnchanged(object("{}"))).doesNotThrowAnyException();
  }

  @Test
  void whatWasEditedOrMadeAnewOrIsGoneIsNot() {
    cluster.onGet(OBJECT, 200, edited(o -> o.getMetadata().setGeneration(2L)));
    cluster.onGet(OBJECT, 200, edited(o -> o.getMetadata().setUid("uid-2")));
    cluster.onGet(OBJECT, 404, refusal(404, "NotFound"));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> objects.requireUnchanged(object("{}")))
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    }
  }
}
