package dev.ecroperator.replication;

import dev.ecroperator.replication.Member.Presence;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.progress.Selection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Members as tests need them. */
public final class Members {
  static final Registry SOURCE = new Registry("111122223333", "eu-west-1");

  private Members() {}

  /** Another registry of the same account. */
  public static Registry registry(String region) {
    return new Registry(SOURCE.accountId(), region);
  }

  /** What replicates the filters to the region. */
  static Contribution contribution(String region, String... filters) {
    return new Contribution(
        new TreeSet<>(Arrays.asList(filters)), new TreeSet<>(List.of(registry(region))), false);
  }

  static DesiredReplication desired(Contribution... contributions) {
    var filters = new TreeSet<String>();
    var destinations = new TreeSet<Registry>();
    for (Contribution contribution : contributions) {
      filters.addAll(contribution.filters());
      destinations.addAll(contribution.destinations());
    }
    return new DesiredReplication(
        List.of(contributions),
        new Selection(filters, new TreeSet<>()),
        destinations,
        List.of(),
        false,
        false);
  }

  /** A member that says nothing yet; its age is the order of the ids. */
  static Member member(String id, Contribution... contributions) {
    return new Member(
        id, 1, id.hashCode(), Presence.STAYING, desired(contributions), Standing.NOTHING);
  }

  static Map<String, Member> all(Member... members) {
    Map<String, Member> all = new TreeMap<>();
    for (Member member : members) {
      all.put(member.id(), member);
    }
    return all;
  }
}
