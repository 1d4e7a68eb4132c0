package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.replication.Pass.Result;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.MergedDocument;
import dev.ecroperator.replication.merge.Share;
import dev.ecroperator.replication.merge.Standing;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * One pass over a registry, for all of its members at once: read the configuration, merge, record
 * what each member is about to say, replace the configuration, read it back. Its only effects go
 * through the registry and the records.
 *
 * <p>ECR takes or refuses the configuration as a whole. Where it refuses, {@link Trials} find out
 * whose share is not accepted: all others go on.
 */
final class RegistryPass {
  private final Map<String, Member> members;
  private final PassFindings findings = new PassFindings();
  private final Map<String, Failure> refused = new TreeMap<>();
  private final Map<String, String> overLimit = new TreeMap<>();
  private final Set<String> restored = new HashSet<>();
  private final DocumentInForce document;

  private RegistryPass(
      RegistryConfiguration configuration,
      StandingRecords records,
      Limits limits,
      Map<String, Member> members,
      Map<String, Standing> standings) {
    this.members = members;
    this.document =
        new DocumentInForce(
            configuration,
            records,
            limits,
            members,
            standings,
            (id, e) -> findings.add(id, PassFindings.unrecorded(e)));
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
      RegistryConfiguration configuration,
      StandingRecords records,
      Limits limits,
      Map<String, Member> members,
      Map<String, Standing> standings,
      Map<String, Failure> refused,
      Instant now) {
    RegistryPass pass;
    try {
      pass = new RegistryPass(configuration, records, limits, members, standings);
    } catch (CallFailedException e) {
      return new Pass(now, members, Map.of(), e.failure().finding());
    } catch (MalformedDocumentException e) {
      return new Pass(now, members, Map.of(), PassFindings.cannotBeKept(e));
    }
    pass.refused.putAll(refused);
    pass.converge();
    refused.putAll(pass.refused);
    return new Pass(now, members, pass.results(), null);
  }

  private void converge() {
    document.resolveDoubts();
    refused.forEach((id, failure) -> findings.add(id, failure.at("spec")));
    Set<String> admitted = new HashSet<>(members.keySet());
    admitted.removeAll(refused.keySet());
    MergedDocument wanted = document.merge(admitted);
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
        DocumentInForce.Written written =
            again ? document.writeAgain(admitted) : document.write(admitted);
        if (written.merged() != null) {
          noteOverLimit(written.merged());
        }
        if (written.obstacle() != null) {
          findings.addAll(members.keySet(), written.obstacle());
        }
        trials.accepted(written.sent());
      } catch (CallFailedException e) {
        admitted.removeAll(batch);
        if (e.kind() != Failure.Kind.INVALID) {
          // What was to be said is in doubt, and would be sent along with what comes next.
          findings.addAll(concerned(batch, again), e.failure().finding());
          findings.addAll(trials.untried(), e.failure().finding());
          return;
        }
        document.resolveDoubts(); // ECR refused it, so what was to be said does not stand.
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
        findings.addAll(members.keySet(), PassFindings.cannotBeKept(e));
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
    restored.stream()
        .filter(id -> !document.isFound(document.standing(id).contribution()))
        .forEach(concerned::add);
    return concerned.isEmpty() && !again ? members.keySet() : concerned;
  }

  /** Notes whose rules are not there though nothing was to change about them. */
  private void noteRestored(MergedDocument merged) {
    members
        .keySet()
        .forEach(
            id -> {
              Standing standing = document.standing(id);
              if (!merged.ruling(id).isNew() && !document.isFound(standing.contribution())) {
                restored.add(id);
              }
            });
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
                        document.standing(id),
                        findings.of(id),
                        restored.contains(id) && findings.of(id).isEmpty())));
    return results;
  }
}
