package dev.ecroperator.cluster;

import static dev.ecroperator.cluster.ScriptedCluster.OBJECT;
import static dev.ecroperator.cluster.ScriptedCluster.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.ApiObject;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Deletion;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pass has to have written before its first call that changes AWS. */
class ObjectReconcilerTest {
  private static final String PIN = "\"ecroperator.dev/target\":\"here\"";

  private final ScriptedCluster cluster = new ScriptedCluster();
  private final ClusterObjects<Repository> objects =
      new ClusterObjects<>(cluster.client(), Repository.class, Fence.withoutDeadline());
  private final ReconcileMetrics metrics =
      new ReconcileMetrics(new SimpleMeterRegistry(), Clock.systemUTC());
  private final Pinning reconciler =
      new Pinning(
          objects,
          new Events(cluster.client(), Clock.systemUTC(), Fence.withoutDeadline()),
          metrics);

  /** A Repository as these passes read it. */
  private record Read(Repository resource) implements ApiObject<Repository, RepositoryStatus> {
    @Override
    public RepositoryStatus status() {
      return Objects.requireNonNull(resource.getStatus());
    }
  }

  /** Pins its objects, and does no more. */
  private static final class Pinning extends ObjectReconciler<Repository, RepositoryStatus, Read> {
    Pinning(ClusterObjects<Repository> objects, Events events, ReconcileMetrics metrics) {
      super(
          Repository.class,
          Read::new,
          objects,
          new ReportWriter<>(objects, events, metrics),
          metrics,
          new Schedule(Duration.ofMinutes(5), () -> 0L),
          Clock.systemUTC());
    }

    @Override
    protected UpdateControl<Repository> keep(Read object) {
      pinned(object, "here", Map.of("more", "too"));
      return later(Duration.ofMinutes(5));
    }

    @Override
    protected Deletion delete(Read live) {
      throw new AssertionError("nothing is deleted here");
    }

    @Override
    protected void report(Read object, Finding finding, boolean ours) {
      throw new AssertionError(finding.message());
    }

    @Override
    protected int countFailure(Read object) {
      return 1;
    }

    @Override
    protected void forget(Read object) {}
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static Repository pinnedAndHeld() {
    Repository object = object("{}");
    object.getMetadata().setAnnotations(Map.of(Annotations.TARGET, "here", "more", "too"));
    object.addFinalizer(ClusterObjects.FINALIZER);
    return object;
  }

  private void assertThatAPassPins(Repository object) throws Exception {
    cluster.onPatch(OBJECT, 200, pinnedAndHeld());
    reconciler.reconcile(object, PassContext.of(false));
    assertThat(cluster.takeRequests())
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.body())
                    .contains(ClusterObjects.FINALIZER, PIN, "\"more\":\"too\""));
  }

  @Test
  void whatIsPinnedAndHeldIsNotWrittenAgain() throws Exception {
    reconciler.reconcile(pinnedAndHeld(), PassContext.of(false));
    assertThat(cluster.takeRequests()).isEmpty();
  }

  /** Its annotations may be a copy's, as of a backup, or of what was read and applied anew. */
  @Test
  void whatHasTheAnnotationsAndNoFinalizerIsHeldBefore() throws Exception {
    Repository object = pinnedAndHeld();
    object.removeFinalizer(ClusterObjects.FINALIZER);
    assertThatAPassPins(object);
  }

  @Test
  void whatIsHeldAndLacksAnAnnotationIsPinnedBefore() throws Exception {
    Repository object = pinnedAndHeld();
    object.getMetadata().setAnnotations(Map.of(Annotations.TARGET, "here"));
    assertThatAPassPins(object);
  }

  @Test
  void whatSaysSomethingElseIsPinnedBefore() throws Exception {
    Repository object = pinnedAndHeld();
    object.getMetadata().setAnnotations(Map.of(Annotations.TARGET, "here", "more", "less"));
    assertThatAPassPins(object);
  }
}
