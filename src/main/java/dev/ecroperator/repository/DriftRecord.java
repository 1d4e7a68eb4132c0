package dev.ecroperator.repository;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.DriftStatus;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.Times;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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

  /** All that may drift; tags and members of the catalog are below the last two. */
  static final List<String> FIELDS =
      List.of(
          REPOSITORY,
          Managed.IMAGE_TAG_MUTABILITY,
          Managed.SCANNING,
          Managed.LIFECYCLE_POLICY,
          Managed.ACCESS_POLICY,
          Managed.ACCESS_POLICY_JSON,
          "tags",
          "catalog");

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
    DriftStatus open = last == null || last.correctedAt() != null ? null : last;
    List<String> pending = new ArrayList<>();
    if (open != null && open.fields() != null) {
      pending.addAll(open.fields());
      pending.removeIf(field -> isReleased(field, outcome));
    }
    Set<String> fields = new LinkedHashSet<>(pending);
    Predicate<String> wasAsDeclared = wasAsDeclared(before, settled, generation);
    List<String> corrected = applied(outcome);
    corrected.removeIf(field -> !pending.contains(field) && !wasAsDeclared.test(field));
    fields.addAll(corrected);
    outcome.failed().stream().sorted().filter(wasAsDeclared).forEach(fields::add);
    if (fields.isEmpty()) {
      // Drift that an edit has put an end to was not put back.
      return new DriftRecord(open == null ? last : null, List.of());
    }
    String at = Times.text(now);
    return new DriftRecord(
        new DriftStatus(
            open == null ? at : open.detectedAt(),
            isOver(fields, outcome) ? at : null,
            List.copyOf(fields)),
        List.copyOf(corrected));
  }

  /** What was as declared, so that a difference is drift; nothing is after an edit. */
  private static Predicate<String> wasAsDeclared(
      RepositoryStatus before, Set<String> settled, long generation) {
    if (!Objects.equals(before.observedGeneration(), generation)) {
      return field -> false;
    }
    return Conditions.reason(before.conditions()).filter(Reason.IN_SYNC::equals).isPresent()
        ? field -> true
        : settled::contains;
  }

  /** Whether a manifest has stopped to declare the field, and that is done. */
  private static boolean isReleased(String field, RepositoryOutcome outcome) {
    return isOurs(outcome)
        && !field.equals(REPOSITORY)
        && !outcome.managed().contains(field)
        && !Managed.touches(outcome.unsettled(), field);
  }

  /** Whether the pass left none of the fields as somebody else had made it, as far as it saw. */
  private static boolean isOver(Set<String> fields, RepositoryOutcome outcome) {
    Set<String> unsettled = outcome.unsettled();
    return isOurs(outcome) && fields.stream().noneMatch(field -> Managed.touches(unsettled, field));
  }

  private static boolean isOurs(RepositoryOutcome outcome) {
    return outcome.hold() == Hold.OWNED || outcome.hold() == Hold.ADOPTED;
  }

  private static List<String> applied(RepositoryOutcome outcome) {
    List<String> fields = new ArrayList<>(RepositoryDrift.fields(outcome.applied()));
    if (outcome.created()) {
      fields.addFirst(REPOSITORY);
    }
    return fields;
  }
}
