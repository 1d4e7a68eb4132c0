package dev.ecroperator.cluster;

import dev.ecroperator.api.Condition;
import dev.ecroperator.api.Conditioned;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Verdict;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes what a pass says of an object to where it is read: status, events, metrics and the log.
 *
 * @param <T> the kind
 * @param <S> its status
 */
public final class ReportWriter<T extends CustomResource<?, S>, S extends Conditioned> {
  private static final Logger log = LoggerFactory.getLogger(ReportWriter.class);

  private final ClusterObjects<T> objects;
  private final Events events;
  private final ReconcileMetrics metrics;

  /** A writer of what is said of {@code objects}. */
  public ReportWriter(ClusterObjects<T> objects, Events events, ReconcileMetrics metrics) {
    this.objects = objects;
    this.events = events;
    this.metrics = metrics;
  }

  /**
   * Tells of a pass.
   *
   * @param before the status that the pass began with
   * @param after the status after it; one that says the same is not written
   * @param verdict the pass in one reason
   * @param occurrences its events
   */
  public void write(T object, S before, S after, Verdict verdict, List<Occurrence> occurrences) {
    occurrences.forEach(occurrence -> tell(object, occurrence));
    if (!after.equals(before)) {
      object.setStatus(after);
      objects.writeStatus(object, before);
      logTransition(object, before, after);
    }
    Reason reason = verdict.reason();
    metrics.state(object.getKind(), object.getMetadata().getUid(), reason.ready(), reason.text());
  }

  /** Tells of one thing that happened. */
  public void tell(T object, Occurrence occurrence) {
    events.tell(object, occurrence);
  }

  private void logTransition(T object, S before, S after) {
    Reason reason = Conditions.reason(after.conditions()).orElse(Reason.PROGRESSING);
    if (Conditions.reason(before.conditions()).filter(reason::equals).isEmpty()) {
      String why =
          Conditions.find(after.conditions(), Conditions.READY).map(Condition::message).orElse("");
      log.atLevel(reason.ready() ? Level.INFO : Level.WARN)
          .addKeyValue(
              "resource",
              object.getMetadata().getNamespace() + "/" + object.getMetadata().getName())
          .addKeyValue("generation", object.getMetadata().getGeneration())
          .addKeyValue("reason", reason.text())
          .log("{} {}: {}", object.getKind(), reason.text(), why);
    }
  }
}
