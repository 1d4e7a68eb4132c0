package dev.ecroperator.replication;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@code repositoryRef} is about. */
sealed interface Reference {

  /** A repository in ECR, by its name there. */
  record Known(String name) implements Reference {}

  /** Nothing that could be replicated, or not yet. */
  record Unknown(Finding finding) implements Reference {}

  /**
   * Follows a reference.
   *
   * @param name the Repository object's name
   * @param repository that object; null where there is none
   * @param source the registry that replicates
   * @param standing the filters that stand already: a repository that is in stays in while it is
   *     not Ready for a moment
   */
  static Reference to(
      String name, @Nullable Repository repository, Registry source, Set<String> standing) {
    String field = "spec.repositories: repositoryRef " + name + ": ";
    if (repository == null) {
      return unknown(
          Reason.PROGRESSING,
          field + "this namespace has no such Repository (yet); it goes in when it is Ready");
    }
    if (repository.getSpec() != null && "Public".equals(repository.getSpec().visibility())) {
      return unknown(
          Reason.INVALID_SPEC,
          field
              + "the Repository is public, and ECR replicates private ones only: remove the entry");
    }
    RepositoryStatus status = repository.getStatus();
    if (status == null || status.name() == null || status.arn() == null) {
      return unknown(
          Reason.PROGRESSING,
          field + "the Repository is not in ECR yet; it goes in when it is Ready");
    }
    var registry = new Registry("" + status.registryId(), "" + status.region());
    if (!registry.equals(source)) {
      return unknown(
          Reason.INVALID_SPEC,
          field
              + "the Repository is in "
              + registry
              + ", not in the source "
              + source
              + ": remove the entry, or declare the replication of that registry");
    }
    boolean ready = Conditions.reason(status.conditions()).filter(Reason::ready).isPresent();
    return ready || standing.contains(status.name())
        ? new Known(status.name())
        : unknown(Reason.PROGRESSING, field + "the Repository is not Ready; it goes in when it is");
  }

  private static Reference unknown(Reason reason, String message) {
    return new Unknown(new Finding(reason, message));
  }
}
