package dev.ecroperator.repository;

import static java.util.Objects.requireNonNull;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What came of creating first and looking afterwards: in the usual case nothing is there, and a
 * look is waste.
 *
 * @param repository the repository, new or found; null where neither came about
 * @param isNew whether it was created
 * @param findings what was in the way
 * @param refused the creations that ECR refused as invalid, and that are not worth another try
 * @param inDoubt what a creation that may have taken effect asked for; null where none did
 */
record RepositoryCreation(
    @Nullable ObservedRepository repository,
    boolean isNew,
    List<Finding> findings,
    Map<Refusable, Failure> refused,
    @Nullable RepositorySettings inDoubt) {
  /** How long ECR may not show what was created, or what a call without an answer is creating. */
  static final Duration SETTLING = Duration.ofSeconds(30);

  /**
   * Creates the repository, or finds the one that is there. What ECR refuses with the declared tags
   * is tried with the owner tag alone: a tag that is wrong then fails for itself.
   */
  static RepositoryCreation run(RepositoryConvergence.Start start, RepositoryRegistry registry) {
    RepositorySettings declared = start.desired().settings();
    Tags ours = Tags.of(Map.of(Owner.TAG, start.owner().tagValue()));
    Map<Refusable, Failure> refused = new HashMap<>();
    Failure refusal = null;
    for (Tags tags : new LinkedHashSet<>(List.of(declared.tags().with(ours.values()), ours))) {
      RepositorySettings settings = declared.withTags(tags);
      refusal = start.refused().get(settings);
      if (refusal == null) {
        try {
          ObservedRepository created = registry.create(start.target(), settings);
          return new RepositoryCreation(created, true, List.of(), refused, null);
        } catch (CallFailedException e) {
          switch (e.kind()) {
            case EXISTS -> {
              return found(start, registry);
            }
            case DENIED, KMS, QUOTA -> {
              RepositoryCreation found = foundInSpiteOf(e.failure(), start, registry);
              return found.repository() != null ? found : found.beside(refused);
            }
            case INVALID -> refusal = e.failure();
            default -> {
              return new RepositoryCreation(
                  null,
                  false,
                  List.of(e.failure().finding()),
                  refused,
                  e.kind() == Failure.Kind.AMBIGUOUS ? settings : null);
            }
          }
        }
      }
      refused.put(settings, refusal);
    }
    return new RepositoryCreation(
        null, false, List.of(requireNonNull(refusal).at("spec")), refused, null);
  }

  /** The fields that a creation in doubt may have set. */
  SortedSet<String> fieldsInDoubt() {
    SortedSet<String> fields = inDoubt == null ? new TreeSet<>() : Managed.fieldsOf(inDoubt);
    fields.remove(Managed.tag(Owner.TAG));
    return fields;
  }

  private static RepositoryCreation found(
      RepositoryConvergence.Start start, RepositoryRegistry registry) {
    return shown(start, registry)
        .orElseGet(
            () ->
                nothing(
                    new Finding(
                        Reason.PROGRESSING,
                        "ECR says that the repository exists, and does not show it yet: looking"
                            + " again"
                            + (start.target().visibility() == Visibility.PUBLIC
                                ? " (where that lasts, the operator's credentials are of another"
                                    + " account than "
                                    + start.target().accountId()
                                    + ")"
                                : ""))));
  }

  /**
   * IAM, KMS and quotas may answer before it is looked whether the repository exists: who may not
   * create it may still adopt it, or have it already.
   */
  private static RepositoryCreation foundInSpiteOf(
      Failure refusal, RepositoryConvergence.Start start, RepositoryRegistry registry) {
    try {
      return shown(start, registry).orElseGet(() -> nothing(refusal.finding()));
    } catch (CallFailedException e) {
      return nothing(refusal.finding(), e.failure().finding());
    }
  }

  /** The same, with what ECR refused for good in the first place. */
  private RepositoryCreation beside(Map<Refusable, Failure> refusals) {
    List<Finding> all = new ArrayList<>(findings);
    refusals.values().forEach(refusal -> all.add(refusal.at("spec")));
    return new RepositoryCreation(repository, isNew, all, refusals, inDoubt);
  }

  /** What ECR shows; empty for nothing. */
  private static Optional<RepositoryCreation> shown(
      RepositoryConvergence.Start start, RepositoryRegistry registry) {
    return registry
        .find(start.target(), Duration.ZERO)
        .map(found -> new RepositoryCreation(found, false, List.of(), Map.of(), null));
  }

  /**
   * Fails where the repository may be so new that ECR does not show all of it: what has no tags is
   * not taken for somebody else's then, nor for one to adopt, and what is not shown not for gone.
   *
   * @param found what was found or created; null for nothing
   * @param findings what was in the way
   */
  static void requireShown(
      RepositoryConvergence.Start start,
      @Nullable ObservedRepository found,
      List<Finding> findings) {
    boolean isShown =
        found != null
            ? found.ownerTag() != null
            : !start.exists() || findings.stream().anyMatch(f -> f.reason().transientCause());
    if (start.mayBeNew() && !isShown) {
      throw new CallFailedException(
          new Failure(
              Failure.Kind.ABSENT,
              start.target().visibility().action("ListTagsForResource"),
              "the repository may just have been created for this object, and ECR does not show its"
                  + " tags yet: looking again before it counts as somebody else's"));
    }
  }

  private static RepositoryCreation nothing(Finding... findings) {
    return new RepositoryCreation(null, false, List.of(findings), Map.of(), null);
  }
}
