package dev.ecroperator.replication;

import dev.ecroperator.api.DestinationSpec;
import dev.ecroperator.api.ImageReplicationSpec;
import dev.ecroperator.api.ReplicatedRepositoriesSpec;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.progress.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A manifest, understood: what it says in the registry's configuration.
 *
 * @param contributions what is declared; without what could not be read, or is not known yet
 * @param selection which repositories it is about
 * @param destinations where to
 * @param findings what is wrong with the manifest, or is waited for; the rest is done all the same
 * @param retain whether the rules stay when the object is deleted
 * @param suspended whether nothing is changed at all
 */
record DesiredReplication(
    List<Contribution> contributions,
    Selection selection,
    SortedSet<Registry> destinations,
    List<Finding> findings,
    boolean retain,
    boolean suspended) {
  private static final String REMOVE = "RemoveRules";
  private static final List<String> DELETION_POLICIES = List.of(REMOVE, "Retain");

  /**
   * Reads a manifest; what is wrong with it becomes a finding, never an exception.
   *
   * @param references tells what a {@code repositoryRef} is about
   */
  static DesiredReplication of(
      ImageReplicationSpec spec, Registry source, Function<String, Reference> references) {
    List<Finding> findings = new ArrayList<>();
    if (!DELETION_POLICIES.contains(Objects.requireNonNullElse(spec.deletionPolicy(), REMOVE))) {
      findings.add(
          new Finding(
              Reason.INVALID_SPEC,
              "spec.deletionPolicy: '%s' is none of %s"
                  .formatted(spec.deletionPolicy(), String.join(", ", DELETION_POLICIES))));
    }
    SortedSet<Registry> destinations = destinations(spec, source, findings);
    SortedSet<String> prefixes = new TreeSet<>();
    SortedSet<String> names = new TreeSet<>();
    boolean all = Boolean.TRUE.equals(spec.all());
    if (all) {
      prefixes.add("");
    } else if (spec.repositories() != null) {
      for (ReplicatedRepositoriesSpec entry : spec.repositories()) {
        if (entry.prefix() != null) {
          prefixes.add(entry.prefix());
        } else if (entry.name() != null) {
          names.add(entry.name());
        } else if (entry.repositoryRef() != null && entry.repositoryRef().name() != null) {
          switch (references.apply(entry.repositoryRef().name())) {
            case Reference.Known(String name) -> names.add(name);
            case Reference.Unknown(Finding finding) -> findings.add(finding);
          }
        }
      }
    }
    SortedSet<String> filters = new TreeSet<>(prefixes);
    filters.addAll(names);
    // In ECR no filter means every repository: where none is known yet, nothing is said at all.
    boolean saysNothing = filters.isEmpty() || destinations.isEmpty();
    return new DesiredReplication(
        saysNothing
            ? List.of()
            : List.of(
                new Contribution(
                    all ? new TreeSet<>() : filters,
                    destinations,
                    Boolean.TRUE.equals(spec.replicateDeletes()))),
        new Selection(prefixes, names),
        destinations,
        List.copyOf(findings),
        retains(spec),
        Boolean.TRUE.equals(spec.suspend()));
  }

  /** Whether the rules stay when the object is deleted: so they do by a word that is not known. */
  static boolean retains(ImageReplicationSpec spec) {
    return spec.deletionPolicy() != null && !spec.deletionPolicy().equals(REMOVE);
  }

  /** The same, but what stands is not to be touched. */
  DesiredReplication heldStill() {
    return new DesiredReplication(contributions, selection, destinations, findings, retain, true);
  }

  private static SortedSet<Registry> destinations(
      ImageReplicationSpec spec, Registry source, List<Finding> findings) {
    SortedSet<Registry> destinations = new TreeSet<>();
    List<DestinationSpec> declared = spec.destinations() == null ? List.of() : spec.destinations();
    for (int i = 0; i < declared.size(); i++) {
      String region = declared.get(i).region();
      if (region == null) {
        continue;
      }
      String account = declared.get(i).accountId();
      var destination = new Registry(account != null ? account : source.accountId(), region);
      if (destination.equals(source)) {
        findings.add(
            new Finding(
                Reason.INVALID_SPEC,
                "spec.destinations[%d]: %s is the source itself, and a registry does not replicate to itself: remove it"
                    .formatted(i, destination)));
      } else if (!destinations.add(destination)) {
        findings.add(
            new Finding(
                Reason.INVALID_SPEC,
                "spec.destinations[%d]: %s stands there twice, since a destination without accountId is in the source's account: remove one"
                    .formatted(i, destination)));
      }
    }
    return destinations;
  }
}
