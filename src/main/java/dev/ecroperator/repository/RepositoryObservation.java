package dev.ecroperator.repository;

import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.repository.RepositoryOutcome.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A pass that looks and changes nothing: {@code management: ObserveOnly}. */
final class RepositoryObservation {
  private RepositoryObservation() {}

  static RepositoryOutcome run(RepositoryConvergence.Start start, RepositoryRegistry registry) {
    List<Finding> findings = new ArrayList<>(start.desired().invalid());
    ObservedRepository observed = registry.find(start.target(), start.maxAge()).orElse(null);
    if (observed == null) {
      findings.add(
          new Finding(
              Reason.NOT_FOUND,
              "no repository "
                  + start.target()
                  + " exists, and management ObserveOnly creates none: create it, or set"
                  + " spec.management to Full"));
      return outcome(Hold.NONE, null, findings);
    }
    RepositoryDrift drift = RepositoryDrift.between(start.desired().settings(), observed);
    if (!drift.changes().isEmpty()) {
      findings.add(
          new Finding(
              Reason.DRIFT_DETECTED,
              "ECR differs in "
                  + String.join(", ", RepositoryDrift.fields(drift.changes()))
                  + ", and management ObserveOnly changes nothing: mend ECR or the manifest, or set"
                  + " spec.management to Full"));
    }
    for (Finding conflict : drift.conflicts()) {
      findings.add(
          conflict.reason() == Reason.IMMUTABLE_CONFLICT
              ? new Finding(Reason.DRIFT_DETECTED, conflict.message())
              : conflict);
    }
    return outcome(Hold.OBSERVED, observed, findings);
  }

  private static RepositoryOutcome outcome(
      Hold hold, @Nullable ObservedRepository observed, List<Finding> findings) {
    return new RepositoryOutcome(
        hold,
        observed,
        new TreeSet<>(),
        findings,
        false,
        List.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Map.of(),
        List.of());
  }
}
