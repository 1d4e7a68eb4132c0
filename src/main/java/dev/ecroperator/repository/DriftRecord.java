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
import org.jspecify.annotations.Nullable;

/**
 * What a pass says of drift: settings that somebody else changed, on an object that was in sync and
 * whose manifest nobody edited since. Drift that cannot be put back at once stays recorded as
 * detected until it is corrected.
 *
 * @param last the last drift after the pass; null where there never was one
 * @param corrected the fields that this pass put back
 */
record DriftRecord(@Nullable DriftStatus last, List<String> corrected) {

  static DriftRecord of(
      RepositoryStatus before, RepositoryOutcome outcome, long generation, Instant now) {
    DriftStatus last = before.drift();
    if (last != null && last.correctedAt() == null) {
      return corrected(last, outcome, now);
    }
    return wasInSync(before, generation)
        ? detected(last, outcome, now)
        : new DriftRecord(last, List.of());
  }

  private static DriftRecord detected(
      @Nullable DriftStatus last, RepositoryOutcome outcome, Instant now) {
    List<String> corrected = applied(outcome);
    if (corrected.isEmpty() && outcome.failed().isEmpty()) {
      return new DriftRecord(last, List.of());
    }
    Set<String> fields = new LinkedHashSet<>(corrected);
    fields.addAll(outcome.failed());
    String at = Times.text(now);
    return new DriftRecord(
        new DriftStatus(at, outcome.failed().isEmpty() ? at : null, List.copyOf(fields)),
        corrected);
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
      fields.addFirst("repository");
    }
    return fields;
  }

  private static boolean wasInSync(RepositoryStatus before, long generation) {
    return Objects.equals(before.observedGeneration(), generation)
        && Conditions.reason(before.conditions()).filter(Reason.IN_SYNC::equals).isPresent();
  }
}
