package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator last saw and did. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RepositoryStatus(
    @JsonPropertyDescription(
            "The metadata.generation that the operator looked at last, whether it succeeded or not."
                + " -1 until it has. Example: 3")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "How it stands. Ready is always there; Reconciling, Stalled and Suspended only while"
                + " they are True. Example: [{type: Ready, status: \"True\", reason: InSync}]")
        @KeyedBy("type")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("The repository's name in ECR. Example: payments/api")
        @Nullable String name,
    @JsonPropertyDescription("Private or Public. Example: Private") @Nullable String visibility,
    @JsonPropertyDescription(
            "The repository's ARN. Example:"
                + " arn:aws:ecr:eu-west-1:111122223333:repository/payments/api")
        @Nullable String arn,
    @JsonPropertyDescription(
            "What docker pull and push take, without a tag. Example:"
                + " 111122223333.dkr.ecr.eu-west-1.amazonaws.com/payments/api")
        @Nullable String uri,
    @JsonPropertyDescription("The AWS account that holds the repository. Example: \"111122223333\"")
        @Nullable String registryId,
    @JsonPropertyDescription("The AWS region that holds the repository. Example: eu-west-1")
        @Nullable String region,
    @JsonPropertyDescription(
            "Created: by the operator. Adopted: it was there before, or was taken over. Example:"
                + " Created")
        @Nullable String origin,
    @JsonPropertyDescription(
            "When the repository was created in AWS, an ISO 8601 time in UTC. Example:"
                + " \"2026-11-01T12:00:00Z\"")
        @Nullable String createdAt,
    @JsonPropertyDescription(
            "The settings that the operator keeps, and takes back when spec no longer declares"
                + " them. Example: [imageTagMutability, lifecyclePolicy, tags/team]")
        @Nullable List<String> managed,
    @JsonPropertyDescription(
            "What AWS has now, defaults included. Example: {imageTagMutability: {mode: MUTABLE}}")
        @Nullable EffectiveSettings effective,
    @JsonPropertyDescription(
            "The last time that somebody else changed a declared setting in AWS, under management"
                + " Full. Example: {detectedAt: \"2026-11-01T12:00:00Z\", fields:"
                + " [imageTagMutability]}")
        @Nullable DriftStatus drift,
    @JsonPropertyDescription(
            "The value of the annotation ecroperator.dev/requestedAt that was handled last."
                + " Example: \"2026-11-01T12:00:00+00:00\"")
        @Nullable String lastHandledReconcileAt)
    implements Conditioned {

  /** The status of an object that nothing is known of yet. */
  public static final RepositoryStatus BLANK =
      new RepositoryStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  /** The same, with another word on how the repository is the object's, and what of it. */
  public RepositoryStatus holding(@Nullable String newOrigin, @Nullable List<String> newManaged) {
    return with(observedGeneration, conditions, newOrigin, newManaged, lastHandledReconcileAt);
  }

  /** The same knowledge of the repository, with another word on how the object stands. */
  public RepositoryStatus standing(
      @Nullable Long newObservedGeneration,
      List<Condition> newConditions,
      @Nullable String newLastHandledReconcileAt) {
    return with(newObservedGeneration, newConditions, origin, managed, newLastHandledReconcileAt);
  }

  private RepositoryStatus with(
      @Nullable Long newObservedGeneration,
      @Nullable List<Condition> newConditions,
      @Nullable String newOrigin,
      @Nullable List<String> newManaged,
      @Nullable String newLastHandledReconcileAt) {
    return new RepositoryStatus(
        newObservedGeneration,
        newConditions,
        name,
        visibility,
        arn,
        uri,
        registryId,
        region,
        newOrigin,
        createdAt,
        newManaged,
        effective,
        drift,
        newLastHandledReconcileAt);
  }
}
