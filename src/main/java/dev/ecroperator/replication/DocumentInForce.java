package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.MergedDocument;
import dev.ecroperator.replication.merge.RegistryMerge;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.merge.Share;
import dev.ecroperator.replication.merge.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A registry's configuration as it stands in the course of a pass, and what each member says in it.
 * Nothing is written before it is on record what it says.
 */
final class DocumentInForce {
  /** How often the configuration is written where somebody else's writes overtake ours. */
  private static final int PUTS = 3;

  private final RegistryConfiguration configuration;
  private final StandingRecords records;
  private final Limits limits;
  private final Map<String, Member> members;
  private final Map<String, Standing> standings;
  private final BiConsumer<String, RecordRefusedException> unrecorded;
  private ReplicationDocument found;
  private @Nullable Merge lastMerge;

  /** A merge, which is dear over the limit, and asked for again where nothing has changed. */
  private record Merge(ReplicationDocument of, List<Share> shares, MergedDocument merged) {}

  /**
   * What a write came to.
   *
   * @param sent whether ECR was sent a configuration, and has taken it
   * @param merged what stands now; null where it could not be made to stand
   * @param obstacle why not, for all members; null where it stands
   */
  record Written(boolean sent, @Nullable MergedDocument merged, @Nullable Finding obstacle) {}

  /**
   * Reads the configuration.
   *
   * @param members all that have a share in it, by id; who turns out to be gone is noted there
   * @param standings what each of them says there, by id; kept right
   * @param unrecorded is told of members that get nothing new since nothing can be recorded of them
   * @throws CallFailedException where the registry refuses or does not answer
   * @throws MalformedDocumentException where it could not be written back as it is
   */
  DocumentInForce(
      RegistryConfiguration configuration,
      StandingRecords records,
      Limits limits,
      Map<String, Member> members,
      Map<String, Standing> standings,
      BiConsumer<String, RecordRefusedException> unrecorded) {
    this.configuration = configuration;
    this.records = records;
    this.limits = limits;
    this.members = members;
    this.standings = standings;
    this.unrecorded = unrecorded;
    this.found = configuration.read();
  }

  /**
   * What the document that stands becomes where those who are admitted get what they want.
   *
   * @param admitted their ids; all others say what they say
   */
  MergedDocument merge(Set<String> admitted) {
    List<Share> shares = new ArrayList<>();
    for (Member each : members.values()) {
      Member member = each.standing(standing(each.id()));
      shares.add(admitted.contains(member.id()) ? member.share() : member.unchanged());
    }
    Merge last = lastMerge;
    if (last == null || !last.of().equals(found) || !last.shares().equals(shares)) {
      boolean earlier = !configuration.isByOurLimits();
      last = new Merge(found, shares, RegistryMerge.of(found, shares, limits, earlier));
      lastMerge = last;
    }
    return last.merged();
  }

  /** Finds out what writes that were under way have come to. */
  void resolveDoubts() {
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
   * @return as of {@link #write}
   */
  Written writeAgain(Set<String> admitted) {
    found = configuration.read(); // Nothing is lost that somebody has written since.
    boolean again = !found.rules().isEmpty() && !merge(admitted).changed();
    if (again) {
      configuration.put(found);
    }
    return write(admitted, again);
  }

  /**
   * Has the configuration say what those who are admitted want, and the others as they stand.
   *
   * @param admitted their ids; those of whom it turns out that nothing can be recorded are removed
   * @throws CallFailedException where the registry refuses or does not answer; what the members say
   *     is in doubt then, until {@link #resolveDoubts}
   * @throws RecordRefusedException where it cannot be recorded of one who is to stay as it stands
   * @throws MalformedDocumentException where somebody has made it one that could not be written
   *     back
   */
  Written write(Set<String> admitted) {
    return write(admitted, false);
  }

  private Written write(Set<String> admitted, boolean sentBefore) {
    MergedDocument merged = merge(admitted);
    boolean sent = sentBefore;
    for (int puts = 0; merged.changed(); merged = merge(admitted)) {
      if (puts == PUTS) {
        return new Written(sent, null, PassFindings.OVERTAKEN);
      }
      if (configuration.altered() != null) {
        return new Written(sent, null, PassFindings.altered(configuration.altered()));
      }
      if (recordAll(merged, admitted)) {
        configuration.put(merged.document());
        found = configuration.readBack(merged.document());
        puts++;
        sent = true;
      }
    }
    if (!recordAll(merged, admitted)) {
      return write(admitted, sent);
    }
    settle(merged);
    return new Written(sent, merged, null);
  }

  /**
   * Records what is to be known after a crash before the merged document is made to stand.
   *
   * @param admitted who gets what he wants; those of whom it cannot be recorded are removed
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
        unrecorded.accept(id, e);
        all = false;
      }
    }
    return all;
  }

  private boolean isOnRecord(Recording recording) {
    String id = recording.member().id();
    return records.recorded(id).orElse(standing(id)).equals(recording.standing());
  }

  private void settle(MergedDocument merged) {
    members.keySet().forEach(id -> standings.put(id, merged.ruling(id).settled()));
    configuration.noteByOurLimits();
  }

  /** Whether rules stand that say all of it, whosever they are. */
  boolean isFound(List<Contribution> contributions) {
    return Contribution.atoms(contributions).stream()
        .allMatch(
            atom ->
                found.rules().stream()
                    .map(ReplicationDocument.Rule::meaning)
                    .anyMatch(meaning -> meaning != null && meaning.covers(atom)));
  }

  /** What a member says, as far as is known. */
  Standing standing(String id) {
    return Objects.requireNonNull(standings.get(id));
  }
}
