package dev.ecroperator.repository;

import static dev.ecroperator.cluster.ScriptedCluster.EVENTS;
import static dev.ecroperator.cluster.ScriptedCluster.OBJECT;
import static dev.ecroperator.cluster.ScriptedCluster.STATUS;
import static dev.ecroperator.cluster.ScriptedCluster.refusal;
import static dev.ecroperator.repository.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Repository;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.cluster.PassContext;
import dev.ecroperator.cluster.RecreationEventSource;
import dev.ecroperator.cluster.ReportWriter;
import dev.ecroperator.cluster.ScriptedCluster;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryReconcilerTest {
  /** One registry, whichever is asked for. */
  private static final class OneRegistry implements Registries {
    private final FakeRegistry registry;
    private final AtomicInteger asked = new AtomicInteger();
    private boolean reachable = true;
    private boolean broken;

    OneRegistry(FakeRegistry registry) {
      this.registry = registry;
    }

    @Override
    public OwnAccount ownAccount() {
      asked.incrementAndGet();
      if (broken) {
        throw new NoClassDefFoundError("a bug");
      }
      if (!reachable) {
        throw new CallFailedException(Samples.failure(Failure.Kind.UNAVAILABLE));
      }
      return Samples.OWN;
    }

    @Override
    public RepositoryRegistry holding(RepositoryTarget target) {
      return registry;
    }
  }

  private Instant now = NOW;
  private final ScriptedCluster cluster = new ScriptedCluster();
  private final InstantSource source = () -> this.now;
  private final Clock clock = source.withZone(ZoneOffset.UTC);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ReconcileMetrics metrics = new ReconcileMetrics(meters, clock);
  private final FakeRegistry registry = FakeRegistry.empty();
  private final OneRegistry registries = new OneRegistry(registry);
  private final Fence fence = Fence.withoutDeadline();
  private final ClusterObjects<Repository> objects =
      new ClusterObjects<>(cluster.client(), Repository.class, fence);
  private final RepositoryReconciler reconciler = reconcilerOf(objects);

  private RepositoryReconciler reconcilerOf(ClusterObjects<Repository> all) {
    return new RepositoryReconciler(
        "blue",
        registries,
        all,
        new ReportWriter<>(all, new Events(cluster.client(), clock, fence), metrics),
        metrics,
        new Schedule(Duration.ofMinutes(5), () -> 0L),
        clock);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private UpdateControl<Repository> reconcile(Repository object) {
    return reconciler.reconcile(object, PassContext.of(false));
  }

  private static Repository held(String spec) {
    Repository object = ScriptedCluster.object(spec);
    object.addFinalizer(ClusterObjects.FINALIZER);
    object
        .getMetadata()
        .setAnnotations(
            Map.of(
                Annotations.TARGET,
                "111122223333/eu-west-1/api",
                Annotations.DECLARED,
                new Declared("uid-1", 1, Samples.desired(spec).declaredFields(), new TreeSet<>())
                    .text()));
    return object;
  }

  private static Repository deleted(String spec) {
    Repository object = held(spec);
    object.getMetadata().setDeletionTimestamp("2026-11-01T12:00:00Z");
    return object;
  }

  private List<String> requests() throws InterruptedException {
    return cluster.takeRequests().stream().map(r -> r.line().replaceAll("\\?.*", "")).toList();
  }

  @Test
  void theFinalizerAndTheTargetComeBeforeTheFirstCallToAws() throws Exception {
    cluster.onPatch(OBJECT, 200, held("{}"));
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    reconcile(ScriptedCluster.object("{}"));
    List<ScriptedCluster.Request> requests = cluster.takeRequests();
    assertThat(requests.getFirst().line()).startsWith("PATCH");
    assertThat(requests.getFirst().body()).contains("111122223333/eu-west-1/api");
    assertThat(requests.getLast().body())
        .contains("\"reason\":\"InSync\"", "\"observedGeneration\":1");
    assertThat(registry.calls).containsExactly("create");
  }

  @Test
  void aConflictOnTheFinalizerMeansNoCallToAws() throws Exception {
    cluster.onPatch(OBJECT, 409, refusal(409, "Conflict"));
    UpdateControl<Repository> control = reconcile(ScriptedCluster.object("{}"));
    assertThat(registry.calls).isEmpty();
    assertThat(requests()).containsExactly("PATCH " + OBJECT);
    assertThat(control.getScheduleDelay()).hasValueSatisfying(d -> assertThat(d).isLessThan(1_000));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 409, 422})
  void withoutTheFinalizerNothingIsDoneInAwsAndItIsTriedAgain(int code) throws Exception {
    cluster.onPatch(OBJECT, code, refusal(code, "No"));
    UpdateControl<Repository> refused = reconcile(ScriptedCluster.object("{}"));
    assertThat(registry.calls).isEmpty();
    assertThat(requests()).containsExactly("PATCH " + OBJECT);
    assertThat(refused.getScheduleDelay()).isPresent();

    cluster.onPatch(OBJECT, 200, held("{}"));
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    reconcile(ScriptedCluster.object("{}"));
    assertThat(registry.calls).containsExactly("create");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 409, 422})
  void aStatusThatIsRefusedIsWrittenByTheNextPassWithoutAnotherCreation(int code) throws Exception {
    Repository object = held("{}");
    Repository edited = held("{}");
    edited.getMetadata().setGeneration(2L);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, code, refusal(code, "No"));
    cluster.onGet(OBJECT, 200, edited);
    UpdateControl<Repository> refused = reconcile(object);
    assertThat(registry.calls).containsExactly("create");
    assertThat(refused.getScheduleDelay()).isPresent();
    cluster.takeRequests();

    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, edited);
    reconcile(edited);
    assertThat(registry.calls.stream().filter("create"::equals)).hasSize(1);
    List<ScriptedCluster.Request> requests = cluster.takeRequests();
    assertThat(requests.getLast().line()).startsWith("PUT " + STATUS);
    assertThat(requests.getLast().body()).contains("InSync", "\"observedGeneration\":2");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void whatTheApiServerCannotAnswerNowIsAskedAgainByTheClientWithinThePass(int code)
      throws Exception {
    cluster.onPatch(OBJECT, code, refusal(code, "Later"));
    cluster.onPatch(OBJECT, 200, held("{}"));
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, code, refusal(code, "Later"));
    cluster.onPut(STATUS, 200, held("{}"));

    reconcile(ScriptedCluster.object("{}"));

    assertThat(requests())
        .containsExactly(
            "PATCH " + OBJECT,
            "PATCH " + OBJECT,
            "POST " + EVENTS,
            "PUT " + STATUS,
            "PUT " + STATUS);
    assertThat(registry.calls).containsExactly("create");
  }

  // What follows 429 is the client's own back-off, and then the pass's, each longer than the one
  // before. Fabric8 7.5 reads Retry-After, here an hour, and waits its own time: one that keeps to
  // it ends these tests by their timeout.

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void beforeTheFinalizerAnApiServerThatAsksForARestHasTheBackOffsOfClientAndPass()
      throws Exception {
    for (long backOff : List.of(1_000L, 2_000L, 4_000L)) {
      cluster.throttlePatch(OBJECT);

      UpdateControl<Repository> throttled = reconcile(ScriptedCluster.object("{}"));

      assertThat(requests())
          .containsExactly("PATCH " + OBJECT, "PATCH " + OBJECT, "PATCH " + OBJECT);
      assertThat(registry.calls).isEmpty();
      assertThat(throttled.getScheduleDelay()).hasValue(backOff);
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void anApiServerThatAsksForARestGetsTheStatusAfterTheBackOffsOfClientAndPass() throws Exception {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.throttlePut(STATUS);

    UpdateControl<Repository> throttled = reconcile(held("{}"));

    assertThat(requests())
        .containsExactly("POST " + EVENTS, "PUT " + STATUS, "PUT " + STATUS, "PUT " + STATUS);
    assertThat(throttled.getScheduleDelay()).hasValue(1_000L);

    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    reconcile(held("{}"));
    assertThat(registry.calls.stream().filter("create"::equals)).hasSize(1);
    assertThat(cluster.takeRequests().getLast().body())
        .contains("InSync", "\"origin\":\"Created\"");
  }

  @Test
  void anObjectOlderThanWhatWeWroteOfItIsWaitedOut() throws Exception {
    Repository declared = ScriptedCluster.object("{}");
    cluster.onPatch(OBJECT, 200, version("11", held("{}")));
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, version("12", held("{}")));
    reconcile(declared);
    cluster.takeRequests();
    registry.takeCalls();

    for (String behind : List.of("9", "10", "11")) {
      UpdateControl<Repository> control = reconcile(version(behind, held("{}")));
      assertThat(control.getScheduleDelay()).isPresent();
    }
    assertThat(requests()).isEmpty();
    assertThat(registry.calls).isEmpty();

    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, version("14", held("{tags: {a: b}}")));
    reconcile(version("13", held("{tags: {a: b}}")));
    assertThat(registry.settings().tags().values()).containsEntry("a", "b");
  }

  private static Repository version(String version, Repository object) {
    object.getMetadata().setResourceVersion(version);
    return object;
  }

  @Test
  void anObjectThatIsHeldIsNotPatchedAgain() throws Exception {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    reconcile(held("{}"));
    assertThat(requests()).containsExactly("POST " + EVENTS, "PUT " + STATUS);
  }

  @Test
  void whatIsSuspendedIsNotLookedAtAndSaysSo() throws Exception {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{suspend: true}"));
    UpdateControl<Repository> control = reconcile(ScriptedCluster.object("{suspend: true}"));
    assertThat(registry.calls).isEmpty();
    assertThat(registries.asked).hasValue(0);
    List<ScriptedCluster.Request> requests = cluster.takeRequests();
    assertThat(requests)
        .extracting(ScriptedCluster.Request::line)
        .containsExactly("POST " + EVENTS, "PUT " + STATUS);
    assertThat(requests).allSatisfy(r -> assertThat(r.body()).contains("Suspended"));
    assertThat(control.getScheduleDelay()).isEmpty();
  }

  /** The Operator SDK would take the object for one that is under way, for ever. */
  @Test
  void anErrorEndsAPassLikeAnyOtherFailure() throws Exception {
    registries.broken = true;
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    UpdateControl<Repository> control = reconcile(held("{}"));
    assertThat(cluster.takeRequests())
        .anySatisfy(
            request ->
                assertThat(request.body())
                    .contains("the operator failed (NoClassDefFoundError): see its log"));
    assertThat(control.getScheduleDelay()).isPresent();
    assertThat(meters.get("ecr_operator_pass_failures").counter().count()).isEqualTo(1);
  }

  @Test
  void anErrorThatCannotBeToldEndsAPassAllTheSame() {
    registries.broken = true;
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 500, refusal(500, "InternalError"));
    assertThat(reconcile(held("{}")).getScheduleDelay()).isPresent();
  }

  @Test
  void whereItCannotBeAskedWhatThereIsThePassIsMadeLater() {
    var taken =
        new ClusterObjects<>(cluster.client(), Repository.class, fence, Optional.of(Set.of()));
    // Nothing is scripted: the list is not found.
    RepositoryReconciler successor = reconcilerOf(taken);
    assertThat(successor.reconcile(held("{}"), PassContext.of(false)).getScheduleDelay())
        .isPresent();
    assertThat(registry.calls).isEmpty();
  }

  @Test
  void whatIsKeptButForAnInvalidFieldAgesWhileAwsIsAway() {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    metrics.verified("Repository", held("{}").getMetadata().getUid(), NOW.minusSeconds(60));
    registry.refuse("create", Failure.Kind.UNAVAILABLE);
    reconcile(held("{lifecyclePolicy: {json: '{'}}"));
    assertThat(meters.get("ecr_operator_verified_age_seconds").gauge().value()).isEqualTo(60);
  }

  @Test
  void whatCannotBeToldIsCountedAsItIs() {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 403, refusal(403, "Forbidden"));
    reconcile(held("{}"));
    assertThat(
            meters
                .get("ecr_operator_resources")
                .tags("ready", "true", "reason", "InSync")
                .gauge()
                .value())
        .isEqualTo(1);
    assertThat(
            meters
                .get("ecr_operator_kubernetes_refusals")
                .tags("kind", "Repository", "code", "403")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void whatCannotBeCreatedUntilItsOwnerMendsItDoesNotAge() {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    metrics.due("Repository", held("{}").getMetadata().getUid());
    registry.refuse("create", Failure.Kind.QUOTA);
    reconcile(held("{}"));
    metrics.verified("Repository", "another", NOW.minusSeconds(7));
    assertThat(meters.get("ecr_operator_verified_age_seconds").gauge().value()).isEqualTo(7);
  }

  @Test
  void aDeletedObjectIsForgottenWithoutACall() throws Exception {
    cluster.onPut(STATUS, 200, held("{suspend: true}"));
    reconcile(held("{suspend: true}"));
    cluster.takeRequests();
    assertThat(meters.get("ecr_operator_resources").gauge().value()).isEqualTo(1);
    reconciler.reconcile(held("{suspend: true}"), PassContext.of(true));
    assertThat(meters.get("ecr_operator_resources").gauge().value()).isZero();
    assertThat(requests()).isEmpty();
    assertThat(registry.calls).isEmpty();
  }

  /** A watch that saw nothing for a while brings the next object as an update of the last. */
  @Test
  void whatWasReplacedUnseenIsForgotten() {
    RecreationEventSource<Repository> recreations = recreations();
    reconcile(suspended("uid-1"));
    recreations.onResourceUpdated(suspended("uid-2"), suspended("uid-1"));
    reconcile(suspended("uid-2"));
    assertThat(meters.get("ecr_operator_resources").gauge().value()).isEqualTo(1);
  }

  @Test
  void ofTwoThatWereDeletedBeforeAPassEachIsForgotten() {
    RecreationEventSource<Repository> recreations = recreations();
    reconcile(suspended("uid-1"));
    reconcile(suspended("uid-2"));
    recreations.onResourceDeleted(suspended("uid-1"));
    recreations.onResourceDeleted(suspended("uid-2"));
    reconciler.reconcile(suspended("uid-3"), PassContext.of(true));
    assertThat(meters.get("ecr_operator_resources").gauge().value()).isZero();
  }

  private Repository suspended(String uid) {
    cluster.onPut(STATUS, 200, held("{suspend: true}"));
    Repository object = held("{suspend: true}");
    object.getMetadata().setUid(uid);
    return object;
  }

  @SuppressWarnings("unchecked")
  private RecreationEventSource<Repository> recreations() {
    return (RecreationEventSource<Repository>)
        reconciler.prepareEventSources(PassContext.ofEventSources()).getFirst();
  }

  @Test
  void aStatusThatSaysTheSameIsNotWritten() throws Exception {
    Repository object = held("{}");
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, object);
    reconcile(object);
    cluster.takeRequests();
    reconcile(object);
    assertThat(requests()).isEmpty();
  }

  @Test
  void whatAPassTookHoldOfIsGivenBackThoughItsStatusWasLostToAnEdit() {
    Repository first = held("{tags: {team: payments}}");
    Repository edited = held("{}");
    edited.getMetadata().setGeneration(2L);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, edited);
    reconcile(first);
    assertThat(registry.settings().tags().values()).containsKey("team");
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, edited);
    reconcile(edited);
    assertThat(registry.settings().tags().values()).doesNotContainKey("team");
  }

  /** The object as the API server has it, with that status. */
  private static Repository stored(String spec, String status) {
    Repository object = held(spec);
    object.setStatus(Samples.status(status));
    return object;
  }

  /** A pass whose status is refused. */
  private void refuseStatusOf(Repository object) throws Exception {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 403, refusal(403, "No"));
    reconcile(object);
    cluster.takeRequests();
  }

  /** The status of a pass over the object, as it is written. */
  private String toldOf(Repository object) throws Exception {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    reconcile(object);
    ScriptedCluster.Request last = cluster.takeRequests().getLast();
    assertThat(last.line()).startsWith("PUT " + STATUS);
    return last.body();
  }

  private static final String AS_DECLARED =
      "{arn: a, origin: Created, managed: [scanning], observedGeneration: 1,"
          + " conditions: [{type: Ready, status: 'True', reason: InSync}]}";

  private static final String ADOPTABLE = "{adoption: IfExists}";

  private static final String CONFLICT =
      "{observedGeneration: 1, conditions: [{type: Ready, reason: Conflict}]}";

  @Test
  void driftThatWasPutBackIsToldThoughTheStatusWasRefusedAtFirst() throws Exception {
    holdOurs();
    String spec = "{scanning: {scanOnPush: true}}";
    refuseStatusOf(stored(spec, AS_DECLARED));
    assertThat(toldOf(stored(spec, AS_DECLARED)))
        .contains("\"drift\":{\"detectedAt\":\"2026-11-01T12:00:00Z\",\"correctedAt\":");
    assertThat(toldOf(stored(spec, AS_DECLARED)))
        .as("what was told is the status's to keep")
        .doesNotContain("\"drift\"");
  }

  @Test
  void anAdoptionIsToldThoughTheStatusWasRefusedAtFirst() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    refuseStatusOf(stored(ADOPTABLE, CONFLICT));
    assertThat(toldOf(stored(ADOPTABLE, CONFLICT))).contains("\"origin\":\"Adopted\"");
  }

  @Test
  void whatNoStatusToldIsToldWhereThePassAfterDoesNotSeeTheRepository() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    refuseStatusOf(stored(ADOPTABLE, CONFLICT));
    registry.refuse("find", Failure.Kind.THROTTLED);
    Repository asked = stored(ADOPTABLE, CONFLICT);
    Map<String, String> annotations = new TreeMap<>(asked.getMetadata().getAnnotations());
    annotations.put(Annotations.REQUESTED_AT, "now");
    asked.getMetadata().setAnnotations(annotations);
    assertThat(toldOf(asked))
        .contains("Throttled", "\"origin\":\"Adopted\"", "\"arn\":", "\"createdAt\":");
  }

  @Test
  void whatNoStatusToldIsToldWhereThePassAfterCannotGoOn() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    refuseStatusOf(stored(ADOPTABLE, CONFLICT));
    registries.reachable = false;
    assertThat(toldOf(stored(ADOPTABLE, CONFLICT)))
        .contains("Unavailable", "\"origin\":\"Adopted\"");
    assertThat(toldOf(stored(ADOPTABLE, CONFLICT)))
        .as("what was told is the status's to keep")
        .doesNotContain("\"origin\"");
  }

  @Test
  void whatNoStatusToldIsToldWhereTheObjectIsSuspended() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    refuseStatusOf(stored(ADOPTABLE, CONFLICT));
    assertThat(toldOf(stored("{adoption: IfExists, suspend: true}", CONFLICT)))
        .contains("Suspended", "\"origin\":\"Adopted\"");
  }

  @Test
  void aWarningIsToldOnceThoughItsStatusIsRefusedAgainAndAgain() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    refuseStatusOf(stored("{}", AS_DECLARED));
    cluster.onPut(STATUS, 403, refusal(403, "No"));
    reconcile(stored("{}", AS_DECLARED));
    assertThat(requests()).containsExactly("PUT " + STATUS);
  }

  @Test
  void whatCameToBeTheObjectsIsWaitedForThoughNoStatusToldIt() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    refuseStatusOf(stored(ADOPTABLE, CONFLICT));
    Repository deleted = deleted("{adoption: IfExists, deletionPolicy: Delete}");
    deleted.setStatus(Samples.status(CONFLICT));
    cluster.onGet(OBJECT, 200, deleted);
    registries.reachable = false;
    assertThat(toldOf(deleted)).contains("the deletion waits");
  }

  @Test
  void whatHasNoTagsHalfAMinuteAfterACreationInDoubtIsSomebodyElses() throws Exception {
    registry.refuse("create", Failure.Kind.AMBIGUOUS);
    assertThat(toldOf(held("{}"))).contains("\"reason\":\"Unavailable\"");
    registry.replace(Samples.observed(Tags.NONE));
    now = NOW.plusSeconds(29);
    assertThat(toldOf(held("{}"))).contains("\"reason\":\"Progressing\"");
    now = NOW.plusSeconds(30);
    assertThat(toldOf(held("{}"))).contains("\"reason\":\"AlreadyExists\"");
  }

  @Test
  void aClaimThatIsDeniedIsTriedAgainOnAFreshLookAndWithoutAnotherCreation() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    for (int pass = 0; pass < 2; pass++) {
      registry.refuse("TagResource", Failure.Kind.DENIED);
      assertThat(toldOf(stored(ADOPTABLE, CONFLICT))).contains("AccessDenied");
    }
    assertThat(registry.calls)
        .containsExactly("create", "find", "TagResource", "find", "TagResource");
    assertThat(registry.maxAges).containsExactly(Duration.ZERO, Duration.ZERO);
  }

  @Test
  void whatCouldNotBeClaimedAndIsGoneIsCreated() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    registry.refuse("TagResource", Failure.Kind.DENIED);
    toldOf(stored(ADOPTABLE, CONFLICT));
    registry.remove();
    registry.takeCalls();
    assertThat(toldOf(stored(ADOPTABLE, CONFLICT))).contains("\"origin\":\"Created\"");
    assertThat(registry.calls).containsExactly("find", "create");
  }

  @Test
  void aClaimThatIsDeniedIsNoVerification() throws Exception {
    metrics.verified("Repository", held("{}").getMetadata().getUid(), NOW.minusSeconds(90));
    registry.replace(Samples.observed(Tags.NONE));
    registry.refuse("TagResource", Failure.Kind.DENIED);
    toldOf(stored(ADOPTABLE, CONFLICT));
    assertThat(meters.get("ecr_operator_verified_age_seconds").gauge().value()).isEqualTo(90);
  }

  @Test
  void oneConflictAfterAPassThatIsNotReadyIsTriedAgainSoonToo() {
    registry.refuse("create", Failure.Kind.THROTTLED);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, held("{}"));
    assertThat(reconcile(held("{}")).getScheduleDelay())
        .hasValueSatisfying(d -> assertThat(d).isLessThan(1_000));
  }

  private static final String OTHER =
      "/apis/ecroperator.dev/v1alpha1/namespaces/payments/repositories/other";

  /** A pass over an object that may adopt what the tag says is another's of this installation. */
  private UpdateControl<Repository> adoptFromOther() {
    registry.replace(Samples.observed(Tags.of(Map.of(Owner.TAG, "blue/payments/other"))));
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{adoption: IfExists}"));
    return reconcile(held("{adoption: IfExists}"));
  }

  private static Repository other() {
    Repository other = held("{name: api}");
    other.getMetadata().setName("other");
    other.getMetadata().setUid("uid-2");
    return other;
  }

  @Test
  void whatAnotherObjectClaimsIsNotAdopted() throws Exception {
    cluster.onGet(OTHER, 200, other());
    adoptFromOther();
    assertThat(cluster.takeRequests().getLast().body()).contains("\"reason\":\"Conflict\"");
    assertThat(registry.calls).doesNotContain("TagResource");
  }

  @Test
  void whereItMayNotBeSeenWhetherAnotherClaimsItItDoes() throws Exception {
    cluster.onGet(OTHER, 403, refusal(403, "Forbidden"));
    adoptFromOther();
    assertThat(cluster.takeRequests().getLast().body()).contains("\"reason\":\"Conflict\"");
    assertThat(registry.calls).doesNotContain("TagResource");
  }

  @Test
  void whereTheApiServerDoesNotAnswerNothingIsAdoptedAndNothingIsTold() throws Exception {
    cluster.failGet(OTHER);
    assertThat(adoptFromOther().getScheduleDelay()).isPresent();
    assertThat(requests()).doesNotContain("PUT " + STATUS);
    assertThat(registry.calls).doesNotContain("TagResource");
  }

  @Test
  void ofTwoObjectsThatMeanTheSameRepositoryOneWaitsWhileTheOtherIsAtIt() throws Exception {
    registry.during(
        "create",
        () ->
            assertThat(reconcile(other()).getScheduleDelay())
                .hasValueSatisfying(d -> assertThat(d).isLessThan(1_000)));
    assertThat(toldOf(held("{}"))).contains("InSync");
    assertThat(registry.calls).containsExactly("create");
  }

  @Test
  void whatWasOnlyObservedWasNotTheObjectsToGiveBack() throws Exception {
    registry.replace(Samples.observed(Tags.NONE));
    registry.edit(s -> s.withScanOnPush(true));
    Repository edited = held("{scanning: {scanOnPush: true}}");
    edited.setSpec(Samples.spec(ADOPTABLE));
    edited.getMetadata().setGeneration(2L);
    edited.setStatus(
        Samples.status("{arn: a, createdAt: '%s', observedGeneration: 0}".formatted(NOW)));
    cluster.onPatch(OBJECT, 200, edited);
    assertThat(toldOf(edited)).contains("InSync", "\"origin\":\"Adopted\"");
    assertThat(registry.settings().scanOnPush()).isTrue();
  }

  @Test
  void whatWasPlannedOnMemoryIsNoVerification() throws Exception {
    toldOf(held("{}"));
    now = NOW.plusSeconds(1);
    Repository edited = held("{tags: {team: a}}");
    edited.getMetadata().setGeneration(2L);
    cluster.onPatch(OBJECT, 200, edited);
    toldOf(edited);
    assertThat(registry.calls).containsExactly("create", "TagResource");
    assertThat(meters.get("ecr_operator_verified_age_seconds").gauge().value()).isEqualTo(1);
  }

  @Test
  void whoHasLetGoClaimsNothingWhoeverElseHoldsItBack() {
    Repository other = other();
    other.getMetadata().setDeletionTimestamp("2026-11-01T12:00:00Z");
    other.getMetadata().setFinalizers(List.of("example.com/foreign"));
    cluster.onGet(OTHER, 200, other);
    adoptFromOther();
    assertThat(registry.calls).contains("TagResource");
  }

  @Test
  void whatIsHeldIsTellableThoughTheStatusWasLostToASuspension() throws Exception {
    Repository suspended = held("{suspend: true}");
    suspended.getMetadata().setGeneration(2L);
    Repository resumed = held("{}");
    resumed.getMetadata().setGeneration(3L);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, suspended);
    reconcile(held("{tags: {team: payments}}"));
    cluster.takeRequests();

    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, suspended);
    reconcile(suspended);
    assertThat(cluster.takeRequests().getLast().body()).contains("\"managed\":[\"tags/team\"]");

    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, resumed);
    reconcile(resumed);
    assertThat(registry.settings().tags().values()).doesNotContainKey("team");
  }

  @Test
  void aStatusThatCannotBeReadIsNotWrittenOver() throws Exception {
    Repository object = held("{tags: {team: payments}}");
    object.markUnreadable("status.managed");
    cluster.onPost(EVENTS, 201, new Event());
    assertThat(reconcile(object).getScheduleDelay()).isEmpty();
    assertThat(cluster.takeRequests())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.line()).isEqualTo("POST " + EVENTS);
              assertThat(event.body()).contains("InvalidSpec", "status.managed: ");
            });
    assertThat(registry.calls).isEmpty();
  }

  @Test
  void whatWasTakenHoldOfBeforeACrashIsGivenBackThoughAwsDoesNotAnswerAtFirst() throws Exception {
    holdOurs();
    registry.edit(s -> s.withScanOnPush(true));
    Repository edited = held("{scanning: {scanOnPush: true}}");
    edited.setSpec(Samples.spec("{}"));
    edited.getMetadata().setGeneration(2L);
    registries.reachable = false;
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, edited);
    reconcile(edited);
    String told = cluster.takeRequests().getLast().body();
    assertThat(told).contains("\"managed\":[\"scanning\"]", "\"observedGeneration\":2");
  }

  @Test
  void whatIsReleasedAndWasAtItsDefaultIsLookedAtByItself() {
    Repository first = held("{scanning: {scanOnPush: false}}");
    holdOurs();
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, first);
    reconcile(first);
    registry.edit(s -> s.withScanOnPush(true));
    registry.maxAges.clear();

    Repository edited = held("{}");
    edited.getMetadata().setGeneration(2L);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, edited);
    reconcile(edited);
    assertThat(registry.maxAges).containsExactly(Duration.ZERO);
    assertThat(registry.settings().scanOnPush()).isFalse();
  }

  @Test
  void resumingLooksAtAwsItself() {
    reconcileOurs("{arn: a, conditions: [{type: Suspended, status: 'True'}]}");
    assertThat(registry.maxAges).containsExactly(Duration.ZERO);
  }

  /** So drift is noticed within one and a half times the interval. */
  @Test
  void aListThatServesForALookIsNoOlderThanHalfTheInterval() {
    reconcileOurs("{arn: a, observedGeneration: 1}");
    assertThat(registry.maxAges).containsExactly(Duration.ofSeconds(150));
  }

  /** Makes a pass over an object whose repository is there, and whose status says so. */
  private void reconcileOurs(String status) {
    Repository object = held("{}");
    object.setStatus(Samples.status(status));
    holdOurs();
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, object);
    reconcile(object);
  }

  /** So it is, too, where a watch brings nothing any more, and the cache stays as it was. */
  @ParameterizedTest
  @ValueSource(ints = {403, 404, 409})
  void aStatusThatIsRefusedAgainAndAgainIsTriedRarerAndRarer(int code) {
    Repository newer = held("{}");
    newer.getMetadata().setGeneration(2L);
    long previous = 0;
    for (int pass = 0; pass < 6; pass++) {
      cluster.onPost(EVENTS, 201, new Event());
      cluster.onPut(STATUS, code, refusal(code, "No"));
      cluster.onGet(OBJECT, 200, newer);
      long delay = reconcile(held("{}")).getScheduleDelay().orElseThrow();
      assertThat(delay).isGreaterThan(previous);
      previous = delay;
    }
  }

  @Test
  void aPassThatAwsDidNotAnswerIsNoVerification() {
    Repository object = held("{}");
    metrics.verified("Repository", object.getMetadata().getUid(), NOW.minusSeconds(90));
    registry.refuse("create", Failure.Kind.UNAVAILABLE);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    reconcile(object);
    assertThat(meters.get("ecr_operator_verified_age_seconds").gauge().value()).isEqualTo(90);
  }

  private void holdOurs() {
    registry.create(
        Samples.TARGET,
        RepositorySettings.UNDECLARED.withTags(Tags.of(Map.of(Owner.TAG, "blue/payments/api"))));
    registry.takeCalls();
  }

  @Test
  void deletionLooksAtTheLiveObjectAndThenAtTheTag() throws Exception {
    holdOurs();
    Repository object = deleted("{deletionPolicy: Delete}");
    cluster.onGet(OBJECT, 200, object);
    cluster.onPatch(OBJECT, 200, object);
    cluster.onPost(EVENTS, 201, new Event());
    reconcile(object);
    assertThat(registry.calls).containsExactly("tags", "delete");
    assertThat(requests()).containsExactly("GET " + OBJECT, "PATCH " + OBJECT, "POST " + EVENTS);
  }

  @Test
  void whoseManifestIsEditedWhileTheDeletionWaitsForItsTurnIsDealtWithAnew() throws Exception {
    holdOurs();
    Repository object = deleted("{deletionPolicy: ForceDelete}");
    Repository edited = deleted("{deletionPolicy: Retain}");
    edited.getMetadata().setGeneration(2L);
    cluster.onGet(OBJECT, 200, object);
    cluster.onGet(OBJECT, 200, edited);
    registry.beforeTurn(() -> {});
    assertThat(reconcile(object).getScheduleDelay())
        .hasValueSatisfying(d -> assertThat(d).isLessThan(1_000));
    assertThat(registry.calls).containsExactly("tags", "tags");
    assertThat(requests()).containsExactly("GET " + OBJECT, "GET " + OBJECT);
  }

  @Test
  void thePolicyOfTheLiveObjectCounts() throws Exception {
    holdOurs();
    Repository live = deleted("{deletionPolicy: Retain}");
    cluster.onGet(OBJECT, 200, live);
    cluster.onPatch(OBJECT, 200, live);
    cluster.onPost(EVENTS, 201, new Event());
    reconcile(deleted("{deletionPolicy: ForceDelete}"));
    assertThat(registry.calls).isEmpty();
    assertThat(registry.isEmpty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"another uid", "not to be deleted", "not held", "gone"})
  void nothingIsDeletedWhereTheLiveObjectSaysOtherwise(String what) throws Exception {
    holdOurs();
    Repository live = deleted("{deletionPolicy: ForceDelete}");
    switch (what) {
      case "another uid" -> live.getMetadata().setUid("uid-2");
      case "not to be deleted" -> live.getMetadata().setDeletionTimestamp(null);
      case "not held" -> live.removeFinalizer(ClusterObjects.FINALIZER);
      default -> {
        // The API server says that it is gone.
      }
    }
    if (what.equals("gone")) {
      cluster.onGet(OBJECT, 404, refusal(404, "NotFound"));
    } else {
      cluster.onGet(OBJECT, 200, live);
    }
    reconcile(deleted("{deletionPolicy: ForceDelete}"));
    assertThat(registry.calls).isEmpty();
    assertThat(requests()).containsExactly("GET " + OBJECT);
  }

  @Test
  void deletionWaitsWhileAwsIsOutAndKeepsTheFinalizer() throws Exception {
    registries.reachable = false;
    Repository object = deleted("{deletionPolicy: Delete}");
    cluster.onGet(OBJECT, 200, object);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, object);
    UpdateControl<Repository> control = reconcile(object);
    assertThat(requests()).containsExactly("GET " + OBJECT, "POST " + EVENTS, "PUT " + STATUS);
    assertThat(control.getScheduleDelay()).isPresent();
  }

  @Test
  void aDeletionThatWaitsSaysThatTheRepositoryIsOurs() throws Exception {
    holdOurs();
    registry.refuse("delete", Failure.Kind.DENIED);
    Repository object = deleted("{deletionPolicy: Delete}");
    cluster.onGet(OBJECT, 200, object);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, object);
    reconcile(object);
    assertThat(cluster.takeRequests().getLast().body())
        .contains("AccessDenied", "\"origin\":\"Created\"");
  }

  @Test
  void whatIsRetainedGoesWhileAwsIsOut() throws Exception {
    registries.reachable = false;
    Repository object = deleted("{}");
    cluster.onGet(OBJECT, 200, object);
    cluster.onPatch(OBJECT, 200, object);
    cluster.onPost(EVENTS, 201, new Event());
    reconcile(object);
    assertThat(requests()).containsExactly("GET " + OBJECT, "PATCH " + OBJECT, "POST " + EVENTS);
    assertThat(registries.asked).hasValue(0);
  }

  @Test
  void aLookThatWasAskedForAndFailedIsMadeAnewByTheNextPass() {
    Repository resumed = held("{}");
    resumed.setStatus(Samples.status("{arn: a, conditions: [{type: Suspended, status: 'True'}]}"));
    Repository told = held("{}");
    told.setStatus(Samples.status("{arn: a, conditions: [{type: Ready, reason: Throttled}]}"));
    holdOurs();
    registry.refuse("find", Failure.Kind.THROTTLED);
    for (Repository object : List.of(resumed, told, told)) {
      cluster.onPost(EVENTS, 201, new Event());
      cluster.onPut(STATUS, 200, told);
      reconcile(object);
    }
    assertThat(registry.maxAges).containsExactly(Duration.ZERO, Duration.ZERO);
  }

  @Test
  void afterAWhileOfWaitingForItsOwnerAnObjectIsRetriedAsSoonAsAnyOther() {
    Repository object = held("{}");
    registry.replace(Samples.observed(Tags.of(Map.of(Owner.TAG, "green/payments/api"))));
    for (int pass = 0; pass < 9; pass++) {
      cluster.onPost(EVENTS, 201, new Event());
      cluster.onPut(STATUS, 200, object);
      reconcile(object);
    }
    registry.refuse("find", Failure.Kind.THROTTLED);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, object);

    assertThat(reconcile(object).getScheduleDelay())
        .hasValueSatisfying(millis -> assertThat(millis).isLessThanOrEqualTo(1_000));
  }

  /** The wait after a pass in which ECR throttles the creation. */
  private long waitAfterThrottling() {
    registry.refuse("create", Failure.Kind.THROTTLED);
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    return reconcile(held("{}")).getScheduleDelay().orElseThrow();
  }

  @Test
  void whatAwsThrottlesAgainAndAgainIsTriedRarerAndRarerUntilItSucceedsOrIsGone() throws Exception {
    assertThat(List.of(waitAfterThrottling(), waitAfterThrottling(), waitAfterThrottling()))
        .containsExactly(1_000L, 2_000L, 4_000L);

    reconciler.reconcile(held("{}"), PassContext.of(true));
    assertThat(List.of(waitAfterThrottling(), waitAfterThrottling()))
        .containsExactly(1_000L, 2_000L);

    assertThat(toldOf(held("{}"))).contains("InSync");
    registry.remove();
    now = NOW.plusSeconds(3_600);
    assertThat(waitAfterThrottling()).isEqualTo(1_000L);
  }

  @Test
  void retriesThatArePlannedOnMemoryPutNoLookOff() {
    holdOurs();
    for (int minute = 0; minute <= 5; minute++) {
      now = NOW.plusSeconds(60L * minute);
      registry.refuse("TagResource", Failure.Kind.THROTTLED);
      cluster.onPost(EVENTS, 201, new Event());
      cluster.onPut(STATUS, 200, held("{}"));
      reconcile(stored("{tags: {team: payments}}", "{arn: a, observedGeneration: 1}"));
    }
    assertThat(registry.maxAges).hasSize(2);
  }

  @Test
  void whatEcrRefusesAsInvalidIsNotSentAgain() throws Exception {
    holdOurs();
    registry.refuse("TagResource", Failure.Kind.INVALID);
    Repository object = stored("{tags: {team: payments}}", "{arn: a, observedGeneration: 1}");
    assertThat(toldOf(object)).contains("InvalidSpec");
    registry.calls.clear();
    reconcile(object);
    assertThat(registry.calls).isEmpty();
  }

  @Test
  void whatIsSuspendedNoLongerIsLookedAt() throws Exception {
    assertThat(toldOf(held("{suspend: false}"))).contains("InSync");
    assertThat(registry.calls).containsExactly("create");
  }

  @Test
  void anotherObjectThatMeansAnotherRepositoryByNowClaimsNothing() {
    Repository other = other();
    other.setSpec(Samples.spec("{name: elsewhere}"));
    other
        .getMetadata()
        .setAnnotations(Map.of(Annotations.TARGET, "111122223333/eu-west-1/elsewhere"));
    cluster.onGet(OTHER, 200, other);
    adoptFromOther();
    assertThat(registry.calls).contains("TagResource");
  }

  @Test
  void whatIsOnlyObservedIsToldToHoldNothingThoughAwsDoesNotAnswer() throws Exception {
    Repository observing = held("{scanning: {scanOnPush: true}}");
    observing.setSpec(Samples.spec("{management: ObserveOnly}"));
    observing.setStatus(Samples.status(AS_DECLARED));
    observing.getMetadata().setGeneration(2L);
    registries.reachable = false;
    assertThat(toldOf(observing))
        .contains("\"observedGeneration\":2")
        .doesNotContain("\"managed\":[\"scanning\"]");
  }

  @Test
  void whatIsHeldIsToldThoughTheStatusWasLostAndAwsDoesNotAnswerSince() throws Exception {
    refuseStatusOf(held("{tags: {team: payments}}"));
    Repository edited = held("{}");
    edited.getMetadata().setGeneration(2L);
    registries.reachable = false;
    assertThat(toldOf(edited)).contains("\"managed\":[\"tags/team\"]");
  }

  @Test
  void whatCannotBeReadOfAnObjectThatIsDeletedLeavesTheRepositoryAsItIs() throws Exception {
    holdOurs();
    String unreadable =
        new KubernetesSerialization()
            .asJson(deleted("{deletionPolicy: Delete}"))
            .replace("\"deletionPolicy\"", "\"tags\":7,\"deletionPolicy\"");
    cluster.onGet(OBJECT, 200, unreadable);
    cluster.onPatch(OBJECT, 200, held("{}"));
    cluster.onPost(EVENTS, 201, new Event());

    reconcile(deleted("{deletionPolicy: Delete}"));

    List<ScriptedCluster.Request> requests = cluster.takeRequests();
    assertThat(requests)
        .extracting(request -> request.line().replaceAll("\\?.*", ""))
        .containsExactly("GET " + OBJECT, "PATCH " + OBJECT, "POST " + EVENTS);
    assertThat(requests.getLast().body()).contains("Retained", "spec.tags");
    assertThat(registry.calls).isEmpty();
    assertThat(registry.isEmpty()).isFalse();
  }

  private long waitAfter(Repository object) {
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 200, held("{}"));
    return reconcile(object).getScheduleDelay().orElseThrow();
  }

  private static Repository meaningNothing() {
    Repository object = held("{}");
    object.setSpec(Samples.spec("{visibility: Odd}"));
    return object;
  }

  @Test
  void whereAwsIsOutItIsAskedRarerAndRarerWhateverWaitedForItsOwnerBefore() {
    assertThat(List.of(waitAfter(meaningNothing()), waitAfter(meaningNothing())))
        .containsExactly(300_000L, 300_000L);
    registries.reachable = false;
    assertThat(List.of(waitAfter(held("{}")), waitAfter(held("{}")), waitAfter(held("{}"))))
        .containsExactly(1_000L, 2_000L, 4_000L);
  }

  @Test
  void whatWaitsForItsOwnerBeforeAwsIsAskedDoesNotAge() {
    Repository unreadable = held("{}");
    unreadable.markUnreadable("status.managed");
    for (Repository object : List.of(meaningNothing(), unreadable)) {
      metrics.verified("Repository", object.getMetadata().getUid(), now.minusSeconds(60));
      cluster.onPost(EVENTS, 201, new Event());
      cluster.onPut(STATUS, 200, held("{}"));
      reconcile(object);
      now = now.plusSeconds(60);
      metrics.verified("Repository", "another", now.minusSeconds(7));
      assertThat(meters.get("ecr_operator_verified_age_seconds").gauge().value()).isEqualTo(7);
    }
  }

  @Test
  void whatWaitsForAPermissionAges() {
    registry.refuse("create", Failure.Kind.DENIED);
    waitAfter(held("{}"));
    now = NOW.plusSeconds(60);
    assertThat(meters.get("ecr_operator_verified_age_seconds").gauge().value()).isEqualTo(60);
  }

  /** What was created and answered may be shown without its tags, too, as long as it is new. */
  @Test
  void whatWasJustCreatedIsNobodyElsesUntilItsTagsAreShown() throws Exception {
    String spec =
        "{scanning: {scanOnPush: true}, accessPolicy: {json: '" + Samples.WHOLE.json() + "'}}";
    registry.loseAnswer("SetRepositoryPolicy");
    registry.untaggedLooks = 1;
    String told = toldOf(held(spec));
    assertThat(told).contains("Unavailable", "\"origin\":\"Created\"");
    Repository created = held(spec);
    created.setStatus(
        Samples.status(
            "{arn: a, observedGeneration: 1, origin: Created, managed: [scanning],"
                + " createdAt: '2026-11-01T12:00:00Z'}"));
    now = NOW.plusSeconds(1);

    assertThat(toldOf(created))
        .contains("Progressing", "\"origin\":\"Created\"", "\"scanning\"")
        .doesNotContain("AlreadyExists");
    now = NOW.plusSeconds(3);
    assertThat(toldOf(created)).contains("InSync", "\"origin\":\"Created\"");
  }

  /** The creation whose answer was lost may be what has used the quota up. */
  @ParameterizedTest
  @EnumSource(
      value = Failure.Kind.class,
      names = {"QUOTA", "KMS"})
  void whatWasCreatedInDoubtIsDeletedThoughTheNextCreationWasRefused(Failure.Kind refusal)
      throws Exception {
    String spec = "{deletionPolicy: Delete}";
    now = NOW.plusSeconds(3_600);
    registry.loseAnswer("create").refuse("create", refusal);
    registry.staleLooks = 2;
    assertThat(toldOf(held(spec))).contains("Unavailable");
    assertThat(toldOf(held(spec))).contains(refusal.reason().text());
    Repository object = deleted(spec);
    object.getMetadata().setGeneration(2L);
    object.getMetadata().setDeletionTimestamp(now.toString());
    object.setStatus(
        Samples.status(
            "{observedGeneration: 1, conditions: [{type: Ready, status: 'False', reason: %s}]}"
                .formatted(refusal.reason().text())));

    cluster.onGet(OBJECT, 200, object);
    assertThat(toldOf(object)).contains("Progressing");
    cluster.onGet(OBJECT, 200, object);
    cluster.onPatch(OBJECT, 200, object);
    cluster.onPost(EVENTS, 201, new Event());
    reconcile(object);
    assertThat(registry.isEmpty()).isTrue();
  }

  @Test
  void whatObserveOnlyHasLetGoIsNotGivenBackThoughAwsDidNotAnswerThen() throws Exception {
    holdOurs();
    assertThat(toldOf(held("{scanning: {scanOnPush: true}}"))).contains("InSync");
    Repository observing = held("{management: ObserveOnly}");
    observing.getMetadata().setGeneration(2L);
    registries.reachable = false;
    assertThat(toldOf(observing)).doesNotContain("\"managed\":[\"scanning\"]");

    Repository full = held("{}");
    full.getMetadata().setGeneration(3L);
    full.setStatus(Samples.status("{arn: a, observedGeneration: 2, origin: Created, managed: []}"));
    registries.reachable = true;
    assertThat(toldOf(full)).contains("InSync");
    assertThat(registry.settings().scanOnPush()).as("let go as it stands").isTrue();
  }

  /** Of very many creations at once the last wait for minutes, and people change their minds. */
  @Test
  void whatWasCreatedInDoubtLongAfterTheDeletionWasAskedForIsDeleted() throws Exception {
    String spec = "{deletionPolicy: Delete}";
    Repository object = deleted(spec);
    object.getMetadata().setGeneration(2L);
    now = NOW.plusSeconds(3_600);
    registry.loseAnswer("create");
    registry.staleLooks = 1;
    cluster.onPost(EVENTS, 201, new Event());
    cluster.onPut(STATUS, 409, refusal(409, "Conflict"));
    cluster.onGet(OBJECT, 200, object);
    reconcile(held(spec));
    cluster.takeRequests();

    cluster.onGet(OBJECT, 200, object);
    assertThat(toldOf(object)).contains("Progressing");
    cluster.onGet(OBJECT, 200, object);
    cluster.onPatch(OBJECT, 200, object);
    cluster.onPost(EVENTS, 201, new Event());
    reconcile(object);
    assertThat(registry.isEmpty()).isTrue();
  }
}
