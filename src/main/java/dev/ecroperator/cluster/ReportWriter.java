package dev.ecroperator.cluster;

import dev.ecroperator.api.Conditioned;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Report;
import dev.ecroperator.convergence.Trace;
import dev.ecroperator.convergence.Verdict;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

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
   * @param before the status that the pass began with; one that says the same is not written
   */
  public void write(T object, S before, Report<S> report) {
    S after = report.status();
    Verdict verdict = report.verdict();
    List<Occurrence> occurrences = report.occurrences();
    measure(object, verdict.reason()); // whether or not the status can be written
    occurrences.forEach(occurrence -> events.tell(object, occurrence));
    if (!after.equals(before)) {
      object.setStatus(after);
      objects.writeStatus(object, before);
      logTransition(object, before, after, verdict);
    }
    occurrences.stream()
        .filter(occurrence -> !occurrence.reason().equals(verdict.reason().text()))
        .forEach(occurrence -> log(object, occurrence));
  }

  private void measure(T object, Reason reason) {
    String uid = object.getMetadata().getUid();
    metrics.state(object.getKind(), uid, reason.ready(), reason.text());
    // What waits for AWS gets old; what its owner has to mend before AWS is asked does not.
    if (reason.companion() == Reason.Companion.RECONCILING
        || reason.companion() == Reason.Companion.RECONCILING_THEN_STALLED) {
      metrics.due(object.getKind(), uid);
    }
  }

  /** Tells of one thing that happened. */
  public void tell(T object, Occurrence occurrence) {
    events.tell(object, occurrence);
    log(object, occurrence);
  }

  /**
   * Logs that Ready has another reason. Its message is for the object's owner, and may quote the
   * object's documents, as AWS's words do: it is left to the status.
   */
  private void logTransition(T object, S before, S after, Verdict verdict) {
    Reason reason = Conditions.reason(after.conditions()).orElse(Reason.PROGRESSING);
    if (Conditions.reason(before.conditions()).filter(reason::equals).isPresent()) {
      return;
    }
    LoggingEventBuilder line =
        about(object, log.atLevel(reason.ready() ? Level.INFO : Level.WARN), reason.text());
    Trace trace = verdict.trace();
    if (trace != null) {
      line =
          line.addKeyValue("operation", trace.operation())
              .addKeyValue("code", trace.code())
              .addKeyValue("requestId", trace.requestId());
    }
    line.log("{} is {}", object.getKind(), reason.text());
  }

  private void log(T object, Occurrence occurrence) {
    Level level = occurrence.warning() ? Level.WARN : Level.INFO;
    about(object, log.atLevel(level), occurrence.reason())
        .log("{}: {}", object.getKind(), occurrence.reason());
  }

  private static LoggingEventBuilder about(
      HasMetadata object, LoggingEventBuilder line, String reason) {
    return line.addKeyValue(
            "resource", object.getMetadata().getNamespace() + "/" + object.getMetadata().getName())
        .addKeyValue("generation", object.getMetadata().getGeneration())
        .addKeyValue("reason", reason);
  }
}
