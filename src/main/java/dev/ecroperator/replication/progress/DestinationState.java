package dev.ecroperator.replication.progress;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How replication to one destination stands; declared from the gravest to the best. */
public enum DestinationState {
  /** Images do not arrive: the destination does not let them in. */
  UNAUTHORIZED("Unauthorized"),
  /** Images did not arrive. */
  DEGRADED("Degraded"),
  /** Images are under way. */
  REPLICATING("Replicating"),
  /** No image was seen that would tell. */
  UNVERIFIED("Unverified"),
  /** All that was seen has arrived. */
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
  public String text() {
    return text;
  }
}
