package dev.ecroperator.replication;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.replication.merge.ReplicationDocument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a pass over a registry has to tell of its members, and the words for it. */
final class PassFindings {
  static final Finding OVERTAKEN =
      new Finding(
          Reason.PROGRESSING,
          "somebody else writes the registry's replication configuration at the same time: trying"
              + " again");

  private final Map<String, List<Finding>> findings = new TreeMap<>();

  /** Notes something of one member, once. */
  void add(String id, Finding finding) {
    List<Finding> known = findings.computeIfAbsent(id, any -> new ArrayList<>());
    if (!known.contains(finding)) {
      known.add(finding);
    }
  }

  /** Notes something of several members. */
  void addAll(Collection<String> ids, Finding finding) {
    ids.forEach(id -> add(id, finding));
  }

  /** What was noted of a member, in that order; none where all is well. */
  List<Finding> of(String id) {
    return List.copyOf(findings.getOrDefault(id, List.of()));
  }

  static Finding unrecorded(RecordRefusedException e) {
    return new Finding(Reason.UNAVAILABLE, "" + e.getMessage());
  }

  static Finding noLongerAccepted(Failure failure) {
    return new Finding(
        Reason.FOREIGN_RULE_UNREADABLE,
        "ECR accepted the registry's replication configuration before and refuses it now, with"
            + " nothing new in it, so nothing is written ("
            + failure.action()
            + ": "
            + failure.message()
            + "): mend the ImageReplication that has the rule in question, or remove the rule where"
            + " it is of others (see 'aws ecr describe-registry'); what waits for that is tried"
            + " again by itself",
        failure.trace());
  }

  static Finding altered(ReplicationDocument.Rule rule) {
    return new Finding(
        Reason.FOREIGN_RULE_UNREADABLE,
        (rule.meaning() == null
                ? "ECR has added to a rule what this operator does not know, so it would be written"
                    + " again and again: nothing is written until the operator is updated, or the"
                    + " rule is removed: "
                : "ECR has kept a rule without the replicated deletions that it was written with,"
                    + " so it would be written again and again: nothing is written until"
                    + " spec.replicateDeletes is false, and the rule is removed: ")
            + rule.text());
  }

  static Finding cannotBeKept(MalformedDocumentException e) {
    return new Finding(
        Reason.FOREIGN_RULE_UNREADABLE,
        "the registry's replication configuration could not be written back as it is ("
            + e.getMessage()
            + "), so nothing is written: see what 'aws ecr describe-registry' shows, and mend it");
  }
}
