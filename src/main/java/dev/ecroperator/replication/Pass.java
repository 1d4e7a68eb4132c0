package dev.ecroperator.replication;

import dev.ecroperator.convergence.Finding;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.progress.Selection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a registry came to, for all of its members.
 *
 * @param begunAt when it began
 * @param members what it was about, by id
 * @param results what became of each, by id
 * @param failure why nothing is known of the registry; null where it was read
 */
record Pass(
    Instant begunAt,
    Map<String, Member> members,
    Map<String, Result> results,
    @Nullable Finding failure) {

  /**
   * What became of one member.
   *
   * @param standing what it says in the configuration now
   * @param findings what keeps that from being what it declares
   * @param restored whether its rules were missing and were put back
   */
  record Result(Standing standing, List<Finding> findings, boolean restored) {

    /** Whether the other reads the same; what finds a failed call again is another each time. */
    boolean saysTheSameAs(Result other) {
      return restored == other.restored
          && standing.equals(other.standing)
          && untraced().equals(other.untraced());
    }

    private List<Finding> untraced() {
      return findings.stream().map(each -> new Finding(each.reason(), each.message())).toList();
    }
  }

  /** Before the first pass. */
  static final Pass NONE = new Pass(Instant.MIN, Map.of(), Map.of(), null);

  /** What keeps a member from being served: all that was found of it, and of the registry. */
  List<Finding> findings(String id) {
    List<Finding> all = new ArrayList<>();
    if (failure != null) {
      all.add(failure);
    }
    Result result = results.get(id);
    if (result != null) {
      all.addAll(result.findings());
    }
    return all;
  }

  /** Which repositories those members select that are to be kept replicating. */
  List<Selection> replicating() {
    return members.values().stream()
        .filter(member -> !member.leaving() && !member.desired().suspended())
        .map(member -> member.desired().selection())
        .toList();
  }

  /** The same, too old for anybody who asks. */
  Pass overtaken() {
    return new Pass(Instant.MIN, members, results, failure);
  }

  /** What became of the member, where the pass was about it as it is. */
  Optional<Result> resultFor(Member member) {
    Member about = members.get(member.id());
    return about != null && about.covers(member)
        ? Optional.ofNullable(results.get(member.id()))
        : Optional.empty();
  }
}
