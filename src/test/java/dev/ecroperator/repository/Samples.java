package dev.ecroperator.repository;

import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositorySpec;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What the tests of this room have in common. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  static final Owner OWNER = new Owner("blue", "payments", "api");
  static final OwnAccount OWN = new OwnAccount("111122223333", "eu-west-1", "aws");
  static final RepositoryTarget TARGET =
      new RepositoryTarget(Visibility.PRIVATE, "111122223333", "eu-west-1", "payments/api");
  static final RepositoryTarget PUBLIC_TARGET =
      new RepositoryTarget(Visibility.PUBLIC, "111122223333", "us-east-1", "payments/sdk");

  static final LifecyclePolicy EXPIRE_UNTAGGED = lifecycle(7);
  static final LifecyclePolicy EXPIRE_LATER = lifecycle(30);
  static final String FOREIGN_STATEMENT =
      quoted(
          "{'Sid':'LambdaECRImageRetrievalPolicy','Effect':'Allow',"
              + "'Principal':{'Service':'lambda.amazonaws.com'},'Action':'ecr:BatchGetImage'}");
  static final PolicyDocument FOREIGN =
      PolicyDocument.parse(
          "{\"Version\":\"2012-10-17\",\"Statement\":[" + FOREIGN_STATEMENT + "]}");

  /** A document that nobody but a manifest of ours has. */
  static final PolicyDocument WHOLE =
      PolicyDocument.parse(FOREIGN.json().replace("LambdaECRImageRetrievalPolicy", "Whole"));

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private Samples() {}

  /** JSON that is written with single quotes. */
  static String quoted(String json) {
    return json.replace('\'', '"');
  }

  static LifecyclePolicy lifecycle(int days) {
    return LifecyclePolicy.parse(
        quoted(
            "{'rules':[{'rulePriority':10,'selection':{'tagStatus':'untagged','countType':"
                + "'sinceImagePushed','countUnit':'days','countNumber':"
                + days
                + "},'action':{'type':'expire'}}]}"));
  }

  /** The spec that a manifest says in YAML. */
  static RepositoryStatus status(String yaml) {
    return YAML.unmarshal("---\n" + yaml, RepositoryStatus.class);
  }

  /** An object that declares nothing, with these annotations, and these members of a status. */
  static RepositoryObject object(Map<String, String> annotations, String status) {
    var resource = new Repository();
    resource.getMetadata().setUid("u");
    resource.getMetadata().setName("payments-api");
    resource.getMetadata().setAnnotations(annotations);
    resource.setSpec(spec("{}"));
    resource.setStatus(status("{" + status + "}"));
    return new RepositoryObject(resource);
  }

  static RepositorySpec spec(String yaml) {
    return YAML.unmarshal("---\n" + yaml, RepositorySpec.class);
  }

  static DesiredRepository desired(String yaml) {
    return DesiredRepository.of(spec(yaml), Visibility.PRIVATE, "aws");
  }

  static DesiredRepository desiredPublic(String yaml) {
    return DesiredRepository.of(spec(yaml), Visibility.PUBLIC, "aws");
  }

  static Tags owned() {
    return Tags.of(Map.of(Owner.TAG, OWNER.tagValue()));
  }

  /** What a pass came to that ECR refused nothing for good, and that has nothing more to tell. */
  static RepositoryOutcome outcome(
      RepositoryOutcome.Hold hold,
      @Nullable ObservedRepository observed,
      SortedSet<String> managed,
      List<Finding> findings,
      boolean created,
      List<RepositoryChange> applied,
      Set<String> failed) {
    return new RepositoryOutcome(
        hold, observed, managed, findings, created, applied, failed, Set.of(), Set.of(), Map.of(),
        List.of());
  }

  /** A private repository as ECR creates it when asked for nothing. */
  static ObservedRepository observed(Tags tags) {
    return observed(
        new RepositorySettings(
            TagMutability.DEFAULT,
            Encryption.DEFAULT,
            false,
            LifecyclePolicy.none(),
            AccessPolicy.NONE,
            null,
            tags));
  }

  static ObservedRepository observed(RepositorySettings settings) {
    return new ObservedRepository(
        "arn:aws:ecr:eu-west-1:111122223333:repository/payments/api",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/payments/api",
        NOW,
        settings,
        ObservedRepository.scanFrequency(Boolean.TRUE.equals(settings.scanOnPush())),
        Map.of());
  }

  static ObservedRepository observedPublic(Catalog catalog, Tags tags) {
    return new ObservedRepository(
        "arn:aws:ecr-public::111122223333:repository/payments/sdk",
        "public.ecr.aws/abc/payments/sdk",
        NOW,
        new RepositorySettings(null, null, null, null, AccessPolicy.NONE, catalog, tags),
        null,
        Map.of());
  }

  static Failure failure(Failure.Kind kind) {
    return new Failure(kind, "ecr:Something", "refused as " + kind);
  }
}
