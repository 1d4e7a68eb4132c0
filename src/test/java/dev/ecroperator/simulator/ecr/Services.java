package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The three services behind the door: finds what answers a call, after the checks that all calls
 * share.
 */
final class Services {
  private static final String REPOSITORY_ARN = ":repository/";

  private final World world;
  private final Identities identities;
  private final StsOperations sts;
  private final Map<String, Map<String, Operation>> operations;
  private final Map<String, Constraints> constraints =
      Map.of(
          "ecr",
          new Constraints("ecr"),
          Registry.PUBLIC_SERVICE,
          new Constraints(Registry.PUBLIC_SERVICE));

  Services(World world, Identities identities) {
    this.world = world;
    this.identities = identities;
    this.sts = new StsOperations(identities);
    this.operations =
        Map.of(
            "ecr",
            merged(
                new RepositoryOperations(world, "ecr").operations(),
                new PrivateOperations(world).operations(),
                new RegistryOperations(world).operations(),
                new ReplicationOperations(world).operations(),
                new ImageOperations(world).operations()),
            Registry.PUBLIC_SERVICE,
            merged(
                new RepositoryOperations(world, Registry.PUBLIC_SERVICE).operations(),
                new PublicOperations(world).operations(),
                new ImageOperations(world).operations()));
  }

  /** The repositories that the input names, in whatever member the operation has for that. */
  static List<String> repositoryNames(ObjectNode input) {
    if (input.path("repositoryName").isTextual()) {
      return List.of(input.path("repositoryName").asText());
    }
    String arn = input.path("resourceArn").asText();
    int name = arn.indexOf(REPOSITORY_ARN);
    return name < 0
        ? Json.texts(input.path("repositoryNames"))
        : List.of(arn.substring(name + REPOSITORY_ARN.length()));
  }

  /**
   * A signature for another service, or for a region where there is no such service, is refused.
   */
  void checkScope(Call call, Identities.Caller caller) {
    if (!call.service().isEmpty() && !call.service().equals(caller.service())) {
      throw AwsError.refused(
          "InvalidSignatureException",
          "Credential should be scoped to correct service: '" + call.service() + "'. ");
    }
    if (call.service().equals(Registry.PUBLIC_SERVICE)
        && !call.region().equals(World.PUBLIC_REGION)) {
      throw AwsError.refused(
          "InvalidSignatureException",
          "Credential should be scoped to a valid region, not '" + call.region() + "'. ");
    }
  }

  ObjectNode answer(
      Call call,
      Identities.Caller caller,
      ObjectNode input,
      byte[] body,
      @Nullable Predicate<String> stale) {
    world.replication.settle();
    Registry registry = world.registry(call.service(), call.account(), call.region());
    Request request =
        new Request(
            input,
            new String(body, StandardCharsets.UTF_8),
            registry,
            world.clock.instant(),
            stale);
    if (call.service().equals("sts")) {
      return switch (call.operation()) {
        case "GetCallerIdentity" -> sts.callerIdentity(caller);
        case "AssumeRole" -> sts.assumeRole(request);
        case "AssumeRoleWithWebIdentity" -> sts.assumeRoleWithWebIdentity(request);
        default ->
            throw AwsError.refused("InvalidAction", "Could not find operation " + call.operation());
      };
    }
    Operation operation = operations.getOrDefault(call.service(), Map.of()).get(call.operation());
    Constraints checks = constraints.get(call.service());
    if (operation == null || checks == null) {
      throw AwsError.refused(
          "UnknownOperationException", "The operation " + call.operation() + " is not known");
    }
    authorize(call, input);
    checks.check(call.operation(), input);
    if (!input.path("registryId").asText(call.account()).equals(call.account())) {
      throw denied(call, input, "resource-based");
    }
    return operation.answer(request);
  }

  /** Refuses what the caller's policies do not allow. */
  private void authorize(Call call, ObjectNode input) {
    List<IdentityPolicy> policies = identities.policiesOf(call.accessKeyId());
    if (policies == null) {
      return;
    }
    for (Access access : RequiredAccess.of(world, call, input)) {
      if (policies.stream().noneMatch(policy -> policy.allows(access))) {
        throw AwsError.refused(
            "AccessDeniedException",
            unauthorized(call, access.action(), access.resource(), "identity-based"));
      }
      identities.used(access.action());
    }
  }

  /** IAM's refusal, in AWS's words. */
  AwsError denied(Call call, ObjectNode input) {
    return denied(call, input, "identity-based");
  }

  /** IAM's refusal to let the caller make the role that replication works by. */
  AwsError replicationRoleDenied(Call call) {
    String partition = Registry.partition(call.region());
    return AwsError.refused(
        "AccessDeniedException",
        unauthorized(
            call,
            "iam:CreateServiceLinkedRole",
            RegistryPolicy.replicationRole(partition, call.account()),
            "identity-based"));
  }

  private AwsError denied(Call call, ObjectNode input, String policies) {
    String action = call.service() + ":" + call.operation();
    String text = unauthorized(call, action, resource(call, input), policies);
    // The query protocol has a code and a status of its own for this.
    return call.service().equals("sts")
        ? new AwsError(403, "AccessDenied", text)
        : AwsError.refused("AccessDeniedException", text);
  }

  private String unauthorized(Call call, String action, String resource, String policies) {
    return "User: %s is not authorized to perform: %s on resource: %s because no %s policy allows the %s action"
        .formatted(identities.arnOf(call.accessKeyId()), action, resource, policies, action);
  }

  private String resource(Call call, ObjectNode input) {
    if (call.service().equals("sts")) {
      return input.path("RoleArn").asText("*");
    }
    if (isRegistryWide(call)) {
      return "*";
    }
    String account = input.path("registryId").asText(call.account());
    List<String> names = repositoryNames(input);
    return world
        .registry(call.service(), account, call.region())
        .arn(names.isEmpty() ? "*" : names.getFirst());
  }

  /** Whether the operation is about no repository: IAM knows no resource for it then. */
  static boolean isRegistryWide(Call call) {
    return call.operation().contains("Regist")
        || call.operation().equals("GetAuthorizationToken")
        || call.operation().equals("PutReplicationConfiguration");
  }

  @SafeVarargs
  private static Map<String, Operation> merged(Map<String, Operation>... parts) {
    Map<String, Operation> all = new HashMap<>();
    for (Map<String, Operation> part : parts) {
      all.putAll(part);
    }
    return Map.copyOf(all);
  }
}
