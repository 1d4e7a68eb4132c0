package dev.ecroperator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator last saw and did of one replication. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageReplicationStatus(
    @JsonPropertyDescription(
            "The metadata.generation that the operator looked at last, whether it succeeded or not."
                + " -1 until it has. Example: 3")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "How it stands. Ready: the rules stand in ECR. Synced: all destinations have the"
                + " images. Reconciling, Stalled and Suspended only while they are True. Example:"
                + " [{type: Ready, status: \"True\", reason: InSync}]")
        @KeyedBy("type")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("The AWS account of the source registry. Example: \"111122223333\"")
        @Nullable String registryId,
    @JsonPropertyDescription("The AWS region of the source registry. Example: eu-west-1")
        @Nullable String region,
    @JsonPropertyDescription(
            "What this object says in the registry's configuration; recorded before it is written."
                + " Example: [{filters: [payments/], destinations: [{region: eu-central-1}],"
                + " replicateDeletes: false}]")
        @Nullable List<ContributionStatus> contribution,
    @JsonPropertyDescription(
            "What the configuration may still say of this object instead, while it is being"
                + " written; absent otherwise. Example: []")
        @Nullable List<ContributionStatus> superseded,
    @JsonPropertyDescription(
            "Tells whether that write was done, by fingerprints of the configuration; absent"
                + " otherwise. Example: {found: 1f0c9c3b7d2e4a56, written: 8a6d1b2c3e4f5061}")
        @Nullable WriteStatus write,
    @JsonPropertyDescription(
            "How many repositories ECR replicates by these rules today, the over-matched included."
                + " Example: 12")
        @Nullable Integer matchedRepositories,
    @JsonPropertyDescription(
            "Repositories that a name catches besides the one it names, since ECR takes it as a"
                + " prefix; at most 100. Example: [base/jre-debug]")
        @Nullable List<String> overMatched,
    @JsonPropertyDescription("The destinations that are Synced, of all. Example: 1/2")
        @Nullable String synced,
    @JsonPropertyDescription(
            "Each destination, as a sample of the newest images tells. Example: [{region:"
                + " us-east-1, state: Synced}]")
        @Nullable List<DestinationStatus> destinations,
    @JsonPropertyDescription(
            "The value of the annotation ecroperator.dev/requestedAt that was handled last."
                + " Example: \"2026-11-01T12:00:00+00:00\"")
        @Nullable String lastHandledReconcileAt)
    implements Conditioned {

  /** The status of an object that nothing is known of yet. */
  public static final ImageReplicationStatus BLANK =
      new ImageReplicationStatus(
          null, null, null, null, null, null, null, null, null, null, null, null);

  /** The same knowledge of the replication, with another word on how the object stands. */
  public ImageReplicationStatus standing(
      @Nullable Long newObservedGeneration,
      List<Condition> newConditions,
      @Nullable String newLastHandledReconcileAt) {
    return new ImageReplicationStatus(
        newObservedGeneration,
        newConditions,
        registryId,
        region,
        contribution,
        superseded,
        write,
        matchedRepositories,
        overMatched,
        synced,
        destinations,
        newLastHandledReconcileAt);
  }
}
