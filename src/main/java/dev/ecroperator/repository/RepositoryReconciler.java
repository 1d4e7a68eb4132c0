package dev.ecroperator.repository;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.cluster.ApiRefusal;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.cluster.RecreationEventSource;
import dev.ecroperator.cluster.ReportWriter;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Resolution;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.repository.RepositoryDeletion.Outcome;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge between the Java Operator SDK and the repository room: reads an object, has it converged
 * or deleted, has the outcome reported. It handles finalizers itself (the SDK's "trigger on all
 * events" mode), so that finalizer and target are pinned in one write.
 */
public final class RepositoryReconciler implements Reconciler<Repository> {
  private static final String KIND = "Repository";

  private static final Logger log = LoggerFactory.getLogger(RepositoryReconciler.class);

  /** Another pass has the repository, the cache lags, or the object changed: in a moment again. */
  private static final Duration SOON = Duration.ofMillis(500);

  private final String ownerId;
  private final Registries registries;
  private final ClusterObjects<Repository> objects;
  private final ReportWriter<Repository, RepositoryStatus> reports;
  private final ReconcileMetrics metrics;
  private final Schedule schedule;
  private final Clock clock;

  private final RepositoryMemories memories = new RepositoryMemories();
  private final Set<RepositoryTarget> busy = ConcurrentHashMap.newKeySet();

  /** A reconciler for the installation that ownership tags call {@code ownerId}. */
  public RepositoryReconciler(
      String ownerId,
      Registries registries,
      ClusterObjects<Repository> objects,
      Events events,
      ReconcileMetrics metrics,
      Schedule schedule,
      Clock clock) {
    this.ownerId = ownerId;
    this.registries = registries;
    this.objects = objects;
    this.reports = new ReportWriter<>(objects, events, metrics);
    this.metrics = metrics;
    this.schedule = schedule;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, Repository>> prepareEventSources(
      EventSourceContext<Repository> context) {
    return List.of(new RecreationEventSource<>(context.getPrimaryCache()));
  }

  @Override
  public UpdateControl<Repository> reconcile(Repository resource, Context<Repository> context) {
    var object = new RepositoryObject(resource);
    if (context.isPrimaryResourceDeleted()) {
      return forget(object);
    }
    if (objects.isBehind(resource)) {
      return UpdateControl.<Repository>noUpdate().rescheduleAfter(SOON);
    }
    long started = System.nanoTime();
    try {
      return resource.isMarkedForDeletion() ? finish(object) : keep(object);
    } catch (KubernetesClientException e) {
      return again(object, e);
    } catch (RuntimeException e) {
      // The SDK would give up after a few tries, and leave its owner without a word.
      log.atError().addKeyValue("resource", object.path()).setCause(e).log("a pass failed");
      metrics.failed(KIND);
      return stop(
          object,
          new Finding(
              Reason.UNAVAILABLE,
              "the operator failed ("
                  + e.getClass().getSimpleName()
                  + "): see its log, and report it"));
    } finally {
      metrics.reconciled(KIND, object.uid(), Duration.ofNanos(System.nanoTime() - started));
    }
  }

  /** Has an object that is to stay converged, once it is known which repository it means. */
  private UpdateControl<Repository> keep(RepositoryObject object) {
    if (Boolean.TRUE.equals(object.spec().suspend())) {
      memories.forget(object);
      metrics.notDue(object.uid());
      write(object, RepositoryReport.suspended(object, clock.instant()));
      return UpdateControl.noUpdate();
    }
    OwnAccount own;
    try {
      own = registries.ownAccount();
    } catch (CallFailedException e) {
      return stop(object, e.failure().finding());
    }
    return switch (object.target(own)) {
      case Resolution.Refused<RepositoryTarget>(Finding finding) -> stop(object, finding);
      case Resolution.Resolved<RepositoryTarget>(RepositoryTarget target) -> {
        if (!busy.add(target)) {
          yield UpdateControl.<Repository>noUpdate().rescheduleAfter(SOON);
        }
        try {
          yield converge(pinned(object, target), target, own);
        } finally {
          busy.remove(target);
        }
      }
    };
  }

  private UpdateControl<Repository> converge(
      RepositoryObject object, RepositoryTarget target, OwnAccount own) {
    Instant now = clock.instant();
    RepositoryMemory memory = memories.of(object);
    ObservedRepository seen = memory.seenAt(now);
    var start =
        new RepositoryConvergence.Start(
            target,
            owner(object),
            DesiredRepository.of(object.spec(), target.visibility(), own.partition()),
            memory.heldOr(object.managed()),
            seen,
            memory.exists() || object.status().arn() != null,
            object.isLookRequested() ? Duration.ZERO : schedule.resync().dividedBy(2),
            memory.refused());
    RepositoryOutcome outcome =
        RepositoryConvergence.run(
            start, registries.holding(target), other -> claims(other, target));
    if (seen == null && outcome.hold() != Hold.UNKNOWN) {
      metrics.verified(KIND, object.uid(), now);
    }

    RepositoryReport report =
        RepositoryReport.of(object.status(), target, outcome, object.about(now));
    Reason reason = report.verdict().reason();
    Duration next =
        schedule.next(outcome.findings(), reason, memory.failures() + 1, object.uid(), now);
    Instant lookDue = seen != null ? memory.lookDue() : now.plus(schedule.untilLook(reason, next));
    memories.put(object, memory.after(outcome, reason, lookDue));
    write(object, report);
    return UpdateControl.<Repository>noUpdate()
        .rescheduleAfter(Schedule.earlier(next, Duration.between(now, lookDue)));
  }

  /** Ends a pass that could not go on, with one finding. */
  private UpdateControl<Repository> stop(RepositoryObject object, Finding finding) {
    Instant now = clock.instant();
    RepositoryMemory memory = memories.of(object).afterFailure();
    if (finding.reason().companion() == Reason.Companion.STALLED) {
      metrics.notDue(object.uid()); // AWS is not asked until its owner has mended it
    }
    memories.put(object, memory);
    write(
        object,
        RepositoryReport.ofFinding(
            object.status(), finding, object.generation(), object.requestedAt(), now));
    return UpdateControl.<Repository>noUpdate()
        .rescheduleAfter(schedule.next(finding.reason(), memory.failures(), object.uid(), now));
  }

  private void write(RepositoryObject object, RepositoryReport report) {
    report.driftCorrected().forEach(field -> metrics.driftCorrected(KIND, field));
    reports.write(
        object.resource(),
        object.status(),
        report.status(),
        report.verdict(),
        report.occurrences());
  }

  /** Deals with an object that is to go. The live object decides, not the cached one. */
  private UpdateControl<Repository> finish(RepositoryObject cached) {
    Repository live = objects.live(cached.resource()).orElse(null);
    if (live == null
        || !live.getMetadata().getUid().equals(cached.uid())
        || !live.isMarkedForDeletion()
        || !ClusterObjects.isHeld(live)) {
      return UpdateControl.noUpdate();
    }
    var object = new RepositoryObject(live);
    return switch (RepositoryDeletion.of(object, owner(object), registries)) {
      case Outcome.Done done -> {
        objects.release(live);
        reports.tell(object.resource(), done.occurrence());
        yield forget(object);
      }
      case Outcome.Waiting waiting -> stop(object, waiting.finding());
    };
  }

  /** The object with finalizer and target, both before the first call that changes AWS. */
  private RepositoryObject pinned(RepositoryObject object, RepositoryTarget target) {
    return ClusterObjects.isHeld(object.resource()) && target.pin().equals(object.pin())
        ? object
        : new RepositoryObject(objects.hold(object.resource(), Annotations.TARGET, target.pin()));
  }

  /** Whether another object of this installation still claims the repository; in doubt, it does. */
  private boolean claims(Owner other, RepositoryTarget target) {
    try {
      return objects
          .live(other.namespace(), other.name())
          .filter(object -> new RepositoryObject(object).claims(target))
          .isPresent();
    } catch (KubernetesClientException e) {
      log.atInfo()
          .addKeyValue("resource", other.namespace() + "/" + other.name())
          .log("cannot see whether it still claims a repository: {}", ApiRefusal.text(e));
      return true;
    }
  }

  /** A refused call to Kubernetes: the object changed under us, or the API server is not well. */
  private UpdateControl<Repository> again(RepositoryObject object, KubernetesClientException e) {
    if (e.getCode() == 409 || e.getCode() == 404) {
      return UpdateControl.<Repository>noUpdate().rescheduleAfter(SOON);
    }
    log.atWarn()
        .addKeyValue("resource", object.path())
        .log("the Kubernetes API refused a call: {}", ApiRefusal.text(e));
    RepositoryMemory memory = memories.of(object).afterFailure();
    memories.put(object, memory);
    return UpdateControl.<Repository>noUpdate()
        .rescheduleAfter(
            schedule.next(Reason.UNAVAILABLE, memory.failures(), object.uid(), clock.instant()));
  }

  private UpdateControl<Repository> forget(RepositoryObject object) {
    memories.forget(object);
    objects.forget(object.uid());
    metrics.forget(object.uid());
    return UpdateControl.noUpdate();
  }

  private Owner owner(RepositoryObject object) {
    return new Owner(ownerId, object.namespace(), object.name());
  }
}
