package dev.ecroperator.telemetry;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of the reconcilers, by kind. */
public final class ReconcileMetrics {

  /** The histogram's buckets; a pass without a call takes about a millisecond. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofSeconds(60)
  };

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

  /**
   * Has the counters of a kind read 0 from the start: the first that they count is an increase,
   * after each change of the leader too.
   *
   * @param fields what may drift
   */
  public void begin(String kind, Collection<String> fields) {
    fields.forEach(field -> drift(kind, label(field)));
    failures(kind);
    refusals(kind, HTTP_FORBIDDEN);
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
        .description("How long a reconciliation took, by how the resource stood after it.")
        .tags("kind", kind, "outcome", outcome)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(duration);
  }

  /**
   * Notes what somebody else had changed and one pass has put back: {@code
   * ecr_operator_drift_corrected_total}. All tags count as one field: their keys are the users',
   * and unbounded, and twelve of them are still one drift.
   *
   * @param fields as in {@code status.drift.fields}, such as {@code scanning} or {@code tags/team}
   */
  public void driftCorrected(String kind, Collection<String> fields) {
    fields.stream()
        .map(ReconcileMetrics::label)
        .distinct()
        .forEach(label -> drift(kind, label).increment());
  }

  private Counter drift(String kind, String label) {
    return Counter.builder("ecr_operator_drift_corrected")
        .description("Settings that somebody else had changed, and that were put back.")
        .tags("kind", kind, "field", label)
        .register(registry);
  }

  private static String label(String field) {
    int slash = field.indexOf('/');
    return slash < 0 ? field : field.substring(0, slash);
  }

  /** Notes that AWS was looked at: {@code ecr_operator_verified_age_seconds}. */
  public void verified(String kind, String uid, Instant at) {
    verified.put(uid, new Verified(kind, at));
    ageOf(kind);
  }

  /**
   * Notes that a resource is to be compared with AWS and cannot be now. One that never was in the
   * life of this process ages from here on, so that AWS's absence at the start shows too.
   */
  public void due(String kind, String uid) {
    verified.putIfAbsent(uid, new Verified(kind, clock.instant()));
    ageOf(kind);
  }

  /** Notes that a resource is not to be compared with AWS: it has no age. */
  public void notDue(String uid) {
    verified.remove(uid);
  }

  private void ageOf(String kind) {
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

  /** Notes a pass that ended in an exception which nobody expected. */
  public void failed(String kind) {
    failures(kind).increment();
  }

  private Counter failures(String kind) {
    return Counter.builder("ecr_operator_pass_failures")
        .description("Reconciliations that ended in an exception which nobody expected: bugs.")
        .tags("kind", kind)
        .register(registry);
  }

  /**
   * Notes that the Kubernetes API refused a call for a resource: {@code
   * ecr_operator_kubernetes_refusals_total}.
   *
   * @param code the HTTP status; 0 for no answer
   */
  public void refused(String kind, int code) {
    refusals(kind, code).increment();
  }

  private Counter refusals(String kind, int code) {
    return Counter.builder("ecr_operator_kubernetes_refusals")
        .description("Calls that the Kubernetes API refused, other than for a newer object.")
        .tags("kind", kind, "code", Integer.toString(code))
        .register(registry);
  }

  /** Forgets a resource that is gone. */
  public void forget(String uid) {
    states.remove(uid);
    verified.remove(uid);
  }
}
