package dev.ecroperator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Keeps what was deleted until a pass has forgotten it, and tells once more of an object that was
 * made anew after its deletion. In its "trigger on all events" mode the SDK (5.2.3) drops, together
 * with what it knew of a deleted object, an event of the next one of that name; and where passes
 * had to wait, such as for the leadership, it makes the one that is about the deletion with the
 * next object. Without this the new object would never be looked at.
 *
 * @param <T> the kind
 */
public final class RecreationEventSource<T extends HasMetadata> extends AbstractEventSource<Void, T>
    implements ResourceEventAware<T> {

  /** Again and again, as a pass that was under way can outlast the first ones. */
  private static final List<Duration> LATER =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1));

  private final IndexedResourceCache<T> objects;
  private final ScheduledExecutorService timer;
  private final Map<ResourceID, List<T>> deleted = new ConcurrentHashMap<>();

  /** Tells of those that {@code objects} has. */
  public RecreationEventSource(IndexedResourceCache<T> objects) {
    this(
        objects,
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("recreations").factory()));
  }

  /** The same, at the moments of that timer, which ends with this. */
  RecreationEventSource(IndexedResourceCache<T> objects, ScheduledExecutorService timer) {
    super(Void.class, "recreations");
    this.objects = objects;
    this.timer = timer;
  }

  @Override
  public void onResourceDeleted(T object) {
    note(object);
    tellLater(ResourceID.fromResource(object));
  }

  /** A watch that was blind for a while brings the next object of a name as an update of one. */
  @Override
  public void onResourceUpdated(T now, T before) {
    if (!now.getMetadata().getUid().equals(before.getMetadata().getUid())) {
      note(before);
    }
  }

  private void note(T object) {
    deleted.merge(
        ResourceID.fromResource(object),
        List.of(object),
        (earlier, one) -> Stream.concat(earlier.stream(), one.stream()).toList());
  }

  private void tellLater(ResourceID id) {
    for (Duration later : LATER) {
      var _ = timer.schedule(() -> tell(id), later.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The objects of that name that were deleted since this was asked last. */
  List<T> takeDeleted(T object) {
    List<T> taken = deleted.remove(ResourceID.fromResource(object));
    return taken == null ? List.of() : taken;
  }

  /** Whether the object is there, and is told of again when the pass is over. */
  boolean tellsAgainOf(T object) {
    ResourceID id = ResourceID.fromResource(object);
    boolean isThere =
        objects
            .get(id)
            .filter(it -> it.getMetadata().getUid().equals(object.getMetadata().getUid()))
            .isPresent();
    if (isThere) {
      tellLater(id);
    }
    return isThere;
  }

  @Override
  public Set<Void> getSecondaryResources(T primary) {
    return Set.of();
  }

  private void tell(ResourceID id) {
    objects
        .get(id)
        .ifPresent(
            object ->
                getEventHandler().handleEvent(new ResourceEvent(ResourceAction.ADDED, id, object)));
  }

  @Override
  public void stop() {
    timer.shutdownNow();
    super.stop();
  }
}
