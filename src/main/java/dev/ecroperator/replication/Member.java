package dev.ecroperator.replication;

import dev.ecroperator.replication.merge.Share;
import dev.ecroperator.replication.merge.Standing;

/**
 * An object as a pass over its registry sees it.
 *
 * @param id the object's uid
 * @param generation the generation of the manifest that {@code desired} was read from
 * @param createdAt when the object was created, in milliseconds since 1970: what is older goes
 *     first
 * @param presence whether the object stays
 * @param desired what its manifest says
 * @param standing what it says in the registry's configuration, as far as is known
 */
record Member(
    String id,
    long generation,
    long createdAt,
    Presence presence,
    DesiredReplication desired,
    Standing standing) {

  /** Whether an object stays. */
  enum Presence {
    STAYING,
    /** It is being deleted, and held until that is done. */
    LEAVING,
    /** What it says is to be dealt with all the same; nothing can be recorded of it. */
    GONE
  }

  boolean leaving() {
    return presence != Presence.STAYING;
  }

  boolean isGone() {
    return presence == Presence.GONE;
  }

  /** The member with what is known better of what stands. */
  Member standing(Standing known) {
    return new Member(id, generation, createdAt, presence, desired, known);
  }

  /** The member once its object is gone, whatever else was planned for it. */
  Member gone() {
    return new Member(id, generation, createdAt, Presence.GONE, desired, standing);
  }

  /** The same, but what it says stays, whatever its manifest said when it was last read. */
  Member heldStill() {
    return new Member(id, generation, createdAt, presence, desired.heldStill(), standing);
  }

  /** What the merge is to make of the member. */
  Share share() {
    return new Share(
        id,
        createdAt,
        standing,
        desired.suspended() ? null : desired.contributions(),
        leaving(),
        desired.retain() || desired.suspended());
  }

  /** The same, but everything stays as it stands. */
  Share unchanged() {
    return new Share(id, createdAt, standing, null, false, false);
  }

  /** Whether a pass about this member is one about {@code other} too: it is as new, or newer. */
  boolean covers(Member other) {
    return generation > other.generation
        || (generation == other.generation
            && leaving() == other.leaving()
            && desired.equals(other.desired));
  }
}
