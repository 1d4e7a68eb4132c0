package dev.ecroperator.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ecroperator.api.ImageReplication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One ImageReplication object: its user's hands and eyes. */
final class ReplicationManifest extends ClusterObject<ReplicationManifest> {
  private final @Nullable String region;

  /**
   * An object.
   *
   * @param region the source's, which every spec declares; null for the operator's own
   */
  ReplicationManifest(KubernetesCluster cluster, String name, @Nullable String region) {
    super(cluster, ImageReplication.class, name);
    this.region = region;
  }

  @Override
  ReplicationManifest self() {
    return this;
  }

  @Override
  JsonNode spec(String text) {
    return super.spec(region == null ? text : "source: {region: " + region + "}\n" + text);
  }

  /** What {@code status.contribution} says, the destinations by their regions. */
  List<String> contribution() {
    return contributions("contribution");
  }

  /** What {@code status.superseded} says, if there is one. */
  List<String> superseded() {
    return contributions("superseded");
  }

  private List<String> contributions(String member) {
    return status()
        .path(member)
        .valueStream()
        .map(
            said ->
                texts(said.path("filters"))
                    + " to "
                    + said.path("destinations")
                        .valueStream()
                        .map(d -> d.path("region").asText())
                        .toList()
                    + (said.path("replicateDeletes").asBoolean() ? " with deletes" : ""))
        .toList();
  }

  /** What {@code status.overMatched} lists. */
  List<String> overMatched() {
    return texts(status().path("overMatched"));
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  /** The state of its destination in the region; missing where the status has none. */
  JsonNode destination(String toRegion) {
    return status()
        .path("destinations")
        .valueStream()
        .filter(d -> d.path("region").asText().equals(toRegion))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  /** Waits until the destination in the region is of the state, and returns it. */
  JsonNode awaitDestination(String toRegion, String state) {
    return Patience.await(
        name() + "'s destination " + toRegion + " to be " + state,
        () -> destination(toRegion),
        d -> d.path("state").asText().equals(state));
  }

  /** The message of the condition Synced. */
  String syncedMessage() {
    return condition(stored(), "Synced").path("message").asText();
  }

  /** Waits until the condition Suspended is about the spec as it is now. */
  void awaitSuspended() {
    Patience.await(
        name() + " to be suspended",
        this::stored,
        o ->
            condition(o, "Suspended")
                .path("observedGeneration")
                .equals(o.at("/metadata/generation")));
  }
}
