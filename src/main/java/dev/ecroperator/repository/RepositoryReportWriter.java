package dev.ecroperator.repository;

import dev.ecroperator.api.Condition;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.telemetry.ReconcileMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Takes a report to where it is read: status, events, metrics and the log. */
final class RepositoryReportWriter {
  static final String KIND = "Repository";

  private static final Logger log = LoggerFactory.getLogger(RepositoryReportWriter.class);

  private final ClusterObjects<Repository> objects;
  private final Events events;
  private final ReconcileMetrics metrics;

  RepositoryReportWriter(
      ClusterObjects<Repository> objects, Events events, ReconcileMetrics metrics) {
    this.objects = objects;
    this.events = events;
    this.metrics = metrics;
  }

  void write(RepositoryObject object, RepositoryReport report) {
    report.driftCorrected().forEach(field -> metrics.driftCorrected(KIND, field));
    report.occurrences().forEach(occurrence -> tell(object, occurrence));
    writeStatus(object, report.status());
    Reason reason = report.verdict().reason();
    metrics.state(KIND, object.uid(), reason.ready(), reason.text());
  }

  void tell(RepositoryObject object, Occurrence occurrence) {
    events.tell(object.resource(), occurrence);
  }

  /** Writes the status where it says something else than before; a steady state writes nothing. */
  private void writeStatus(RepositoryObject object, RepositoryStatus status) {
    RepositoryStatus before = object.status();
    if (!status.equals(before)) {
      object.resource().setStatus(status);
      objects.writeStatus(object.resource(), before);
      logTransition(object, before, status);
    }
  }

  private static void logTransition(
      RepositoryObject object, RepositoryStatus before, RepositoryStatus after) {
    Reason reason = Conditions.reason(after.conditions()).orElse(Reason.PROGRESSING);
    if (Conditions.reason(before.conditions()).filter(reason::equals).isEmpty()) {
      String why =
          Conditions.find(after.conditions(), Conditions.READY).map(Condition::message).orElse("");
      log.atLevel(reason.ready() ? Level.INFO : Level.WARN)
          .addKeyValue("resource", object.path())
          .addKeyValue("generation", object.generation())
          .addKeyValue("reason", reason.text())
          .log("{} {}: {}", KIND, reason.text(), why);
    }
  }
}
