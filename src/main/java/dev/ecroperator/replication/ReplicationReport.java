package dev.ecroperator.replication;

import dev.ecroperator.api.Condition;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.DestinationStatus;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Report;
import dev.ecroperator.convergence.Verdict;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.progress.DestinationProgress;
import dev.ecroperator.replication.progress.DestinationState;
import dev.ecroperator.replication.progress.Reach;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pass says to the world: the status, and the events that go with it. Pure, so that a pass
 * that finds nothing new yields the very status that is there, and nothing is written.
 *
 * @param status the status after the pass
 * @param verdict the pass in one reason and one message
 * @param occurrences the events of the pass
 */
record ReplicationReport(
    ImageReplicationStatus status, Verdict verdict, List<Occurrence> occurrences)
    implements Report<ImageReplicationStatus> {

  private static final Verdict IN_SYNC =
      new Verdict(Reason.IN_SYNC, "the rules stand in ECR as declared");

  private static final Verdict SUSPENDED =
      new Verdict(Reason.SUSPENDED, "spec.suspend is true: the rules stay as they stand");

  /** How many over-matched repositories a status names. */
  private static final int OVER_MATCHED = 100;

  private static final Set<String> BROKEN =
      Set.of(DestinationState.UNAUTHORIZED.text(), DestinationState.DEGRADED.text());

  /** Where nothing can be told of a destination, it has not recovered. */
  private static final Set<String> SOUND =
      Set.of(DestinationState.REPLICATING.text(), DestinationState.SYNCED.text());

  /**
   * The object that a pass was about.
   *
   * @param generation the generation of its manifest
   * @param handled the reconcile-now annotation's value; null for none
   * @param partition AWS's partition, for ARNs
   * @param now when the pass began
   */
  record About(long generation, @Nullable String handled, String partition, Instant now) {}

  /**
   * Tells a pass.
   *
   * @param before the status that is replaced
   * @param planned what was recorded when the pass was planned; it has recorded more since
   */
  static ReplicationReport of(
      ImageReplicationStatus before, Standing planned, ReplicationOutcome outcome, About about) {
    Verdict verdict = Verdict.on(outcome.findings(), IN_SYNC);
    List<Occurrence> occurrences = new ArrayList<>();
    tellOfRules(planned, outcome, occurrences);
    List<DestinationStatus> destinations =
        outcome.destinations().stream().map(DestinationProgress::record).toList();
    destinations.forEach(now -> tellOfDestination(before, now, outcome, occurrences));
    Conditions.warning(before.conditions(), verdict).ifPresent(occurrences::add);

    List<Condition> conditions =
        new ArrayList<>(
            Conditions.after(before.conditions(), verdict, about.generation(), about.now()));
    conditions.add(synced(before, outcome, about));
    return new ReplicationReport(
        status(before, outcome, destinations, conditions, about),
        verdict,
        List.copyOf(occurrences));
  }

  /** Tells why nothing was tried: the source, the account or AWS itself is out of reach. */
  static ReplicationReport ofFinding(
      ImageReplicationStatus before,
      Finding finding,
      long generation,
      @Nullable String handled,
      Instant now) {
    Verdict verdict = Verdict.on(List.of(finding), IN_SYNC);
    List<Condition> conditions =
        new ArrayList<>(Conditions.after(before.conditions(), verdict, generation, now));
    Conditions.find(before.conditions(), Conditions.SYNCED).ifPresent(conditions::add);
    return new ReplicationReport(
        before.standing(generation, List.copyOf(conditions), handled),
        verdict,
        Conditions.warning(before.conditions(), verdict).stream().toList());
  }

  /** Tells that an object is suspended: only that condition moves. */
  static ReplicationReport suspended(ImageReplicationStatus before, long generation, Instant now) {
    boolean toldAlready = Conditions.find(before.conditions(), Conditions.SUSPENDED).isPresent();
    return new ReplicationReport(
        before.standing(
            before.observedGeneration(),
            Conditions.suspended(before.conditions(), SUSPENDED, generation, now),
            before.lastHandledReconcileAt()),
        SUSPENDED,
        toldAlready
            ? List.of()
            : List.of(Occurrence.warning(SUSPENDED.reason().text(), SUSPENDED.message())));
  }

  private static void tellOfRules(
      Standing planned, ReplicationOutcome outcome, List<Occurrence> occurrences) {
    Standing standing = outcome.standing();
    if (standing.superseded() == null && !standing.equals(planned)) {
      occurrences.add(
          Occurrence.normal(
              "RulesApplied",
              "wrote the rules into the replication configuration of " + outcome.source()));
    } else if (outcome.restored()) {
      occurrences.add(
          Occurrence.normal(
              "RulesRestored",
              "put back the rules that the replication configuration of "
                  + outcome.source()
                  + " lacked"));
    }
  }

  private static void tellOfDestination(
      ImageReplicationStatus before,
      DestinationStatus now,
      ReplicationOutcome outcome,
      List<Occurrence> occurrences) {
    String earlier = state(before, now);
    String state = Objects.requireNonNull(now.state());
    if (BROKEN.contains(state) && !state.equals(earlier)) {
      occurrences.add(
          Occurrence.warning(
              "Destination" + state,
              "replication from %s to %s/%s is %s"
                  .formatted(outcome.source(), now.registryId(), now.region(), state)));
    } else if (BROKEN.contains(earlier) && SOUND.contains(state)) {
      occurrences.add(
          Occurrence.normal(
              "DestinationRecovered",
              "replication from %s to %s/%s is %s"
                  .formatted(outcome.source(), now.registryId(), now.region(), state)));
    }
  }

  private static String state(ImageReplicationStatus status, DestinationStatus of) {
    List<DestinationStatus> known =
        status.destinations() == null ? List.of() : status.destinations();
    return known.stream()
        .filter(
            d ->
                Objects.equals(d.region(), of.region())
                    && Objects.equals(d.registryId(), of.registryId()))
        .map(DestinationStatus::state)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  private static Condition synced(
      ImageReplicationStatus before, ReplicationOutcome outcome, About about) {
    DestinationState state = outcome.state();
    String status =
        switch (state) {
          case SYNCED -> "True";
          case UNVERIFIED -> "Unknown";
          case REPLICATING, DEGRADED, UNAUTHORIZED -> "False";
        };
    return Conditions.of(
        before.conditions(),
        Conditions.SYNCED,
        status,
        state.text(),
        SyncedMessage.of(outcome, about.partition()),
        about.generation(),
        about.now());
  }

  private static ImageReplicationStatus status(
      ImageReplicationStatus before,
      ReplicationOutcome outcome,
      List<DestinationStatus> destinations,
      List<Condition> conditions,
      About about) {
    Reach reach = outcome.reach();
    long synced =
        outcome.destinations().stream().filter(d -> d.state() == DestinationState.SYNCED).count();
    Standing standing = outcome.standing();
    return new ImageReplicationStatus(
        about.generation(),
        List.copyOf(conditions),
        outcome.source().accountId(),
        outcome.source().region(),
        Contributions.record(standing.contribution()),
        Contributions.superseded(standing),
        Contributions.write(standing),
        reach == null ? before.matchedRepositories() : (Integer) reach.matched().size(),
        reach == null
            ? before.overMatched()
            : reach.overMatched().stream().limit(OVER_MATCHED).toList(),
        synced + "/" + destinations.size(),
        destinations,
        about.handled());
  }
}
