package dev.ecroperator.replication;

import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.progress.DestinationProgress;
import dev.ecroperator.replication.progress.DestinationState;
import java.util.List;
import java.util.stream.Collectors;

/** The condition Synced in words: what is missing where, and what to do. */
final class SyncedMessage {
  private SyncedMessage() {}

  /** The message; free of counts, so that a sample of other images reads the same. */
  static String of(ReplicationOutcome outcome, String partition) {
    String message =
        switch (outcome.state()) {
          case SYNCED -> "the sampled images are in every destination";
          case REPLICATING ->
              "images are on their way to " + names(outcome, DestinationState.REPLICATING);
          case DEGRADED -> degraded(outcome);
          case UNAUTHORIZED -> unauthorized(outcome, partition);
          case UNVERIFIED ->
              "no image was seen yet that would tell of "
                  + names(outcome, DestinationState.UNVERIFIED);
        };
    return outcome.unseen() == null ? message : message + "; " + outcome.unseen().message();
  }

  private static List<DestinationProgress> in(ReplicationOutcome outcome, DestinationState state) {
    return outcome.destinations().stream().filter(d -> d.state() == state).toList();
  }

  private static String names(ReplicationOutcome outcome, DestinationState state) {
    List<DestinationProgress> those = in(outcome, state);
    return those.isEmpty()
        ? "any destination"
        : those.stream().map(d -> d.destination().toString()).collect(Collectors.joining(", "));
  }

  private static String degraded(ReplicationOutcome outcome) {
    return in(outcome, DestinationState.DEGRADED).stream()
        .map(
            d -> {
              DestinationProgress.Failed newest = d.failures().getFirst();
              return "%s lacks %s@%s (%s)"
                  .formatted(d.destination(), newest.repository(), newest.digest(), newest.code());
            })
        .collect(
            Collectors.joining(
                "; ",
                "",
                ": see status.destinations, mend the cause and push the images again, since ECR"
                    + " does not replicate them a second time"));
  }

  private static String unauthorized(ReplicationOutcome outcome, String partition) {
    return in(outcome, DestinationState.UNAUTHORIZED).stream()
        .map(
            d ->
                "the registry policy of %s does not let %s in: add the statement %s"
                    .formatted(
                        d.destination(),
                        outcome.source().accountId(),
                        statement(outcome.source(), d.destination(), partition)))
        .collect(Collectors.joining("; "));
  }

  /**
   * What the destination's registry policy has to say (Amazon ECR User Guide, registry policies).
   */
  static String statement(Registry source, Registry destination, String partition) {
    return """
    {"Sid":"ReplicationFrom%1$s","Effect":"Allow",\
    "Principal":{"AWS":"arn:%2$s:iam::%1$s:root"},\
    "Action":["ecr:CreateRepository","ecr:ReplicateImage"],\
    "Resource":"arn:%2$s:ecr:%3$s:%4$s:repository/*"}\
    """
        .formatted(source.accountId(), partition, destination.region(), destination.accountId());
  }
}
