package dev.ecroperator.repository;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.DriftStatus;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.Times;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Report;
import dev.ecroperator.convergence.Verdict;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pass says to the world: the status, and the events that go with it. Pure, so that a pass
 * that finds nothing new yields the very status that is there, and nothing is written.
 *
 * @param status the status after the pass
 * @param verdict the pass in one reason and one message
 * @param occurrences the events of the pass
 * @param driftCorrected the fields that somebody else had changed and that were put back
 */
record RepositoryReport(
    RepositoryStatus status,
    Verdict verdict,
    List<Occurrence> occurrences,
    List<String> driftCorrected)
    implements Report<RepositoryStatus> {

  private static final Verdict IN_SYNC = new Verdict(Reason.IN_SYNC, "ECR is as declared");
  private static final Verdict OBSERVED =
      new Verdict(Reason.OBSERVED, "ECR is as declared; management ObserveOnly changes nothing");
  private static final Verdict SUSPENDED =
      new Verdict(Reason.SUSPENDED, "spec.suspend is true: nothing is looked at or changed");

  /**
   * The object that a pass was about.
   *
   * @param generation the generation of its manifest
   * @param createdAt when the object was created
   * @param handled the reconcile-now annotation's value; null for none
   * @param now when the pass began
   */
  record About(long generation, Instant createdAt, @Nullable String handled, Instant now) {}

  /**
   * Tells a pass that began with the status {@code before}.
   *
   * @param settled the fields that were as declared before it, as far as the process remembers
   */
  static RepositoryReport of(
      RepositoryStatus before,
      RepositoryTarget target,
      RepositoryOutcome outcome,
      Set<String> settled,
      About about) {
    Verdict verdict =
        Verdict.on(outcome.findings(), outcome.hold() == Hold.OBSERVED ? OBSERVED : IN_SYNC);
    DriftRecord drift = DriftRecord.of(before, outcome, settled, about.generation(), about.now());
    List<String> corrected = drift.corrected();
    List<Occurrence> occurrences = new ArrayList<>(outcome.occurrences());
    if (!corrected.isEmpty()) {
      occurrences.add(
          Occurrence.normal(
              "DriftCorrected",
              "put back what was changed in ECR: " + String.join(", ", corrected)));
    }
    List<String> edited = new ArrayList<>(RepositoryDrift.fields(outcome.applied()));
    edited.removeAll(corrected);
    if (!outcome.created() && !edited.isEmpty()) {
      occurrences.add(Occurrence.normal("Updated", "changed " + String.join(", ", edited)));
    }
    Conditions.warning(before.conditions(), verdict).ifPresent(occurrences::add);

    return new RepositoryReport(
        status(before, target, outcome, verdict, about, drift.last()),
        verdict,
        List.copyOf(occurrences),
        corrected);
  }

  /** Tells why nothing was tried: the target, the account or AWS itself is out of reach. */
  static RepositoryReport ofFinding(
      RepositoryStatus before,
      Finding finding,
      long generation,
      @Nullable String handled,
      Instant now) {
    Verdict verdict = Verdict.on(List.of(finding), IN_SYNC);
    return new RepositoryReport(
        before.standing(
            generation, Conditions.after(before.conditions(), verdict, generation, now), handled),
        verdict,
        Conditions.warning(before.conditions(), verdict).stream().toList(),
        List.of());
  }

  /** Tells that an object is suspended: only that condition moves. */
  static RepositoryStatus suspended(RepositoryStatus before, long generation, Instant now) {
    return before.standing(
        before.observedGeneration(),
        Conditions.suspended(before.conditions(), SUSPENDED, generation, now),
        before.lastHandledReconcileAt());
  }

  /**
   * Tells that an object is suspended, and so that nothing was done.
   *
   * @param memory what is known of it that its status may not tell
   */
  static RepositoryReport suspended(RepositoryObject object, RepositoryMemory memory, Instant now) {
    return new RepositoryReport(
        suspended(memory.status(object.status()), object.generation(), now),
        SUSPENDED,
        object.wasSuspended()
            ? List.of()
            : List.of(Occurrence.warning(SUSPENDED.reason().text(), SUSPENDED.message())),
        List.of());
  }

  private static RepositoryStatus status(
      RepositoryStatus before,
      RepositoryTarget target,
      RepositoryOutcome outcome,
      Verdict verdict,
      About about,
      @Nullable DriftStatus drift) {
    ObservedRepository observed = outcome.observed();
    boolean isOpen = outcome.hold().isOpen();
    return new RepositoryStatus(
        about.generation(),
        Conditions.after(before.conditions(), verdict, about.generation(), about.now()),
        target.name(),
        target.visibility().text(),
        observed != null ? observed.arn() : isOpen ? before.arn() : null,
        observed != null ? observed.uri() : isOpen ? before.uri() : null,
        target.accountId(),
        target.region(),
        Origin.of(before.origin(), outcome, about.createdAt()),
        observed != null
            ? observed.createdAt() == null ? null : Times.text(observed.createdAt())
            : isOpen ? before.createdAt() : null,
        List.copyOf(outcome.managed()),
        observed != null
            ? Effective.of(observed, before.effective())
            : isOpen ? before.effective() : null,
        drift,
        about.handled());
  }
}
