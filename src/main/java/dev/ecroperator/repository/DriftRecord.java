package dev.ecroperator.repository;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.DriftStatus;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.Times;
import dev.ecroperator.convergence.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a pass says of drift: settings that somebody else changed since they were as declared by a
 * manifest that nobody edited since. Drift that cannot be put back at once stays recorded as
 * detected until it is corrected.
 *
 * @param last the last drift after the pass; null where there never was one
 * @param corrected the fields that this pass put back
 */
record DriftRecord(@Nullable DriftStatus last, List<String> corrected) {
  /** The field that stands for the repository itself, which somebody may delete. */
  static final String REPOSITORY = "repository";

  /**
   * Judges a pass.
   *
   * @param settled the fields that were as declared before it, as far as the process remembers
   */
  static DriftRecord of(
      RepositoryStatus before,
      RepositoryOutcome outcome,
      Set<String> settled,
      long generation,
      Instant now) {
    DriftStatus last = before.drift();
    if (last != null && last.correctedAt() == null) {
      return corrected(last, outcome, now);
    }
    if (!Objects.equals(before.observedGeneration(), generation)) {
      return new DriftRecord(last, List.of());
    }
    boolean wasInSync =
        Conditions.reason(before.conditions()).filter(Reason.IN_SYNC::equals).isPresent();
    return detected(last, outcome, wasInSync ? field -> true : settled::contains, now);
  }

  private static DriftRecord detected(
      @Nullable DriftStatus last,
      RepositoryOutcome outcome,
      Predicate<String> wasAsDeclared,
      Instant now) {
    List<String> corrected = applied(outcome);
    corrected.removeIf(wasAsDeclared.negate());
    Set<String> failed = new TreeSet<>(outcome.failed());
    failed.removeIf(wasAsDeclared.negate());
    if (corrected.isEmpty() && failed.isEmpty()) {
      return new DriftRecord(last, List.of());
    }
    Set<String> fields = new LinkedHashSet<>(corrected);
    fields.addAll(failed);
    String at = Times.text(now);
    return new DriftRecord(
        new DriftStatus(at, failed.isEmpty() ? at : null, List.copyOf(fields)), corrected);
  }

  private static DriftRecord corrected(
      DriftStatus pending, RepositoryOutcome outcome, Instant now) {
    List<String> fields = pending.fields() == null ? List.of() : pending.fields();
    List<String> corrected = applied(outcome);
    corrected.retainAll(fields);
    boolean isDone =
        outcome.hold() == RepositoryOutcome.Hold.OWNED
            && Collections.disjoint(fields, outcome.failed());
    return new DriftRecord(
        isDone ? new DriftStatus(pending.detectedAt(), Times.text(now), fields) : pending,
        List.copyOf(corrected));
  }

  private static List<String> applied(RepositoryOutcome outcome) {
    List<String> fields = new ArrayList<>(RepositoryDrift.fields(outcome.applied()));
    if (outcome.created()) {
      fields.addFirst(REPOSITORY);
    }
    return fields;
  }
}
