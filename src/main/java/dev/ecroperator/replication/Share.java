package dev.ecroperator.replication;

import java.util.Comparator;
import java.util.List;

/**
 * One object's part in the document of its registry. The oldest come first.
 *
 * @param id what tells the object from all others
 * @param age when it was created, in milliseconds since 1970
 * @param standing what its status has recorded
 * @param desired what it shall say
 * @param leaving whether it is being deleted; it then desires nothing
 * @param retain whether what it says stays, as a rule of others, when it leaves
 */
record Share(
    String id,
    long age,
    Standing standing,
    List<Contribution> desired,
    boolean leaving,
    boolean retain)
    implements Comparable<Share> {
  private static final Comparator<Share> ORDER =
      Comparator.comparingLong(Share::age).thenComparing(Share::id);

  Share {
    desired = List.copyOf(desired);
  }

  /** Whether the document may say something else of the object than its status. */
  boolean isPending() {
    return leaving || standing.superseded() != null;
  }

  @Override
  public int compareTo(Share other) {
    return ORDER.compare(this, other);
  }
}
