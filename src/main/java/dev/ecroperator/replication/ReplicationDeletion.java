package dev.ecroperator.replication;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Deletion;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Occurrence;
import dev.ecroperator.convergence.Resolution;
import dev.ecroperator.replication.merge.Registry;
import java.util.List;
import java.util.function.BiFunction;

/** What becomes of the rules of an object that is being deleted. */
final class ReplicationDeletion {

  private ReplicationDeletion() {}

  /**
   * Deals with the rules of an object that is being deleted.
   *
   * @param leave has the registry's configuration be without the object's share, or have it as
   *     somebody else's, and tells what is in the way of that
   */
  static Deletion of(
      ReplicationObject object,
      ReplicationRegistries registries,
      BiFunction<ReplicationObject, Registry, List<Finding>> leave) {
    String source = object.pin() != null ? object.pin() : "the registry";
    if (object.recorded().saysNothing()) {
      return new Deletion.Done(
          Occurrence.normal("Deleted", "the object says nothing in " + source));
    }
    boolean suspended = Boolean.TRUE.equals(object.spec().suspend());
    boolean retain = DesiredReplication.retains(object.spec());
    List<Finding> findings;
    try {
      findings =
          switch (object.source(registries.ownAccount())) {
            case Resolution.Resolved<Registry>(Registry registry) -> leave.apply(object, registry);
            case Resolution.Refused<Registry>(Finding finding) -> List.of(finding);
          };
    } catch (CallFailedException e) {
      findings = List.of(e.failure().finding());
    }
    if (!retain && !suspended) {
      return findings.isEmpty()
          ? new Deletion.Done(Occurrence.normal("Deleted", "removed its rules from " + source))
          : new Deletion.Waiting(findings.getFirst(), true);
    }
    // What stays needs no AWS: a rule that is merged with others' is parted by the next pass.
    return new Deletion.Done(
        !retain
            ? Occurrence.warning(
                "Retained",
                "left its rules in "
                    + source
                    + " in spite of deletionPolicy RemoveRules: the object is suspended")
            : Occurrence.normal("Retained", "left its rules in " + source));
  }
}
