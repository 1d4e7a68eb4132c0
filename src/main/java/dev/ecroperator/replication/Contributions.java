package dev.ecroperator.replication;

import dev.ecroperator.api.ContributionStatus;
import dev.ecroperator.api.DestinationSpec;
import dev.ecroperator.api.ImageReplicationStatus;
import dev.ecroperator.api.WriteStatus;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.merge.Standing.Superseded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Contributions as a status records them. */
final class Contributions {
  private Contributions() {}

  /** Reads what was recorded; an entry that lacks what every entry has says nothing. */
  static List<Contribution> read(@Nullable List<ContributionStatus> recorded) {
    return recorded == null ? List.of() : recorded.stream().flatMap(Contributions::read).toList();
  }

  private static Stream<Contribution> read(ContributionStatus recorded) {
    SortedSet<Registry> destinations = new TreeSet<>();
    if (recorded.destinations() != null) {
      for (DestinationSpec destination : recorded.destinations()) {
        if (destination.accountId() != null && destination.region() != null) {
          destinations.add(new Registry(destination.accountId(), destination.region()));
        }
      }
    }
    List<String> filters = recorded.filters();
    return filters == null || destinations.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Contribution(
                new TreeSet<>(filters),
                destinations,
                Boolean.TRUE.equals(recorded.replicateDeletes())));
  }

  /** Reads what a status has recorded about an object's part of the document. */
  static Standing standing(ImageReplicationStatus status) {
    return new Standing(read(status.contribution()), superseded(status));
  }

  private static @Nullable Superseded superseded(ImageReplicationStatus status) {
    if (status.superseded() == null) {
      return null;
    }
    WriteStatus write = status.write();
    return write == null
        ? new Superseded(read(status.superseded()), null, null)
        : new Superseded(read(status.superseded()), write.found(), write.written());
  }

  /** The members of a status that record what an object says, as a merge patch has them. */
  static Map<String, Object> record(Standing standing) {
    Map<String, Object> members = new HashMap<>();
    members.put("contribution", record(standing.contribution()));
    members.put("superseded", superseded(standing));
    members.put("write", write(standing));
    return members;
  }

  /** What a write under way supersedes, as it is to be recorded; null where none is. */
  static @Nullable List<ContributionStatus> superseded(Standing standing) {
    return standing.superseded() == null ? null : record(standing.superseded().contribution());
  }

  /** The write under way, as it is to be recorded; null where none is. */
  static @Nullable WriteStatus write(Standing standing) {
    Superseded superseded = standing.superseded();
    return superseded == null ? null : new WriteStatus(superseded.found(), superseded.written());
  }

  /** What is to be recorded. */
  static List<ContributionStatus> record(List<Contribution> contributions) {
    return contributions.stream().map(Contributions::record).toList();
  }

  private static ContributionStatus record(Contribution contribution) {
    return new ContributionStatus(
        List.copyOf(contribution.filters()),
        contribution.destinations().stream()
            .map(d -> new DestinationSpec(d.region(), d.accountId()))
            .toList(),
        contribution.replicateDeletes());
  }
}
