package dev.ecroperator.repository;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositorySpec;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.repository.RepositoryDeletion.Outcome;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The edge between the Java Operator SDK and the repository room: reads an object, has it converged
 * or deleted, writes what came of it. It handles finalizers itself (the SDK's "trigger on all
 * events" mode), so that finalizer and target are pinned in one write.
 */
public final class RepositoryReconciler implements Reconciler<Repository> {
  /** The annotation that asks for a look at once. */
  public static final String REQUESTED_AT = "ecroperator.dev/requestedAt";

  private static final String KIND = "Repository";
  private static final Logger log = LoggerFactory.getLogger(RepositoryReconciler.class);

  /** Another pass has the repository, or the object changed under us: try again in a moment. */
  private static final Duration SOON = Duration.ofMillis(500);

  private final String ownerId;
  private final Registries registries;
  private final ClusterObjects<Repository> objects;
  private final Events events;
  private final ReconcileMetrics metrics;
  private final Schedule schedule;
  private final Clock clock;

  private final Map<String, RepositoryMemory> memories = new ConcurrentHashMap<>();
  private final Set<RepositoryTarget> busy = ConcurrentHashMap.newKeySet();

  /**
   * A reconciler.
   *
   * @param ownerId this installation's id in ownership tags
   */
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
    this.events = events;
    this.metrics = metrics;
    this.schedule = schedule;
    this.clock = clock;
  }

  @Override
  public UpdateControl<Repository> reconcile(Repository object, Context<Repository> context) {
    if (context.isPrimaryResourceDeleted()) {
      forget(object);
      return UpdateControl.noUpdate();
    }
    long started = System.nanoTime();
    try {
      return object.isMarkedForDeletion() ? finish(object) : keep(object);
    } catch (KubernetesClientException e) {
      return again(object, e);
    } finally {
      metrics.reconciled(KIND, uid(object), Duration.ofNanos(System.nanoTime() - started));
    }
  }

  /** Converges an object that is to stay. */
  private UpdateControl<Repository> keep(Repository object) {
    Instant now = clock.instant();
    RepositorySpec spec = Objects.requireNonNull(object.getSpec(), "the CRD requires spec");
    RepositoryStatus before = status(object);
    long generation = object.getMetadata().getGeneration();
    if (Boolean.TRUE.equals(spec.suspend())) {
      memories.remove(uid(object));
      return write(object, RepositoryReport.suspended(before, generation, now), Reason.SUSPENDED);
    }

    Visibility visibility = TargetResolution.visibility(spec);
    if (visibility == null) {
      return stop(object, new Finding(Reason.INVALID_SPEC, "spec.visibility: Private or Public"));
    }
    OwnAccount own;
    try {
      own = registries.ownAccount();
    } catch (CallFailedException e) {
      return stop(object, e.failure().finding());
    }
    RepositoryTarget target;
    switch (resolve(object, spec, visibility, own)) {
      case TargetResolution.Resolved resolved -> target = resolved.target();
      case TargetResolution.Refused refused -> {
        return stop(object, refused.finding());
      }
    }
    if (!busy.add(target)) {
      return UpdateControl.<Repository>noUpdate().rescheduleAfter(SOON);
    }
    try {
      return converge(pinned(object, target), target, visibility, own);
    } finally {
      busy.remove(target);
    }
  }

  private UpdateControl<Repository> converge(
      Repository object, RepositoryTarget target, Visibility visibility, OwnAccount own) {
    Instant now = clock.instant();
    long generation = object.getMetadata().getGeneration();
    RepositoryStatus before = status(object);
    RepositoryMemory memory = memory(object);

    ObservedRepository seen = memory.seenAt(now);
    var start =
        new RepositoryConvergence.Start(
            target,
            owner(object),
            DesiredRepository.of(object.getSpec(), visibility, own.partition()),
            before.managed() == null ? List.of() : before.managed(),
            seen,
            memory.exists() || before.arn() != null,
            memory.refused());
    RepositoryOutcome outcome =
        RepositoryConvergence.run(
            start, registries.holding(target), other -> claims(other, target));

    RepositoryReport report =
        RepositoryReport.of(
            before,
            target,
            outcome,
            new RepositoryReport.About(
                generation,
                Instant.parse(object.getMetadata().getCreationTimestamp()),
                requestedAt(object),
                now));
    Duration next =
        schedule.next(report.verdict().reason(), memory.failures() + 1, uid(object), now);
    Instant lookDue =
        seen != null
            ? memory.lookDue()
            : now.plus(schedule.untilLook(report.verdict().reason(), next));
    memories.put(uid(object), memory.after(outcome, report.verdict().reason(), lookDue));
    if (seen == null && outcome.hold() != RepositoryOutcome.Hold.UNKNOWN) {
      metrics.verified(KIND, uid(object), now);
    }
    report.driftCorrected().forEach(field -> metrics.driftCorrected(KIND, field));
    report.occurrences().forEach(occurrence -> tell(object, occurrence));
    Duration untilLook = Duration.between(now, lookDue);
    return write(
        object,
        report.status(),
        report.verdict().reason(),
        next.compareTo(untilLook) < 0 || untilLook.isNegative() ? next : untilLook);
  }

  /** Ends a pass that could not even begin, with one finding. */
  private UpdateControl<Repository> stop(Repository object, Finding finding) {
    Instant now = clock.instant();
    RepositoryReport report =
        RepositoryReport.ofFinding(
            status(object),
            finding,
            object.getMetadata().getGeneration(),
            requestedAt(object),
            now);
    RepositoryMemory memory = memory(object).afterFailure();
    memories.put(uid(object), memory);
    report.occurrences().forEach(occurrence -> tell(object, occurrence));
    return write(
        object,
        report.status(),
        finding.reason(),
        schedule.next(finding.reason(), memory.failures(), uid(object), now));
  }

  /** Deals with an object that is to go. The live object decides, not the cached one. */
  private UpdateControl<Repository> finish(Repository cached) {
    Repository object = objects.live(cached).orElse(null);
    if (object == null
        || !uid(object).equals(uid(cached))
        || !object.isMarkedForDeletion()
        || !ClusterObjects.isHeld(object)) {
      return UpdateControl.noUpdate();
    }
    return switch (deletion(object)) {
      case Outcome.Done done -> {
        objects.release(object);
        tell(object, done.occurrence());
        forget(object);
        yield UpdateControl.noUpdate();
      }
      case Outcome.Waiting waiting -> stop(object, waiting.finding());
    };
  }

  private Outcome deletion(Repository object) {
    RepositorySpec spec = object.getSpec();
    Visibility visibility = TargetResolution.visibility(spec);
    String pin = annotation(object, RepositoryTarget.ANNOTATION);
    String name = pin != null ? pin : object.getMetadata().getName();
    DesiredRepository desired =
        DesiredRepository.of(spec, visibility == null ? Visibility.PRIVATE : visibility, "aws");
    Outcome withoutAws = RepositoryDeletion.withoutAws(name, desired);
    if (withoutAws != null) {
      return withoutAws;
    }
    boolean neverOwned = neverOwned(status(object));
    if (visibility == null) {
      return RepositoryDeletion.unreachable(
          name,
          desired,
          neverOwned,
          new Finding(Reason.INVALID_SPEC, "spec.visibility: Private or Public"));
    }
    try {
      return switch (resolve(object, spec, visibility, registries.ownAccount())) {
        case TargetResolution.Resolved resolved ->
            RepositoryDeletion.run(
                resolved.target(),
                owner(object),
                desired,
                neverOwned,
                registries.holding(resolved.target()));
        case TargetResolution.Refused refused ->
            RepositoryDeletion.unreachable(name, desired, neverOwned, refused.finding());
      };
    } catch (CallFailedException e) {
      return RepositoryDeletion.unreachable(name, desired, neverOwned, e.failure().finding());
    }
  }

  /** Whether passes were made, and their last one ended for a reason that excludes a creation. */
  private static boolean neverOwned(RepositoryStatus status) {
    return status.origin() == null
        && Conditions.reason(status.conditions()).filter(r -> !r.transientCause()).isPresent();
  }

  private static TargetResolution resolve(
      Repository object, RepositorySpec spec, Visibility visibility, OwnAccount own) {
    return TargetResolution.of(
        spec,
        visibility,
        object.getMetadata().getName(),
        annotation(object, RepositoryTarget.ANNOTATION),
        own);
  }

  /** The object with finalizer and target, both before the first call that changes AWS. */
  private Repository pinned(Repository object, RepositoryTarget target) {
    return ClusterObjects.isHeld(object)
            && target.pin().equals(annotation(object, RepositoryTarget.ANNOTATION))
        ? object
        : objects.hold(object, RepositoryTarget.ANNOTATION, target.pin());
  }

  /** Whether another object of this installation still claims the repository; in doubt, it does. */
  private boolean claims(Owner other, RepositoryTarget target) {
    try {
      return objects
          .live(other.namespace(), other.name())
          .filter(object -> !"ObserveOnly".equals(object.getSpec().management()))
          .map(object -> annotation(object, RepositoryTarget.ANNOTATION))
          .filter(target.pin()::equals)
          .isPresent();
    } catch (KubernetesClientException e) {
      log.info(
          "cannot see whether {}/{} exists: {}", other.namespace(), other.name(), e.getMessage());
      return true;
    }
  }

  private RepositoryMemory memory(Repository object) {
    RepositoryMemory memory = memories.getOrDefault(uid(object), RepositoryMemory.NONE);
    long generation = object.getMetadata().getGeneration();
    if (memory.generation() != generation) {
      memory = memory.edited(generation);
    }
    String requested = requestedAt(object);
    boolean asked = requested != null && !requested.equals(status(object).lastHandledReconcileAt());
    return asked ? memory.asked() : memory;
  }

  private UpdateControl<Repository> write(
      Repository object, RepositoryStatus status, Reason reason, Duration next) {
    write(object, status, reason);
    return UpdateControl.<Repository>noUpdate().rescheduleAfter(next);
  }

  /** Writes the status where it says something else than before. */
  private UpdateControl<Repository> write(
      Repository object, RepositoryStatus status, Reason reason) {
    RepositoryStatus before = status(object);
    if (!status.equals(before)) {
      object.setStatus(status);
      objects.writeStatus(object, before);
      logTransition(object, before, status, reason);
    }
    metrics.state(KIND, uid(object), reason.ready(), reason.text());
    return UpdateControl.noUpdate();
  }

  private static void logTransition(
      Repository object, RepositoryStatus before, RepositoryStatus after, Reason reason) {
    if (Conditions.reason(before.conditions()).equals(Conditions.reason(after.conditions()))) {
      return;
    }
    log.atLevel(reason.ready() ? Level.INFO : Level.WARN)
        .addKeyValue(
            "resource", object.getMetadata().getNamespace() + "/" + object.getMetadata().getName())
        .addKeyValue("generation", object.getMetadata().getGeneration())
        .addKeyValue("reason", reason.text())
        .log("{} {}", KIND, reason.text());
  }

  /** A refused write: the object changed under us, or the API server is not well. */
  private UpdateControl<Repository> again(Repository object, KubernetesClientException e) {
    if (e.getCode() == 409 || e.getCode() == 404) {
      log.debug("{} changed under us: {}", object.getMetadata().getName(), e.getMessage());
      return UpdateControl.<Repository>noUpdate().rescheduleAfter(SOON);
    }
    log.atWarn()
        .addKeyValue(
            "resource", object.getMetadata().getNamespace() + "/" + object.getMetadata().getName())
        .log("the Kubernetes API refused a call: {}", e.getMessage());
    RepositoryMemory memory = memory(object).afterFailure();
    memories.put(uid(object), memory);
    return UpdateControl.<Repository>noUpdate()
        .rescheduleAfter(
            schedule.next(Reason.UNAVAILABLE, memory.failures(), uid(object), clock.instant()));
  }

  private void tell(Repository object, Occurrence occurrence) {
    events.tell(object, occurrence);
  }

  private void forget(Repository object) {
    memories.remove(uid(object));
    metrics.forget(uid(object));
  }

  private Owner owner(Repository object) {
    return new Owner(ownerId, object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  private static RepositoryStatus status(Repository object) {
    return object.getStatus() == null ? RepositoryReport.BLANK : object.getStatus();
  }

  private static String uid(Repository object) {
    return object.getMetadata().getUid();
  }

  private static @Nullable String requestedAt(Repository object) {
    return annotation(object, REQUESTED_AT);
  }

  private static @Nullable String annotation(Repository object, String key) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
