package dev.ecroperator.replication;

import static java.util.stream.Collectors.toSet;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.cluster.ApiRefusal;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.cluster.RecreationEventSource;
import dev.ecroperator.cluster.ReportWriter;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Resolution;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.telemetry.ReconcileMetrics;
import dev.ecroperator.telemetry.ReplicationMetrics;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge between the Java Operator SDK and the replication room: reads an object, has its
 * registry's configuration say what it declares, has the outcome reported. One write serves many
 * objects: {@link RegistryWriter} makes it.
 */
public final class ImageReplicationReconciler implements Reconciler<ImageReplication> {
  private static final String KIND = "ImageReplication";
  private static final Logger log = LoggerFactory.getLogger(ImageReplicationReconciler.class);

  /** The cache lags, or the object changed: in a moment again. */
  private static final Duration SOON = Duration.ofMillis(500);

  private static final String UID = "uid";

  private static final Finding OVERTAKEN =
      new Finding(Reason.PROGRESSING, "the object was edited meanwhile: looking again");

  /** The budget for looking at images is used up. */
  private static final Duration LOOK_LATER = Duration.ofSeconds(30);

  private final ReplicationRegistries registries;
  private final ClusterObjects<ImageReplication> objects;
  private final ReportWriter<ImageReplication, ImageReplicationStatus> reports;
  private final ReconcileMetrics metrics;
  private final ReplicationMetrics replicationMetrics;
  private final Schedule schedule;
  private final Limits limits;
  private final Clock clock;

  private final NewsEventSource news = new NewsEventSource();
  private final Map<String, ReplicationMemory> memories = new ConcurrentHashMap<>();
  private final Map<Registry, Source> sources = new ConcurrentHashMap<>();

  /** What our record of a contribution left, until the cache has it too. */
  private final Map<String, ImageReplication> recorded = new ConcurrentHashMap<>();

  private @Nullable IndexerResourceCache<ImageReplication> cache;
  private @Nullable ReplicationMembers members;

  /** What there is once for each registry that replicates. */
  private record Source(RegistryWriter writer, RegistryProgress progress) {}

  /** A reconciler of all ImageReplications that the operator watches. */
  public ImageReplicationReconciler(
      ReplicationRegistries registries,
      ClusterObjects<ImageReplication> objects,
      Events events,
      ReconcileMetrics metrics,
      ReplicationMetrics replicationMetrics,
      Schedule schedule,
      Limits limits,
      Clock clock) {
    this.registries = registries;
    this.objects = objects;
    this.reports = new ReportWriter<>(objects, events, metrics);
    this.metrics = metrics;
    this.replicationMetrics = replicationMetrics;
    this.schedule = schedule;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, ImageReplication>> prepareEventSources(
      EventSourceContext<ImageReplication> context) {
    IndexerResourceCache<ImageReplication> all = context.getPrimaryCache();
    all.addIndexer(UID, object -> List.of(object.getMetadata().getUid()));
    var references = ReferencesEventSource.of(context);
    cache = all;
    members = new ReplicationMembers(all::list, references::repository);
    return List.of(new RecreationEventSource<>(all), news, references);
  }

  @Override
  public UpdateControl<ImageReplication> reconcile(
      ImageReplication resource, Context<ImageReplication> context) {
    var object = new ReplicationObject(resource);
    if (context.isPrimaryResourceDeleted()) {
      return forget(object);
    }
    if (objects.isBehind(resource)) {
      return later(SOON);
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

  /** Has an object that is to stay converged, once it is known which registry it means. */
  private UpdateControl<ImageReplication> keep(ReplicationObject object) {
    if (Boolean.TRUE.equals(object.spec().suspend())) {
      metrics.notDue(object.uid());
      replicationMetrics.forget(object.uid());
      write(
          object,
          ReplicationReport.suspended(object.status(), object.generation(), clock.instant()));
      return UpdateControl.noUpdate();
    }
    OwnAccount own;
    try {
      own = registries.ownAccount();
    } catch (CallFailedException e) {
      return stop(object, e.failure().finding());
    }
    return switch (object.source(own)) {
      case Resolution.Refused<Registry>(Finding finding) -> stop(object, finding);
      case Resolution.Resolved<Registry>(Registry source) ->
          converge(pinned(object, source), source, own);
    };
  }

  private UpdateControl<ImageReplication> converge(
      ReplicationObject planned, Registry registry, OwnAccount own) {
    Instant now = clock.instant();
    ReplicationMemory memory = memory(planned);
    Source source = source(registry);
    Member member = members().member(planned, registry);
    Duration shared = planned.isLookRequested() ? Duration.ZERO : shared();
    Pass pass = source.writer().settle(member, () -> members().of(registry), shared);
    ReplicationObject object = newest(planned);
    Pass.Result result = pass.resultFor(member).orElse(null);
    if (result == null) {
      return stop(object, pass.failure() != null ? pass.failure() : OVERTAKEN);
    }
    metrics.verified(KIND, object.uid(), pass.begunAt());
    replicationMetrics.replicates(
        object.uid(),
        registry.toString(),
        member.desired().destinations().stream().map(Registry::toString).collect(toSet()));

    RegistryProgress.Seen seen = source.progress().look(member.desired(), shared);
    if (seen.isFresh()) {
      replicationMetrics.sampled(
          registry.toString(),
          source.progress().all().stream().map(ImageReplicationReconciler::metric).toList());
    }
    List<Finding> findings = new ArrayList<>(member.desired().findings());
    findings.addAll(result.findings());
    var outcome =
        new ReplicationOutcome(
            registry,
            result.standing(),
            findings,
            result.restored() && pass.begunAt().isAfter(memory.told()),
            seen.reach(),
            seen.destinations(),
            seen.unseen());
    ReplicationReport report =
        ReplicationReport.of(
            object.status(),
            outcome,
            new ReplicationReport.About(
                planned.generation(), planned.requestedAt(), own.partition(), now));
    Reason reason = report.verdict().reason();
    memories.put(object.uid(), memory.after(pass, reason.ready()));
    write(object, report);

    Duration next = schedule.next(findings, reason, memory.failures() + 1, object.uid(), now);
    if (outcome.state() == DestinationState.REPLICATING) {
      next = Schedule.earlier(next, RegistrySampler.UNDER_WAY);
    }
    return later(seen.complete() ? next : Schedule.earlier(next, LOOK_LATER));
  }

  /** Ends a pass that could not go on, with one finding. */
  private UpdateControl<ImageReplication> stop(ReplicationObject object, Finding finding) {
    Instant now = clock.instant();
    ReplicationMemory memory = memory(object).afterFailure();
    if (finding.reason().companion() == Reason.Companion.STALLED) {
      metrics.notDue(object.uid()); // AWS is not asked until its owner has mended it
    }
    memories.put(object.uid(), memory);
    write(
        object,
        ReplicationReport.ofFinding(
            object.status(), finding, object.generation(), object.requestedAt(), now));
    return later(schedule.next(finding.reason(), memory.failures(), object.uid(), now));
  }

  /** Deals with an object that is to go. The live object decides, not the cached one. */
  private UpdateControl<ImageReplication> finish(ReplicationObject cached) {
    ImageReplication live = objects.live(cached.resource()).orElse(null);
    if (live == null
        || !live.getMetadata().getUid().equals(cached.uid())
        || !live.isMarkedForDeletion()
        || !ClusterObjects.isHeld(live)) {
      return UpdateControl.noUpdate();
    }
    var object = new ReplicationObject(live);
    return switch (ReplicationDeletion.of(object, registries, this::leave)) {
      case ReplicationDeletion.Outcome.Done(Occurrence occurrence) -> {
        objects.release(live);
        reports.tell(live, occurrence);
        yield forget(object);
      }
      case ReplicationDeletion.Outcome.Waiting(Finding finding) -> stop(object, finding);
    };
  }

  /** Has what an object says removed from its registry's configuration, or made a foreign rule. */
  private List<Finding> leave(ReplicationObject object, Registry registry) {
    Member member = members().member(object, registry);
    Pass pass = source(registry).writer().settle(member, () -> members().of(registry), shared());
    return pass.failure() != null
        ? List.of(pass.failure())
        : pass.resultFor(member).map(Pass.Result::findings).orElse(List.of(OVERTAKEN));
  }

  /** The object with finalizer and source, both before the first call that changes AWS. */
  private ReplicationObject pinned(ReplicationObject object, Registry source) {
    return ClusterObjects.isHeld(object.resource()) && source.toString().equals(object.pin())
        ? object
        : new ReplicationObject(
            objects.hold(object.resource(), Annotations.TARGET, source.toString()));
  }

  private Source source(Registry registry) {
    return sources.computeIfAbsent(
        registry,
        key -> {
          ReplicationRegistry port = registries.at(key);
          return new Source(
              new RegistryWriter(port, this::record, limits, clock, this::tell),
              new RegistryProgress(port, new RegistrySampler(port, clock)));
        });
  }

  /** Records in an object's status what it is about to say. */
  private boolean record(String uid, Standing standing) {
    ImageReplication object = cache().byIndex(UID, uid).stream().findFirst().orElse(null);
    ImageReplication stored =
        object == null
            ? null
            : objects.patchStatus(object, Contributions.record(standing)).orElse(null);
    if (stored != null) {
      recorded.put(uid, stored);
    }
    return stored != null;
  }

  private void tell(String uid) {
    cache().byIndex(UID, uid).forEach(object -> news.tell(ResourceID.fromResource(object)));
  }

  /** The object as our own record left it, where the one that was planned on is older. */
  private ReplicationObject newest(ReplicationObject planned) {
    ImageReplication stored = recorded.remove(planned.uid());
    return stored != null && objects.isBehind(planned.resource())
        ? new ReplicationObject(stored)
        : planned;
  }

  /** How old what one pass saw may be to serve another object: a resync of all is one pass. */
  private Duration shared() {
    return schedule.resync().multipliedBy(9).dividedBy(10);
  }

  private void write(ReplicationObject object, ReplicationReport report) {
    reports.write(
        object.resource(),
        object.status(),
        report.status(),
        report.verdict(),
        report.occurrences());
  }

  private static ReplicationMetrics.Destination metric(DestinationProgress progress) {
    return new ReplicationMetrics.Destination(
        progress.destination().accountId(),
        progress.destination().region(),
        progress.complete(),
        progress.inProgress(),
        progress.failed().size(),
        progress.oldestPendingAt());
  }

  /** A refused call to Kubernetes: the object changed under us, or the API server is not well. */
  private UpdateControl<ImageReplication> again(
      ReplicationObject object, KubernetesClientException e) {
    if (e.getCode() == 409 || e.getCode() == 404) {
      return later(SOON);
    }
    log.atWarn()
        .addKeyValue("resource", object.path())
        .log("the Kubernetes API refused a call: {}", ApiRefusal.text(e));
    ReplicationMemory memory = memory(object).afterFailure();
    memories.put(object.uid(), memory);
    return later(
        schedule.next(Reason.UNAVAILABLE, memory.failures(), object.uid(), clock.instant()));
  }

  private UpdateControl<ImageReplication> forget(ReplicationObject object) {
    Registry.parse(object.pin())
        .map(sources::get)
        .ifPresent(source -> source.writer().gone(object.uid()));
    memories.remove(object.uid());
    recorded.remove(object.uid());
    objects.forget(object.uid());
    metrics.forget(object.uid());
    replicationMetrics.forget(object.uid());
    return UpdateControl.noUpdate();
  }

  private ReplicationMemory memory(ReplicationObject object) {
    return memories.getOrDefault(object.uid(), ReplicationMemory.NONE).at(object.generation());
  }

  private ReplicationMembers members() {
    return Objects.requireNonNull(members, "not started");
  }

  private IndexerResourceCache<ImageReplication> cache() {
    return Objects.requireNonNull(cache, "not started");
  }

  private static UpdateControl<ImageReplication> later(Duration wait) {
    return UpdateControl.<ImageReplication>noUpdate().rescheduleAfter(wait);
  }
}
