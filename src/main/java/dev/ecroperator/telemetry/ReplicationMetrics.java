package dev.ecroperator.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of replication, by destination: counts are of the images that were sampled last. A
 * destination counts while an object replicates there.
 */
public final class ReplicationMetrics {

  /**
   * How far the sampled images of one source are on their way to one destination.
   *
   * @param oldestPendingAt when the oldest that is under way was pushed; null for none
   */
  public record Destination(
      String account,
      String region,
      int complete,
      int inProgress,
      int failed,
      @Nullable Instant oldestPendingAt) {}

  private final MeterRegistry registry;
  private final Clock clock;
  private final Map<String, List<Destination>> bySource = new ConcurrentHashMap<>();

  /** Where each object replicates from and to, by its uid. */
  private final Map<String, Route> routes = new ConcurrentHashMap<>();

  private record Route(String source, Set<String> destinations) {
    boolean leads(String from, Destination to) {
      return source.equals(from) && destinations.contains(to.account() + "/" + to.region());
    }
  }

  /** What has its gauges already: each is registered once. */
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /** Meters in {@code registry}; lags by {@code clock}. */
  public ReplicationMetrics(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Notes what was seen last of a source: {@code ecr_operator_replication_images} and {@code
   * ecr_operator_replication_lag_seconds}.
   */
  public void sampled(String source, List<Destination> destinations) {
    bySource.put(source, List.copyOf(destinations));
    for (Destination destination : destinations) {
      if (known.add(destination.account() + "/" + destination.region())) {
        images(destination, "complete", Destination::complete);
        images(destination, "inProgress", Destination::inProgress);
        images(destination, "failed", Destination::failed);
        Gauge.builder(
                "ecr_operator_replication_lag_seconds", bySource, all -> lag(all, destination))
            .description("The age of the oldest sampled image that is still under way.")
            .tags(
                "destination_account",
                destination.account(),
                "destination_region",
                destination.region())
            .register(registry);
      }
    }
  }

  /**
   * Notes that an object replicates.
   *
   * @param source as in {@link #sampled}
   * @param destinations each as account, slash and region
   */
  public void replicates(String uid, String source, Set<String> destinations) {
    routes.put(uid, new Route(source, Set.copyOf(destinations)));
  }

  /** Forgets an object that is gone, or that is looked at no longer. */
  public void forget(String uid) {
    routes.remove(uid);
  }

  private void images(Destination of, String state, ToDoubleFunction<Destination> count) {
    Gauge.builder(
            "ecr_operator_replication_images",
            bySource,
            all -> same(all, of).stream().mapToDouble(count).sum())
        .description("Sampled images by destination and how far they are.")
        .tags(
            "destination_account", of.account(), "destination_region", of.region(), "state", state)
        .register(registry);
  }

  private double lag(Map<String, List<Destination>> all, Destination of) {
    Instant now = clock.instant();
    return same(all, of).stream()
        .filter(each -> each.oldestPendingAt() != null)
        .mapToDouble(each -> Duration.between(each.oldestPendingAt(), now).toMillis() / 1000.0)
        .max()
        .orElse(0);
  }

  private List<Destination> same(Map<String, List<Destination>> all, Destination of) {
    return all.entrySet().stream()
        .filter(source -> routes.values().stream().anyMatch(r -> r.leads(source.getKey(), of)))
        .flatMap(source -> source.getValue().stream())
        .filter(each -> each.account().equals(of.account()) && each.region().equals(of.region()))
        .toList();
  }
}
