package dev.ecroperator.replication;

import dev.ecroperator.replication.merge.Standing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The statuses of objects, in memory. */
final class FakeStandingRecords implements StandingRecords {
  /** What is recorded, by id. */
  final Map<String, Standing> statuses = new HashMap<>();

  /** Objects that are known to be gone. */
  final Set<String> gone = new HashSet<>();

  /** What happens when something of an object is to be recorded, before it is. */
  Consumer<String> beforeRecord = id -> {};

  @Override
  public boolean record(String id, Standing standing) {
    beforeRecord.accept(id);
    if (gone.contains(id)) {
      return false;
    }
    statuses.put(id, standing);
    return true;
  }

  @Override
  public Optional<Standing> recorded(String id) {
    return Optional.ofNullable(statuses.get(id));
  }
}
