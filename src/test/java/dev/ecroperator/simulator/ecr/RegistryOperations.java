package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a private registry has as a whole: replication and tokens. */
final class RegistryOperations {
  private static final Duration TOKEN_LIFE = Duration.ofHours(12);
  private static final String PARAMETER = "replicationConfiguration";

  private final World world;

  RegistryOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> operations() {
    return Map.of(
        "DescribeRegistry", this::describe,
        "PutReplicationConfiguration", this::putReplication,
        "GetAuthorizationToken", this::authorize);
  }

  private ObjectNode describe(Request request) {
    ObjectNode answer = Json.object().put("registryId", request.registry().account());
    answer.set(PARAMETER, request.registry().replication());
    return answer;
  }

  /** Keeps members that the model does not know, as a newer AWS would. */
  private ObjectNode putReplication(Request request) {
    Set<JsonNode> destinations = new HashSet<>();
    for (JsonNode rule : request.get(PARAMETER).path("rules")) {
      if (rule.path("destinations").isEmpty()) {
        throw AwsError.invalid(PARAMETER, "Replication rule must have a destination");
      }
      for (JsonNode destination : rule.path("destinations")) {
        if (destination.path("region").asText().equals(request.registry().region())
            && destination.path("registryId").asText().equals(request.registry().account())) {
          throw AwsError.invalid(
              PARAMETER, "Replication destination cannot be the same as the source registry");
        }
        destinations.add(destination);
      }
    }
    if (destinations.size() > world.replicationDestinations) {
      throw AwsError.invalid(
          PARAMETER,
          "Replication configuration can have at most "
              + world.replicationDestinations
              + " unique destinations");
    }
    if (request.get(PARAMETER) instanceof ObjectNode configuration) {
      request.registry().replicate(configuration);
    }
    ObjectNode answer = Json.object();
    answer.set(PARAMETER, request.registry().replication());
    return answer;
  }

  private ObjectNode authorize(Request request) {
    ObjectNode answer = Json.object();
    ArrayNode data = answer.putArray("authorizationData");
    List<String> registryIds = request.texts("registryIds");
    for (String account :
        registryIds.isEmpty() ? List.of(request.registry().account()) : registryIds) {
      Registry registry = world.registry("ecr", account, request.registry().region());
      data.add(token(registry, request.at()).put("proxyEndpoint", "https://" + registry.host()));
    }
    return answer;
  }

  static ObjectNode token(Registry registry, Instant at) {
    byte[] token =
        ("AWS:simulated-" + registry.account() + "-" + at.toEpochMilli())
            .getBytes(StandardCharsets.UTF_8);
    ObjectNode answer =
        Json.object().put("authorizationToken", Base64.getEncoder().encodeToString(token));
    answer.set("expiresAt", Json.epochSeconds(at.plus(TOKEN_LIFE)));
    return answer;
  }
}
