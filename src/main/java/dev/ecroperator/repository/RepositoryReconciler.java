package dev.ecroperator.repository;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;

import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.ObjectReconciler;
import dev.ecroperator.cluster.ReportWriter;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Deletion;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Resolution;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The edge between the Java Operator SDK and the repository room: reads an object, has it converged
 * or deleted, has the outcome reported.
 */
public final class RepositoryReconciler
    extends ObjectReconciler<Repository, RepositoryStatus, RepositoryObject> {
  private final String ownerId;
  private final Registries registries;

  private final RepositoryMemories memories = new RepositoryMemories();
  private final Set<RepositoryTarget> busy = ConcurrentHashMap.newKeySet();

  /** A reconciler for the installation that ownership tags call {@code ownerId}. */
  public RepositoryReconciler(
      String ownerId,
      Registries registries,
      ClusterObjects<Repository> objects,
      ReportWriter<Repository, RepositoryStatus> reports,
      ReconcileMetrics metrics,
      Schedule schedule,
      Clock clock) {
    super(Repository.class, RepositoryObject::new, objects, reports, metrics, schedule, clock);
    this.ownerId = ownerId;
    this.registries = registries;
    metrics.begin(kind, DriftRecord.FIELDS);
  }

  @Override
  public List<EventSource<?, Repository>> prepareEventSources(
      EventSourceContext<Repository> context) {
    return List.of(recreations(context.getPrimaryCache()));
  }

  /** Once it is known which repository the object means. */
  @Override
  protected UpdateControl<Repository> keep(RepositoryObject object) {
    if (Boolean.TRUE.equals(object.spec().suspend())) {
      RepositoryMemory memory = memories.of(object);
      metrics.notDue(object.uid());
      tell(object, memory, RepositoryReport.suspended(object, memory, clock.instant()));
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
          yield later(SOON); // another object has it at hand
        }
        try {
          yield converge(object, target, own);
        } finally {
          busy.remove(target);
        }
      }
    };
  }

  private UpdateControl<Repository> converge(
      RepositoryObject found, RepositoryTarget target, OwnAccount own) {
    Instant now = clock.instant();
    RepositoryMemory memory = memories.of(found);
    RepositoryStatus before = memory.status(found.status());
    Collection<String> held = memory.heldOr(found.managed());
    DesiredRepository desired =
        DesiredRepository.of(found.spec(), target.visibility(), own.partition());
    RepositoryObject object = pinned(found, target.pin(), found.recording(desired));
    ObservedRepository seen = memory.planned(desired, held, now, schedule.resync());
    var start =
        new RepositoryConvergence.Start(
            target,
            owner(object),
            desired,
            held,
            before.origin() == null ? null : before.createdAt(),
            seen,
            memory.mayBeNewAt(before, now),
            memory.exists() || before.arn() != null,
            memory.maxAge(desired, held, schedule.resync()),
            memory.refused());
    RepositoryOutcome outcome =
        RepositoryConvergence.run(
            start, registries.holding(target), other -> claims(other, target, own));
    if (seen == null && !outcome.hold().isOpen()) {
      metrics.verified(kind, object.uid(), now);
    }

    RepositoryReport report =
        RepositoryReport.of(before, target, outcome, memory.settled(), object.about(now));
    Reason reason = report.verdict().reason();
    if (outcome.hold().isOpen() && !Schedule.isRetry(outcome.findings())) {
      metrics.notDue(object.uid()); // there is nothing to compare until its owner has mended it
    }
    Duration next =
        schedule.next(outcome.findings(), reason, memory.failures() + 1, object.uid(), now);
    Instant lookDue =
        seen != null
            ? memory.lookDue()
            : now.plus(schedule.untilLook(outcome.findings(), reason, next));
    RepositoryMemory after = memory.after(outcome, clock.instant(), lookDue);
    metrics.driftCorrected(kind, report.driftCorrected());
    tell(object, after, report);
    boolean isRetry = Schedule.isRetry(outcome.findings());
    memories.put(object, isRetry ? after.afterFailure() : after.withoutFailures());
    return later(Schedule.earlier(next, Duration.between(now, lookDue)));
  }

  /** Whether another object of this installation still claims the repository. */
  private boolean claims(Owner other, RepositoryTarget target, OwnAccount own) {
    try {
      return objects
          .live(other.namespace(), other.name())
          // One without our finalizer has let go, whoever else holds it back.
          .filter(it -> !it.isMarkedForDeletion() || ClusterObjects.isHeld(it))
          .filter(it -> new RepositoryObject(it).claims(target, own))
          .isPresent();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HTTP_FORBIDDEN) {
        throw e; // the pass is made again
      }
      return true; // what may not be seen may claim it
    }
  }

  @Override
  protected Deletion delete(RepositoryObject live) {
    return RepositoryDeletion.of(
        live,
        memories.of(live),
        owner(live),
        registries,
        clock.instant(),
        () -> objects.requireUnchanged(live.resource()));
  }

  @Override
  protected void report(RepositoryObject object, Finding finding, boolean ours) {
    RepositoryMemory last = memories.of(object);
    RepositoryMemory memory = object.isObserveOnly() ? last.lettingGo() : last;
    RepositoryStatus before = memory.status(object.status());
    RepositoryStatus known = ours ? Origin.recorded(before) : before;
    tell(
        object,
        memory,
        RepositoryReport.ofFinding(
            // With this generation told, the annotation of an earlier one counts no more.
            known.holding(known.origin(), List.copyOf(memory.heldOr(object.managed()))),
            finding,
            object.generation(),
            object.requestedAt(),
            clock.instant()));
  }

  /** Writes the report, and remembers its status until that is known to be written. */
  private void tell(RepositoryObject object, RepositoryMemory memory, RepositoryReport report) {
    memories.put(object, memory.telling(report.status()));
    write(object, report);
    memories.put(object, memory.told());
  }

  @Override
  protected int countFailure(RepositoryObject object) {
    RepositoryMemory memory = memories.of(object).afterFailure();
    memories.put(object, memory);
    return memory.failures();
  }

  @Override
  protected void forget(RepositoryObject object) {
    memories.forget(object);
  }

  private Owner owner(RepositoryObject object) {
    return new Owner(ownerId, object.namespace(), object.name());
  }
}
