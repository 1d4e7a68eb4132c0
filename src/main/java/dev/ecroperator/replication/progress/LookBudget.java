package dev.ecroperator.replication.progress;

/** The calls that looks may make. It is for one look at a time. */
final class LookBudget {
  private final ImageRegistry registry;

  /** Calls that were taken from the registry's budget and not made. */
  private int inHand;

  /** What {@link ImageRegistry#mayLook} grants. */
  LookBudget(ImageRegistry registry) {
    this.registry = registry;
  }

  /**
   * Whether a call may be made now; it counts as made then.
   *
   * @param room how many calls there have to be, this one included; the others stay in hand
   */
  boolean mayCall(int room) {
    if (inHand < room && !registry.mayLook(room - inHand)) {
      return false;
    }
    inHand = Math.max(inHand, room) - 1;
    return true;
  }
}
