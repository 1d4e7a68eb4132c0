package dev.ecroperator.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of the reconcilers, by kind. */
public final class ReconcileMetrics {

  /** How one resource stands. */
  private record State(String kind, boolean ready, String reason) {}

  private record Verified(String kind, Instant at) {}

  private final MeterRegistry registry;
  private final Clock clock;
  private final Map<String, State> states = new ConcurrentHashMap<>();
  private final Map<String, Verified> verified = new ConcurrentHashMap<>();

  /** What has a gauge already: each is registered once. */
  private final Set<Object> gauges = ConcurrentHashMap.newKeySet();

  /** Meters in {@code registry}; ages by {@code clock}. */
  public ReconcileMetrics(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** Notes how a resource stands: {@code ecr_operator_resources}. */
  public void state(String kind, String uid, boolean ready, String reason) {
    var state = new State(kind, ready, reason);
    states.put(uid, state);
    if (gauges.add(state)) {
      Gauge.builder("ecr_operator_resources", states, all -> count(all, state))
          .description("Resources by kind, readiness and reason.")
          .tags("kind", kind, "ready", Boolean.toString(ready), "reason", reason)
          .register(registry);
    }
  }

  private static double count(Map<String, State> all, State state) {
    return all.values().stream().filter(state::equals).count();
  }

  /** Notes a pass and its duration: {@code ecr_operator_reconcile_seconds}. */
  public void reconciled(String kind, String uid, Duration duration) {
    String outcome = Optional.ofNullable(states.get(uid)).map(State::reason).orElse("Gone");
    Timer.builder("ecr_operator_reconcile_seconds")
        .description("How long a reconciliation took.")
        .tags("kind", kind, "outcome", outcome)
        .register(registry)
        .record(duration);
  }

  /** Notes a setting that somebody else had changed: {@code ecr_operator_drift_corrected_total}. */
  public void driftCorrected(String kind, String field) {
    // The key of a tag is the user's, and unbounded: it is no label.
    int slash = field.indexOf('/');
    registry
        .counter(
            "ecr_operator_drift_corrected",
            "kind",
            kind,
            "field",
            slash < 0 ? field : field.substring(0, slash))
        .increment();
  }

  /** Notes that AWS was looked at: {@code ecr_operator_verified_age_seconds}. */
  public void verified(String kind, String uid, Instant at) {
    verified.put(uid, new Verified(kind, at));
    if (gauges.add(kind)) {
      Gauge.builder("ecr_operator_verified_age_seconds", verified, all -> oldest(all, kind))
          .description("The longest time since a resource was compared with AWS.")
          .tags("kind", kind)
          .register(registry);
    }
  }

  private double oldest(Map<String, Verified> all, String kind) {
    Instant now = clock.instant();
    return all.values().stream()
        .filter(v -> v.kind().equals(kind))
        .mapToDouble(v -> Duration.between(v.at(), now).toMillis() / 1000.0)
        .max()
        .orElse(0);
  }

  /** Forgets a resource that is gone. */
  public void forget(String uid) {
    states.remove(uid);
    verified.remove(uid);
  }
}
