package dev.ecroperator.replication;

import dev.ecroperator.convergence.Finding;
import java.time.Instant;
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
  record Result(Standing standing, List<Finding> findings, boolean restored) {}

  /** Before the first pass. */
  static final Pass NONE = new Pass(Instant.MIN, Map.of(), Map.of(), null);

  /** What those members declare that are to be kept replicating. */
  List<DesiredReplication> replicating() {
    return members.values().stream()
        .filter(member -> !member.leaving() && !member.desired().suspended())
        .map(Member::desired)
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
