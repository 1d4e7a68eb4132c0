package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.ecroperator.simulator.ecr.ReplicationRules.Destination;
import dev.ecroperator.simulator.ecr.ReplicationRules.Rule;
import java.util.Map;

/** Replication as it is configured for a private registry, and how far it is with an image. */
final class ReplicationOperations {
  private static final String PARAMETER = "replicationConfiguration";

  private final World world;

  ReplicationOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> operations() {
    return Map.of(
        "DescribeRegistry", this::describe,
        "PutReplicationConfiguration", this::put,
        "DescribeImageReplicationStatus", this::describeStatus);
  }

  private ObjectNode describe(Request request) {
    Registry registry = request.registry();
    return with(
        Json.object().put("registryId", registry.account()),
        request.stale() == null ? registry.replication() : registry.replicationBefore());
  }

  /** Keeps members that the model does not know, as a newer AWS would, and what they stand in. */
  private ObjectNode put(Request request) {
    ReplicationRules rules = ReplicationRules.of(Json.raw(request.body(), PARAMETER));
    rules.rules().forEach(rule -> check(rule, request.registry()));
    atMost(world.replicationRules, rules.rules().size(), "rules");
    atMost(world.replicationDestinations, rules.destinations().size(), "unique destinations");
    ReplicationRules kept = ReplicationRules.of(ReplicationText.asReadBack(rules.text()));
    request.registry().replicate(kept);
    world.replicatingAccounts.add(request.registry().account());
    return with(Json.object(), kept);
  }

  private void check(Rule rule, Registry source) {
    if (rule.destinations().isEmpty()) {
      throw AwsError.invalid(PARAMETER, "Replication rule must have a destination");
    }
    atMost(world.replicationFilters, rule.prefixes().size(), "filters in a rule");
    for (Destination destination : rule.destinations()) {
      if (destination.region().equals(source.region())
          && destination.account().equals(source.account())) {
        throw AwsError.invalid(
            PARAMETER, "Replication destination cannot be the same as the source registry");
      }
      if (!Registry.partition(destination.region()).equals(source.partition())) {
        throw AwsError.invalid(
            PARAMETER, "Replication destination must be in the partition of the source registry");
      }
    }
  }

  private static void atMost(int quota, int given, String what) {
    if (given > quota) {
      throw AwsError.invalid(
          PARAMETER, "Replication configuration can have at most " + quota + " " + what);
    }
  }

  private ObjectNode describeStatus(Request request) {
    RepositoryState state = request.repository();
    JsonNode id = request.get("imageId");
    if (!id.has("imageDigest") && !id.has("imageTag")) {
      throw AwsError.invalid(
          "imageId", "Invalid request parameters: both tag and digest cannot be null");
    }
    Image image = ImageOperations.image(state, id, request.registry().account());
    ObjectNode answer = Json.object().put("repositoryName", state.name());
    answer.set("imageId", id);
    world.replication.write(
        request.registry(), state.name(), image.digest(), answer.putArray("replicationStatuses"));
    return answer;
  }

  private static ObjectNode with(ObjectNode answer, ReplicationRules rules) {
    answer.putRawValue(PARAMETER, new RawValue(rules.text()));
    return answer;
  }
}
