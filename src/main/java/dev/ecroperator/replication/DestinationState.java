package dev.ecroperator.replication;

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

  /** The state as a status spells it. */
  String text() {
    return text;
  }
}
