package dev.ecroperator.replication;

import dev.ecroperator.api.Annotations;
import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.replication.merge.Registry;
import java.util.Map;
import java.util.Optional;
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
   *     not Ready for a moment, or its status has been lost
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
    Place place = Place.told(status).orElse(null);
    // Without a word of how it stands, its status was lost.
    if (place == null && (status == null || !Conditions.isTold(status.conditions()))) {
      place = Place.pinned(repository).filter(pin -> standing.contains(pin.name())).orElse(null);
    }
    if (place == null) {
      return unknown(
          Reason.PROGRESSING,
          field + "the Repository is not in ECR yet; it goes in when it is Ready");
    }
    if (!place.registry().equals(source)) {
      return unknown(
          Reason.INVALID_SPEC,
          field
              + "the Repository is in "
              + place.registry()
              + ", not in the source "
              + source
              + ": remove the entry, or declare the replication of that registry");
    }
    return standing.contains(place.name()) || isReady(status)
        ? new Known(place.name())
        : unknown(Reason.PROGRESSING, field + "the Repository is not Ready; it goes in when it is");
  }

  private static boolean isReady(@Nullable RepositoryStatus status) {
    return status != null
        && Conditions.reason(status.conditions()).filter(Reason::ready).isPresent();
  }

  /** Where a Repository is in ECR. */
  record Place(Registry registry, String name) {

    /** By its status; empty where that does not tell. */
    static Optional<Place> told(@Nullable RepositoryStatus status) {
      if (status == null || status.name() == null || status.arn() == null) {
        return Optional.empty();
      }
      String accountId = status.registryId();
      String region = status.region();
      return accountId == null || region == null
          ? Optional.empty()
          : Optional.of(new Place(new Registry(accountId, region), status.name()));
    }

    /** By what it was pinned to before it was in ECR: what is left where a status was lost. */
    static Optional<Place> pinned(Repository repository) {
      Map<String, String> annotations = repository.getMetadata().getAnnotations();
      String pin = annotations == null ? null : annotations.get(Annotations.TARGET);
      String[] parts = pin == null ? new String[0] : pin.split("/", 3);
      return parts.length == 3
          ? Optional.of(new Place(new Registry(parts[0], parts[1]), parts[2]))
          : Optional.empty();
    }
  }

  private static Reference unknown(Reason reason, String message) {
    return new Unknown(new Finding(reason, message));
  }
}
