package dev.ecroperator.replication;

import static java.util.Collections.disjoint;

import dev.ecroperator.replication.merge.Atom;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.MergedDocument;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.merge.Ruling;
import dev.ecroperator.replication.merge.Standing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be recorded of a member, so that whoever goes on after a crash knows which rules are
 * ours.
 */
record Recording(Member member, Standing standing) {

  /**
   * All that has to be recorded before a merged document is made to stand, in this order.
   *
   * @param found the document that stands
   */
  static List<Recording> before(
      MergedDocument merged, ReplicationDocument found, Collection<Member> members) {
    return merged.changed()
        ? beforeWrite(merged, found, members)
        : beforeHandover(merged, found, members);
  }

  /**
   * Of all members, since of one that does not change an earlier write may be recorded that only
   * the document of then tells about.
   */
  private static List<Recording> beforeWrite(
      MergedDocument merged, ReplicationDocument found, Collection<Member> members) {
    String now = found.fingerprint();
    String written = merged.document().fingerprint();
    return members.stream()
        .map(member -> new Recording(member, merged.ruling(member.id()).underWay(now, written)))
        .toList();
  }

  /**
   * Where the rules stay as they are and only change hands, nothing parts before from after:
   * whoever takes over says so before anybody lets go, and who lets go to a rule that an object
   * leaves behind says so before that object is gone. Who has done so in an earlier pass is asked
   * for all the same: of a pass that wrote nothing, the status may not tell yet.
   */
  private static List<Recording> beforeHandover(
      MergedDocument merged, ReplicationDocument found, Collection<Member> members) {
    Set<Atom> letGo = new HashSet<>();
    for (Ruling each : merged.rulings().values()) {
      letGo.addAll(beyond(each.said(), each.contribution()));
    }
    String now = found.fingerprint();
    List<Recording> recordings = new ArrayList<>();
    for (Member member : members) {
      Ruling ruling = merged.ruling(member.id());
      if (!disjoint(Contribution.atoms(ruling.contribution()), letGo)) {
        recordings.add(new Recording(member, ruling.underWay(now, now)));
      }
    }
    if (members.stream().anyMatch(member -> leavesRules(member, merged))) {
      for (Member member : members) {
        Ruling ruling = merged.ruling(member.id());
        if (!member.leaving()) {
          recordings.add(new Recording(member, ruling.settled()));
        }
      }
    }
    return recordings;
  }

  private static boolean leavesRules(Member member, MergedDocument merged) {
    return member.leaving()
        && member.share().retain()
        && !merged.ruling(member.id()).said().isEmpty();
  }

  private static Set<Atom> beyond(List<Contribution> one, List<Contribution> other) {
    Set<Atom> atoms = Contribution.atoms(one);
    atoms.removeAll(Contribution.atoms(other));
    return atoms;
  }
}
