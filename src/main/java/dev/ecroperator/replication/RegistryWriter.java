package dev.ecroperator.replication;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.replication.Pass.Result;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a registry's replication configuration in this process. One pass serves all
 * that ask while it is under way or young: a burst of edits costs a handful of writes, and a resync
 * of however many objects one read.
 */
final class RegistryWriter {
  /** How long a registry that could not be read or written answers for all that ask. */
  static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

  /** The same at most, where a permission is missing. Half of a wait is jitter. */
  private static final Duration DENIAL_KEPT = Schedule.SLOWLY.dividedBy(2);

  private final RegistryConfiguration configuration;
  private final StandingRecords records;
  private final Limits limits;
  private final InstantSource clock;
  private final Consumer<String> news;

  private final ReentrantLock turn = new ReentrantLock(true);
  private final Map<String, Standing> standings = new HashMap<>();
  private final Map<String, Refusal> refusals = new HashMap<>();
  private final Map<String, Member> ghosts = new HashMap<>();
  private Pass last = Pass.NONE;
  private Map<String, Result> told = Map.of();
  private Instant lastEndedAt = Instant.MIN;

  /** Since when a permission is missing; null where the last pass lacked none. */
  private @Nullable Instant deniedSince;

  /** A share that ECR refused. */
  private record Refusal(DesiredReplication desired, Failure failure) {}

  /**
   * A writer; the only one of that registry.
   *
   * @param news is told the ids of members whose result is another than in the pass before
   */
  RegistryWriter(
      ReplicationRegistry registry,
      StandingRecords records,
      Limits limits,
      InstantSource clock,
      Consumer<String> news) {
    this.configuration = new RegistryConfiguration(registry, clock);
    this.records = records;
    this.limits = limits;
    this.clock = clock;
    this.news = news;
  }

  /**
   * Has the registry say what its members want, and tells what became of it. While a pass is under
   * way nobody is answered: it may be recording something new for whoever asks.
   *
   * @param asking the member that asks, as it is now
   * @param all the registry's members, by id; asked only when a pass is made
   * @param maxAge how old a pass may be that is about this member as it is; zero for a look at once
   */
  Pass settle(Member asking, Supplier<Map<String, Member>> all, Duration maxAge) {
    Instant asked = clock.instant();
    turn.lock();
    try {
      if (answers(asking, asked, maxAge)) {
        return last;
      }
      if (maxAge.isZero()) {
        refusals.remove(asking.id());
      }
      return pass(asking, all.get());
    } finally {
      turn.unlock();
    }
  }

  /** Whether the last pass is an answer to a member that asked then. */
  private boolean answers(Member asking, Instant asked, Duration maxAge) {
    Member about = last.members().get(asking.id());
    if (about == null || !about.covers(asking) || last.begunAt().isAfter(clock.instant())) {
      return false; // The last: the clock was set back, and tells no age.
    }
    List<Finding> findings = last.findings(asking.id());
    boolean failed =
        last.failure() != null || findings.stream().anyMatch(RegistryWriter::isRetried);
    if (!failed || maxAge.isZero()) {
      return last.begunAt().isAfter(asked.minus(maxAge));
    }
    // It may have taken longer to fail than a failure is kept.
    Duration kept =
        Schedule.earlier(
            findings.stream().anyMatch(RegistryWriter::isDenied) ? denialKept() : FAILURE_KEPT,
            maxAge);
    return lastEndedAt.isAfter(asked.minus(kept));
  }

  /** Whether it is a reason that nobody has to mend first. */
  private static boolean isRetried(Finding finding) {
    return finding.reason().companion() != Reason.Companion.STALLED;
  }

  private static boolean isDenied(Finding finding) {
    return finding.reason() == Reason.ACCESS_DENIED;
  }

  /**
   * How long it answers for all that a permission is missing: half as long as it has been, so that
   * many that wait for it do not come one after the other, and one alone, who waits at least that
   * long by its {@link Schedule}, is served at each of its tries.
   */
  private Duration denialKept() {
    Duration half =
        deniedSince == null
            ? Duration.ZERO
            : Duration.between(deniedSince, lastEndedAt).dividedBy(2);
    return half.compareTo(FAILURE_KEPT) < 0 ? FAILURE_KEPT : Schedule.earlier(half, DENIAL_KEPT);
  }

  private Pass pass(Member asking, Map<String, Member> all) {
    Map<String, Member> members = members(asking, all);
    Map<String, Failure> refused = new TreeMap<>();
    if (members.values().stream().anyMatch(this::makesRoom)) {
      refusals.clear(); // It may have been for want of room, and there may be some now.
    }
    refusals.forEach(
        (id, refusal) -> {
          Member member = members.get(id);
          if (member != null && !member.leaving() && member.desired().equals(refusal.desired())) {
            refused.put(id, refusal.failure());
          }
        });
    // What was seen before answers nobody from here on, even where this pass ends by an exception.
    last = last.overtaken();
    lastEndedAt = Instant.MIN;
    Pass pass =
        RegistryPass.run(
            configuration, records, limits, members, standings, refused, clock.instant());
    refusals.clear();
    refused.forEach(
        (id, failure) ->
            refusals.put(
                id, new Refusal(Objects.requireNonNull(members.get(id)).desired(), failure)));
    last = pass;
    lastEndedAt = clock.instant();
    if (members.keySet().stream()
        .flatMap(id -> pass.findings(id).stream())
        .noneMatch(RegistryWriter::isDenied)) {
      deniedSince = null;
    } else if (deniedSince == null) {
      deniedSince = lastEndedAt;
    }
    if (pass.failure() == null) {
      tell(pass, asking.id());
    }
    forgetGhosts();
    return pass;
  }

  /** Whether it goes, or was edited since the last pass to say less than what stands. */
  private boolean makesRoom(Member member) {
    Member before = last.members().get(member.id());
    return member.leaving()
        || (before != null
            && !before.desired().equals(member.desired())
            && Contribution.atoms(member.share().wanted()).size()
                < Contribution.atoms(member.standing().contribution()).size());
  }

  /** All members as they are now, each with what is known to stand of it. */
  private Map<String, Member> members(Member asking, Map<String, Member> all) {
    Map<String, Member> members = new TreeMap<>(all);
    Member cached = all.get(asking.id());
    if (cached == null || !cached.covers(asking)) {
      members.put(asking.id(), asking);
    }
    // What a cache lacks for a moment has not gone: who is gone is told of. Nor has an edit been
    // taken back that it does not show: it may be an older view than the one of before.
    last.members()
        .forEach(
            (id, member) -> {
              if (standings.containsKey(id)) {
                members.merge(id, member, RegistryWriter::newer);
              }
            });
    members.putAll(ghosts);
    members.forEach((id, member) -> standings.putIfAbsent(id, member.standing()));
    members.replaceAll((id, member) -> member.standing(Objects.requireNonNull(standings.get(id))));
    return members;
  }

  /** Of two views of an object the one of the newer manifest, else the first. */
  private static Member newer(Member one, Member other) {
    return other.generation() > one.generation() ? other : one;
  }

  /** Tells whose result is another than when the registry was read last. */
  private void tell(Pass pass, String asking) {
    pass.results()
        .forEach(
            (id, result) -> {
              Result earlier = told.get(id);
              if (earlier != null && !id.equals(asking) && !earlier.saysTheSameAs(result)) {
                news.accept(id);
              }
            });
    told = pass.results();
  }

  private void forgetGhosts() {
    ghosts
        .keySet()
        .removeIf(
            id -> {
              boolean done = Objects.requireNonNull(standings.get(id)).saysNothing();
              if (done) {
                standings.remove(id);
              }
              return done;
            });
  }

  /**
   * Notes that an object is gone. What it says still is dealt with by the next pass.
   *
   * @param untouched whether that is to stay as it is
   */
  void gone(String id, boolean untouched) {
    turn.lock();
    try {
      Standing standing = standings.get(id);
      Member member = last.members().get(id);
      if (standing == null || standing.saysNothing() || member == null) {
        standings.remove(id);
      } else {
        ghosts.put(id, (untouched ? member.heldStill() : member).gone());
      }
    } finally {
      turn.unlock();
    }
  }
}
