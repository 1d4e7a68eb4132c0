package dev.ecroperator.replication;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How replication to one destination stands; declared from the gravest to the best. */
enum DestinationState {
  UNAUTHORIZED("Unauthorized"),
  DEGRADED("Degraded"),
  REPLICATING("Replicating"),
  UNVERIFIED("Unverified"),
  SYNCED("Synced");

  private final String text;

  DestinationState(String text) {
    this.text = text;
  }

  /** Reads what a status spells; empty for no state. */
  static Optional<DestinationState> of(@Nullable String text) {
    return Arrays.stream(values()).filter(state -> state.text.equals(text)).findFirst();
  }

  /** The state as a status spells it. */
  String text() {
    return text;
  }
}
