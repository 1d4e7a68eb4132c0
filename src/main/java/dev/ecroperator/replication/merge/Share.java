package dev.ecroperator.replication.merge;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object's part in the document of its registry. The oldest come first.
 *
 * @param id what tells the object from all others
 * @param createdAt when it was created, in milliseconds since 1970
 * @param standing what its status has recorded
 * @param desired what it shall say, as far as rules of others do not; null for what it says
 *     already, whatever others say: it is held still
 * @param leaving whether it is being deleted; it then desires nothing
 * @param retain whether what it says stays, as a rule of others, when it leaves
 */
public record Share(
    String id,
    long createdAt,
    Standing standing,
    @Nullable List<Contribution> desired,
    boolean leaving,
    boolean retain)
    implements Comparable<Share> {
  private static final Comparator<Share> ORDER =
      Comparator.comparingLong(Share::createdAt).thenComparing(Share::id);

  public Share {
    desired = desired == null ? null : List.copyOf(desired);
  }

  /** What it wants the document to say. */
  public List<Contribution> wanted() {
    return desired == null ? standing.contribution() : desired;
  }

  /** Whether it goes on to say what it says, though somebody else says that too for a while. */
  public boolean isHeldStill() {
    return desired == null;
  }

  @Override
  public int compareTo(Share other) {
    return ORDER.compare(this, other);
  }
}
