package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a private registry has as a whole: its policy, and tokens. */
final class RegistryOperations {
  private static final Duration TOKEN_LIFE = Duration.ofHours(12);

  private final World world;

  RegistryOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> operations() {
    return Map.of(
        "PutRegistryPolicy", this::putPolicy,
        "GetRegistryPolicy", this::getPolicy,
        "DeleteRegistryPolicy", this::deletePolicy,
        "GetAuthorizationToken", this::authorize);
  }

  private ObjectNode putPolicy(Request request) {
    String text =
        PolicyText.asReadBack(
            "ecr",
            "registry",
            request.text("policyText"),
            world.unknownPrincipals,
            request.registry().partition());
    request.registry().policy(text);
    return policy(request, text);
  }

  private ObjectNode getPolicy(Request request) {
    return policy(request, request.registry().policy());
  }

  private ObjectNode deletePolicy(Request request) {
    return policy(request, request.registry().policy(null));
  }

  private static ObjectNode policy(Request request, @Nullable String text) {
    String account = request.registry().account();
    if (text == null) {
      throw AwsError.absent("RegistryPolicyNotFoundException", "Registry policy", account);
    }
    return Json.object().put("registryId", account).put("policyText", text);
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
