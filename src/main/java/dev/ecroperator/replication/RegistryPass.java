package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.replication.Pass.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a registry, for all of its members at once: read the configuration, merge, record
 * what each member is about to say, replace the configuration, read it back. Its only effects go
 * through the registry and the records.
 *
 * <p>ECR takes or refuses the configuration as a whole. Where it refuses, {@link Trials} find out
 * whose share is not accepted: all others go on.
 */
final class RegistryPass {
  /** How often the configuration is written where somebody else's writes overtake ours. */
  private static final int PUTS = 3;

  private final RegistryConfiguration registry;
  private final StandingRecords records;
  private final Limits limits;
  private final Map<String, Member> members;
  private final Map<String, Standing> standings;
  private final PassFindings findings = new PassFindings();
  private final Map<String, Failure> refused = new TreeMap<>();
  private final Map<String, String> overLimit = new TreeMap<>();
  private final Set<String> restored = new HashSet<>();
  private ReplicationDocument found;
  private @Nullable Merge lastMerge;

  /** A merge, which is dear over the limit, and asked for again where nothing has changed. */
  private record Merge(ReplicationDocument of, List<Share> shares, MergedDocument merged) {}

  private RegistryPass(
      RegistryConfiguration registry,
      StandingRecords records,
      Limits limits,
      Map<String, Member> members,
      Map<String, Standing> standings,
      ReplicationDocument found) {
    this.registry = registry;
    this.records = records;
    this.limits = limits;
    this.members = members;
    this.standings = standings;
    this.found = found;
  }

  /**
   * Makes one pass.
   *
   * @param members all that have a share in the registry's configuration, by id
   * @param standings what each of them says there; kept right even where the pass ends by an
   *     exception of the records
   * @param refused what ECR refused before, by the id of its member; not sent again. What it
   *     refuses now is added
   */
  static Pass run(
      RegistryConfiguration registry,
      StandingRecords records,
      Limits limits,
      Map<String, Member> members,
      Map<String, Standing> standings,
      Map<String, Failure> refused,
      Instant now) {
    RegistryPass pass;
    try {
      pass = new RegistryPass(registry, records, limits, members, standings, registry.read());
    } catch (CallFailedException e) {
      return new Pass(now, members, Map.of(), e.failure().finding());
    } catch (MalformedDocumentException e) {
      return new Pass(now, members, Map.of(), PassFindings.unreadable(e));
    }
    pass.refused.putAll(refused);
    pass.converge();
    refused.putAll(pass.refused);
    return new Pass(now, members, pass.results(), null);
  }

  private void converge() {
    resolveDoubts();
    refused.forEach((id, failure) -> findings.add(id, failure.at("spec")));
    Set<String> admitted = new HashSet<>(members.keySet());
    admitted.removeAll(refused.keySet());
    MergedDocument wanted = merge(admitted);
    noteOverLimit(wanted);
    noteRestored(wanted);
    List<String> newcomers =
        members.values().stream()
            .map(Member::share)
            .sorted()
            .map(Share::id)
            .filter(id -> admitted.contains(id) && wanted.ruling(id).isNew())
            .toList();

    admitted.removeAll(newcomers);
    var trials = new Trials(newcomers, id -> wanted.ruling(id).letsGo());
    tryAll(trials, admitted);
    trials.refused().forEach(this::refuse);
    trials
        .held()
        .forEach((id, failure) -> findings.add(id, PassFindings.noLongerAccepted(failure)));
  }

  /** Writes what is to be tried, until nothing is left or it cannot be told what ECR accepts. */
  private void tryAll(Trials trials, Set<String> admitted) {
    for (List<String> batch = trials.next(); batch != null; batch = trials.next()) {
      admitted.addAll(batch);
      boolean again = trials.isInDoubt();
      try {
        trials.accepted(again ? writeAgain(admitted) : write(admitted));
      } catch (CallFailedException e) {
        admitted.removeAll(batch);
        if (e.kind() != Failure.Kind.INVALID) {
          // What was to be said is in doubt, and would be sent along with what comes next.
          findings.addAll(concerned(batch, again), e.failure().finding());
          findings.addAll(trials.untried(), e.failure().finding());
          return;
        }
        resolveDoubts(); // ECR refused it, so what was to be said does not stand.
        if (batch.isEmpty()) {
          findings.addAll(concerned(batch, again), PassFindings.noLongerAccepted(e.failure()));
        }
        trials.refused(batch, e.failure());
      } catch (RecordRefusedException e) {
        // Of one whose share stays as it is: without that on record nothing new may be written.
        findings.addAll(concerned(batch, again), PassFindings.unrecorded(e));
        findings.addAll(trials.untried(), PassFindings.unrecorded(e));
        return;
      } catch (MalformedDocumentException e) {
        findings.addAll(members.keySet(), PassFindings.unreadable(e));
        return;
      }
    }
  }

  /**
   * Whose write it is: those who want something new, and those whose rules are not there.
   *
   * @param again whether it may be one of what stands, which is nobody's
   */
  private Set<String> concerned(List<String> batch, boolean again) {
    Set<String> concerned = new HashSet<>(batch);
    restored.stream().filter(id -> !isFound(standing(id).contribution())).forEach(concerned::add);
    return concerned.isEmpty() && !again ? members.keySet() : concerned;
  }

  /** Finds out what writes that were under way have come to. */
  private void resolveDoubts() {
    MergedDocument asFound = merge(members.keySet());
    asFound
        .rulings()
        .forEach(
            (id, ruling) -> {
              if (standing(id).superseded() != null) {
                standings.put(id, new Standing(ruling.said(), null));
              }
            });
  }

  /**
   * Has the configuration say what those who are admitted want, also where it does already: tells
   * whether ECR accepts that.
   *
   * @return as {@link #write}
   */
  private boolean writeAgain(Set<String> admitted) {
    found = registry.read(); // Nothing is lost that somebody has written since.
    boolean again = !found.rules().isEmpty() && !merge(admitted).changed();
    if (again) {
      registry.put(found);
    }
    return write(admitted) || again;
  }

  /**
   * Has the configuration say what those who are admitted want, and the others as they stand.
   *
   * @return whether that was sent, and ECR has taken it
   */
  private boolean write(Set<String> admitted) {
    MergedDocument merged = merge(admitted);
    boolean sent = false;
    for (int puts = 0; merged.changed(); merged = merge(admitted)) {
      if (puts == PUTS) {
        findings.addAll(members.keySet(), PassFindings.OVERTAKEN);
        return sent;
      }
      if (registry.altered() != null) {
        findings.addAll(members.keySet(), PassFindings.altered(registry.altered()));
        return sent;
      }
      if (recordAll(merged, admitted)) {
        registry.put(merged.document());
        found = registry.readBack(merged.document());
        puts++;
        sent = true;
      }
    }
    if (recordAll(merged, admitted)) {
      settle(merged);
      return sent;
    }
    return write(admitted) || sent;
  }

  /**
   * Records what is to be known after a crash before the merged document is made to stand.
   *
   * @param admitted who gets what he wants; without those of whom it cannot be recorded
   * @return false where a member turned out to be gone or out of it, so that the merge is another
   * @throws RecordRefusedException where it cannot be recorded of one that is out of it already
   */
  private boolean recordAll(MergedDocument merged, Set<String> admitted) {
    boolean all = true;
    for (Recording recording : Recording.before(merged, found, List.copyOf(members.values()))) {
      Member member = recording.member();
      String id = member.id();
      try {
        if (!isOnRecord(recording)
            && !member.isGone()
            && !records.record(id, recording.standing())) {
          members.put(id, member.gone());
          return false;
        }
        standings.put(id, recording.standing());
      } catch (RecordRefusedException e) {
        if (!admitted.remove(id)) {
          throw e;
        }
        findings.add(id, PassFindings.unrecorded(e));
        all = false;
      }
    }
    return all;
  }

  private boolean isOnRecord(Recording recording) {
    String id = recording.member().id();
    return records.recorded(id).orElse(standing(id)).equals(recording.standing());
  }

  private MergedDocument merge(Set<String> admitted) {
    List<Share> shares = new ArrayList<>();
    for (Member each : members.values()) {
      Member member = each.standing(standing(each.id()));
      shares.add(admitted.contains(member.id()) ? member.share() : member.unchanged());
    }
    Merge last = lastMerge;
    if (last == null || !last.of().equals(found) || !last.shares().equals(shares)) {
      last = new Merge(found, shares, RegistryMerge.of(found, shares, limits));
      lastMerge = last;
    }
    return last.merged();
  }

  /** Notes whose rules are not there though nothing was to change about them. */
  private void noteRestored(MergedDocument merged) {
    members
        .keySet()
        .forEach(
            id -> {
              Standing standing = standing(id);
              if (!merged.ruling(id).isNew() && !isFound(standing.contribution())) {
                restored.add(id);
              }
            });
  }

  private boolean isFound(List<Contribution> contributions) {
    return Contribution.atoms(contributions).stream()
        .allMatch(
            atom ->
                found.rules().stream()
                    .map(ReplicationDocument.Rule::meaning)
                    .anyMatch(meaning -> meaning != null && meaning.covers(atom)));
  }

  private void settle(MergedDocument merged) {
    members.keySet().forEach(id -> standings.put(id, merged.ruling(id).settled()));
    noteOverLimit(merged);
  }

  private void noteOverLimit(MergedDocument merged) {
    overLimit.clear();
    merged
        .rulings()
        .forEach(
            (id, ruling) -> {
              if (ruling.refusal() != null) {
                overLimit.put(id, ruling.refusal());
              }
            });
  }

  private Standing standing(String id) {
    return Objects.requireNonNull(standings.get(id));
  }

  private void refuse(String id, Failure failure) {
    refused.put(id, failure);
    findings.add(id, isLeaving(id) ? failure.finding() : failure.at("spec"));
  }

  /** Whether the object goes, so that no edit of it would help. */
  private boolean isLeaving(String id) {
    return Objects.requireNonNull(members.get(id)).leaving();
  }

  private Map<String, Result> results() {
    overLimit.forEach(
        (id, refusal) -> findings.add(id, new Finding(Reason.QUOTA_EXCEEDED, refusal)));
    Map<String, Result> results = new TreeMap<>();
    members
        .keySet()
        .forEach(
            id ->
                results.put(
                    id,
                    new Result(
                        standing(id),
                        findings.of(id),
                        restored.contains(id) && findings.of(id).isEmpty())));
    return results;
  }
}
