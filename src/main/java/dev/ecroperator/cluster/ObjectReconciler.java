package dev.ecroperator.cluster;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.ApiObject;
import dev.ecroperator.api.Conditioned;
import dev.ecroperator.api.Manifest;
import dev.ecroperator.convergence.Deletion;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Report;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the reconcilers of all kinds do alike around a pass: they make none on an object that is
 * older than their own last write, look at the live object before a deletion, and end no pass
 * without having said how it ended and when the next is. Finalizers are handled here (the SDK's
 * "trigger on all events" mode), so that finalizer and target are pinned in one write.
 *
 * @param <T> the kind
 * @param <S> its status
 * @param <O> how a pass reads an object of it
 */
public abstract class ObjectReconciler<
        T extends Manifest<?, S>, S extends Conditioned, O extends ApiObject<T, S>>
    implements Reconciler<T> {
  /** The cache lags, another pass is at it, or the object changed: in a moment again. */
  protected static final Duration SOON = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(ObjectReconciler.class);

  protected final String kind;
  protected final ClusterObjects<T> objects;
  protected final ReconcileMetrics metrics;
  protected final Schedule schedule;
  protected final Clock clock;

  private final Function<T, O> reading;
  private final ReportWriter<T, S> reports;
  private @Nullable RecreationEventSource<T> recreations;

  /**
   * A reconciler of {@code objects}.
   *
   * @param reading how a pass reads an object
   */
  protected ObjectReconciler(
      Class<T> kind,
      Function<T, O> reading,
      ClusterObjects<T> objects,
      ReportWriter<T, S> reports,
      ReconcileMetrics metrics,
      Schedule schedule,
      Clock clock) {
    this.kind = HasMetadata.getKind(kind);
    this.reading = reading;
    this.objects = objects;
    this.reports = reports;
    this.metrics = metrics;
    this.schedule = schedule;
    this.clock = clock;
  }

  /** Has an object that is to stay converged. */
  protected abstract UpdateControl<T> keep(O object);

  /** Deals with what is in AWS of an object that is to go, as the API server has it now. */
  protected abstract Deletion delete(O live);

  /**
   * Has the status tell a pass that ended with that one finding.
   *
   * @param ours whether the pass saw that what is in AWS is the object's
   */
  protected abstract void report(O object, Finding finding, boolean ours);

  /** Remembers one more failure of the object, and returns how many there are in a row. */
  protected abstract int countFailure(O object);

  /** Forgets what is remembered of an object that is gone. */
  protected abstract void forget(O object);

  /** The source of events that every kind has. */
  protected final RecreationEventSource<T> recreations(IndexedResourceCache<T> all) {
    var source = new RecreationEventSource<>(all);
    recreations = source;
    return source;
  }

  @Override
  public final UpdateControl<T> reconcile(T resource, Context<T> context) {
    O object = reading.apply(resource);
    forgetDeleted(resource);
    if (context.isPrimaryResourceDeleted()) {
      return departed(object);
    }
    long started = System.nanoTime();
    try {
      if (objects.isBehind(resource)) {
        return later(SOON);
      }
      if (resource.isMarkedForDeletion()) {
        return finish(object);
      }
      return object.unreadable() == null ? keep(object) : standStill(object);
    } catch (KubernetesClientException e) {
      return again(object, e);
    } catch (RuntimeException | Error e) {
      // The SDK would give up after a few tries, and leave its owner without a word; after an Error
      // it would even hold the object for one under way, and never look at it again.
      log.atError().addKeyValue("resource", object.path()).setCause(e).log("a pass failed");
      metrics.failed(kind);
      return tell(object, e);
    } finally {
      metrics.reconciled(kind, object.uid(), Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private UpdateControl<T> tell(O object, Throwable defect) {
    try {
      return stop(
          object,
          new Finding(
              Reason.UNAVAILABLE,
              "the operator failed ("
                  + defect.getClass().getSimpleName()
                  + "): see its log, and report it"));
    } catch (KubernetesClientException e) {
      return again(object, e);
    }
  }

  /** The live object decides, not the cached one. */
  private UpdateControl<T> finish(O cached) {
    T live = objects.live(cached.resource()).orElse(null);
    if (live == null
        || !live.getMetadata().getUid().equals(cached.uid())
        || !live.isMarkedForDeletion()
        || !ClusterObjects.isHeld(live)) {
      return UpdateControl.noUpdate();
    }
    O object = reading.apply(live);
    return switch (object.unreadable() == null ? delete(object) : leave(object)) {
      case Deletion.Done(Occurrence occurrence) -> {
        objects.release(latest(object).resource());
        reports.tell(live, occurrence);
        yield gone(object);
      }
      case Deletion.Waiting(Finding finding, boolean ours) -> stop(latest(object), finding, ours);
    };
  }

  /** Does nothing for an object that cannot be read, and says so. */
  private UpdateControl<T> standStill(O object) {
    String where =
        object.unreadable() + ": the value is of a type that this operator does not know";
    if (!object.resource().hasUnreadableStatus()) {
      return stop(
          object,
          new Finding(
              Reason.INVALID_SPEC,
              where + ", and so nothing is done: write it as 'kubectl explain' tells"));
    }
    // Written anew, it would lose what the operator that can read it holds.
    reports.tell(
        object.resource(),
        Occurrence.warning(
            Reason.INVALID_SPEC.text(),
            where
                + ", and so nothing is done, and the status stays as it is: have the operator that"
                + " wrote it go on with it"));
    metrics.notDue(object.uid());
    return UpdateControl.noUpdate();
  }

  /** What the manifest says of a deletion is not known: so nothing in AWS is touched. */
  private static Deletion leave(ApiObject<?, ?> object) {
    return new Deletion.Done(
        Occurrence.warning(
            "Retained",
            "left what it has in AWS as it is, for its manifest cannot be read at "
                + object.unreadable()));
  }

  /** The object as it is after what its deletion has recorded in it, if anything. */
  protected O latest(O object) {
    return object;
  }

  /**
   * The object with finalizer and target, both before the first call that changes AWS.
   *
   * @param more annotations that it has to have as well
   */
  protected final O pinned(O object, String target, Map<String, String> more) {
    Map<String, String> annotations = new TreeMap<>(more);
    annotations.put(Annotations.TARGET, target);
    boolean isPinned =
        ClusterObjects.isHeld(object.resource())
            && annotations.entrySet().stream()
                .allMatch(each -> each.getValue().equals(object.annotation(each.getKey())));
    return isPinned ? object : reading.apply(objects.hold(object.resource(), annotations));
  }

  /** Takes what a pass says of an object to where it is read. */
  protected final void write(O object, Report<S> report) {
    reports.write(object.resource(), object.status(), report);
  }

  /** Ends a pass that could not go on, with one finding. */
  protected final UpdateControl<T> stop(O object, Finding finding) {
    return stop(object, finding, false);
  }

  private UpdateControl<T> stop(O object, Finding finding, boolean ours) {
    boolean isStalled = finding.reason().companion() == Reason.Companion.STALLED;
    // What waits for its owner is no failure that a later one would have to wait longer for.
    int failures = isStalled ? 1 : countFailure(object);
    report(object, finding, ours);
    if (isStalled) {
      metrics.notDue(object.uid()); // AWS is not asked until its owner has mended it
    }
    return later(schedule.next(finding.reason(), failures, object.uid(), clock.instant()));
  }

  /** A refused call to Kubernetes: the object changed under us, or the API server is not well. */
  private UpdateControl<T> again(O object, KubernetesClientException e) {
    boolean isChanged = e.getCode() == HTTP_CONFLICT || e.getCode() == HTTP_NOT_FOUND;
    int failures = countFailure(object);
    if (isChanged && failures == 1) {
      return later(SOON);
    }
    // One that repeats is a refusal, too: by a watch that brings nothing any more, it is the same
    // object again and again.
    log.atWarn()
        .addKeyValue("resource", object.path())
        .log("the Kubernetes API refused a call: {}", ApiRefusal.text(e));
    metrics.refused(kind, ApiRefusal.code(e));
    return later(schedule.next(Reason.UNAVAILABLE, failures, object.uid(), clock.instant()));
  }

  /** After a deletion; the SDK may speak of an object that was made anew meanwhile. */
  private UpdateControl<T> departed(O object) {
    RecreationEventSource<T> source = recreations;
    return source != null && source.tellsAgainOf(object.resource())
        ? UpdateControl.noUpdate()
        : gone(object);
  }

  /** What had the object's name before: the SDK makes no pass for each of them. */
  private void forgetDeleted(T resource) {
    RecreationEventSource<T> source = recreations;
    if (source != null) {
      source.takeDeleted(resource).forEach(deleted -> gone(reading.apply(deleted)));
    }
  }

  private UpdateControl<T> gone(O object) {
    forget(object);
    objects.forget(object.uid());
    metrics.forget(object.uid());
    return UpdateControl.noUpdate();
  }

  /** The next pass, if nothing happens before. */
  protected final UpdateControl<T> later(Duration wait) {
    return UpdateControl.<T>noUpdate().rescheduleAfter(wait);
  }
}
