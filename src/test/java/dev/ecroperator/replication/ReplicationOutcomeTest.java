package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.SOURCE;
import static dev.ecroperator.replication.Members.registry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.progress.DestinationProgress;
import dev.ecroperator.replication.progress.DestinationState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicationOutcomeTest {
  private static ReplicationOutcome outcome(DestinationState... states) {
    List<DestinationProgress> destinations = new ArrayList<>();
    for (DestinationState state : states) {
      destinations.add(
          new DestinationProgress(
              registry("region-" + destinations.size()), state, 1, 1, 1, null, List.of()));
    }
    return new ReplicationOutcome(
        SOURCE, Standing.NOTHING, List.of(), false, null, destinations, null);
  }

  @Test
  void whatIsUnderWayToOneDestinationIsSoThoughAnotherIsWorse() {
    assertThat(outcome(DestinationState.DEGRADED, DestinationState.REPLICATING).isUnderWay())
        .isTrue();
  }

  @Test
  void whatHasArrivedOrNeverWillIsNotUnderWay() {
    assertThat(outcome(DestinationState.DEGRADED, DestinationState.SYNCED).isUnderWay()).isFalse();
  }
}
