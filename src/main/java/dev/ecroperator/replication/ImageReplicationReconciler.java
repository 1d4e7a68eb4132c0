package dev.ecroperator.replication;

import static java.util.stream.Collectors.toSet;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.api.Repository;
import dev.ecroperator.cluster.ApiRefusal;
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
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.progress.DestinationProgress;
import dev.ecroperator.replication.progress.RegistryProgress;
import dev.ecroperator.telemetry.ReconcileMetrics;
import dev.ecroperator.telemetry.ReplicationMetrics;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The edge between the Java Operator SDK and the replication room: reads an object, has its
 * registry's configuration say what it declares, has the outcome reported. One write serves many
 * objects: {@link RegistryWriter} makes it.
 */
public final class ImageReplicationReconciler
    extends ObjectReconciler<ImageReplication, ImageReplicationStatus, ReplicationObject> {
  private static final String UID = "uid";

  /** What somebody may change behind an object's back, in metrics. */
  private static final String RULES = "rules";

  private static final Finding EDITED_MEANWHILE =
      new Finding(Reason.PROGRESSING, "the object was edited meanwhile: looking again");

  /** The budget for looking at images is used up. */
  private static final Duration LOOK_LATER = Duration.ofSeconds(30);

  private final ReplicationRegistries registries;
  private final ClusterObjects<Repository> repositories;
  private final ReplicationMetrics replicationMetrics;
  private final Limits limits;

  private final NewsEventSource news = new NewsEventSource();
  private final Map<String, ReplicationMemory> memories = new ConcurrentHashMap<>();
  private final Map<Registry, Source> sources = new ConcurrentHashMap<>();
  private final StatusRecords records;

  private @Nullable IndexerResourceCache<ImageReplication> cache;
  private @Nullable ReplicationMembers members;

  /** What there is once for each registry that replicates. */
  private record Source(RegistryWriter writer, RegistryProgress progress) {}

  /**
   * A reconciler of all ImageReplications that the operator watches.
   *
   * @param repositories what they refer to
   */
  public ImageReplicationReconciler(
      ReplicationRegistries registries,
      ClusterObjects<ImageReplication> objects,
      ClusterObjects<Repository> repositories,
      ReportWriter<ImageReplication, ImageReplicationStatus> reports,
      ReconcileMetrics metrics,
      ReplicationMetrics replicationMetrics,
      Schedule schedule,
      Limits limits,
      Clock clock) {
    super(
        ImageReplication.class, ReplicationObject::new, objects, reports, metrics, schedule, clock);
    this.registries = registries;
    this.repositories = repositories;
    this.replicationMetrics = replicationMetrics;
    this.limits = limits;
    metrics.begin(kind, List.of(RULES));
    this.records =
        new StatusRecords(this::cached, objects::patchStatus, objects::isBehind, ApiRefusal::text);
  }

  @Override
  public List<EventSource<?, ImageReplication>> prepareEventSources(
      EventSourceContext<ImageReplication> context) {
    IndexerResourceCache<ImageReplication> all = context.getPrimaryCache();
    all.addIndexer(UID, object -> List.of(object.getMetadata().getUid()));
    var references = ReferencesEventSource.of(context);
    cache = all;
    var referenced =
        new ReferencedRepositories(
            references::repository,
            repositories::isBehind,
            () -> repositories.isCaughtUp(references.list()));
    members = new ReplicationMembers(all::list, ClusterObjects::isHeld, referenced::repository);
    return List.of(recreations(all), news, references);
  }

  /** Once it is known which registry the object means. */
  @Override
  protected UpdateControl<ImageReplication> keep(ReplicationObject object) {
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
          converge(pinned(object, source.toString(), Map.of()), source, own);
    };
  }

  private UpdateControl<ImageReplication> converge(
      ReplicationObject planned, Registry registry, OwnAccount own) {
    Instant now = clock.instant();
    ReplicationMemory memory = memory(planned);
    Source source = source(registry);
    Member member = members().member(planned, registry);
    DesiredReplication desired = member.desired();
    Duration shared = planned.isLookRequested() ? Duration.ZERO : shared();
    Pass pass = source.writer().settle(member, () -> membersOf(registry), shared);
    Pass.Result result = pass.resultFor(member).orElse(null);
    if (result == null) {
      return stop(planned, pass.failure() != null ? pass.failure() : EDITED_MEANWHILE);
    }
    ReplicationObject object = records.latest(planned, result.standing());
    metrics.verified(kind, object.uid(), pass.begunAt());
    replicationMetrics.replicates(
        object.uid(),
        registry.toString(),
        desired.destinations().stream().map(Registry::toString).collect(toSet()));

    RegistryProgress.Seen seen =
        source
            .progress()
            .look(desired.selection(), desired.destinations(), object.progress(), shared);
    if (seen.isFresh()) {
      replicationMetrics.sampled(
          registry.toString(),
          source.progress().all(pass.replicating()).stream()
              .map(ImageReplicationReconciler::metric)
              .toList());
    }
    List<Finding> findings = new ArrayList<>(desired.findings());
    findings.addAll(result.findings());
    var outcome =
        new ReplicationOutcome(
            registry,
            result.standing(),
            findings,
            result.restored() && memory.isNews(pass),
            seen.reach(),
            seen.destinations(),
            seen.unseen());
    ReplicationReport report =
        ReplicationReport.of(
            object.status(),
            planned.recorded(),
            outcome,
            new ReplicationReport.About(
                planned.generation(), planned.requestedAt(), own.partition(), now));
    Reason reason = report.verdict().reason();
    ReplicationMemory after = memory.after(pass);
    memories.put(object.uid(), after);
    if (outcome.restored()) {
      metrics.driftCorrected(kind, List.of(RULES));
    }
    write(object, report);
    memories.put(object.uid(), reason.ready() ? after.withoutFailures() : after.afterFailure());

    Duration next = schedule.next(findings, reason, memory.failures() + 1, object.uid(), now);
    if (outcome.isUnderWay()) {
      next = Schedule.earlier(next, RegistryProgress.UNDER_WAY);
    }
    return later(seen.complete() ? next : Schedule.earlier(next, LOOK_LATER));
  }

  /** Has what an object says removed from its registry's configuration, or made a foreign rule. */
  private List<Finding> leave(ReplicationObject object, Registry registry) {
    Member member = members().member(object, registry);
    Pass pass = source(registry).writer().settle(member, () -> membersOf(registry), shared());
    return pass.failure() != null
        ? List.of(pass.failure())
        : pass.resultFor(member).map(Pass.Result::findings).orElse(List.of(EDITED_MEANWHILE));
  }

  private Source source(Registry registry) {
    return sources.computeIfAbsent(
        registry,
        key ->
            new Source(
                new RegistryWriter(registries.at(key), records, limits, clock, this::tell),
                new RegistryProgress(
                    registries.imagesAt(key), RegistryWriter.FAILURE_KEPT, clock)));
  }

  /** By a cache that lags, rules that another replica wrote last would be those of others. */
  private Map<String, Member> membersOf(Registry registry) {
    if (!objects.isCaughtUp(cache().list())) {
      throw ApiRefusal.conflict("the cache lags behind what another replica wrote");
    }
    return members().of(registry);
  }

  private Optional<ImageReplication> cached(String uid) {
    return cache().byIndex(UID, uid).stream().findFirst();
  }

  private void tell(String uid) {
    cached(uid).ifPresent(object -> news.tell(ResourceID.fromResource(object)));
  }

  /** How old what one pass saw may be to serve another object: a resync of all is one pass. */
  private Duration shared() {
    return schedule.resync().multipliedBy(9).dividedBy(10);
  }

  private static ReplicationMetrics.Destination metric(DestinationProgress progress) {
    return new ReplicationMetrics.Destination(
        progress.destination().accountId(),
        progress.destination().region(),
        progress.complete(),
        progress.inProgress(),
        progress.failed(),
        progress.oldestPendingAt());
  }

  @Override
  protected Deletion delete(ReplicationObject live) {
    return ReplicationDeletion.of(live, registries, this::leave);
  }

  @Override
  protected ReplicationObject latest(ReplicationObject object) {
    return records.latest(object, Standing.NOTHING);
  }

  @Override
  protected void report(ReplicationObject object, Finding finding, boolean ours) {
    write(
        object,
        ReplicationReport.ofFinding(
            object.status(), finding, object.generation(), object.requestedAt(), clock.instant()));
  }

  @Override
  protected int countFailure(ReplicationObject object) {
    ReplicationMemory memory = memory(object).afterFailure();
    memories.put(object.uid(), memory);
    return memory.failures();
  }

  @Override
  protected void forget(ReplicationObject object) {
    boolean untouched = object.unreadable() != null;
    // Of every registry: what it is pinned to may have been edited since.
    sources.values().forEach(source -> source.writer().gone(object.uid(), untouched));
    memories.remove(object.uid());
    records.forget(object.uid());
    replicationMetrics.forget(object.uid());
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
}
