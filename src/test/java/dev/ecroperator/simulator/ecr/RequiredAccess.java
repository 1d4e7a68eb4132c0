package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The permissions that a call needs, by AWS's service authorization reference: its own action, and
 * those of what it has AWS do on the way.
 */
final class RequiredAccess {
  private final World world;
  private final Call call;
  private final ObjectNode input;
  private final Registry registry;

  private RequiredAccess(World world, Call call, ObjectNode input) {
    this.world = world;
    this.call = call;
    this.input = input;
    this.registry = world.registry(call.service(), call.account(), call.region());
  }

  /** What the call needs; nothing for STS, which asks nobody about its caller. */
  static List<Access> of(World world, Call call, ObjectNode input) {
    return call.service().equals("sts")
        ? List.of()
        : new RequiredAccess(world, call, input).accesses();
  }

  private List<Access> accesses() {
    String action = call.service() + ":" + call.operation();
    return switch (call.operation()) {
      case "CreateRepository" -> creation(action);
      case "DeleteRepository" -> deletion(action);
      case "PutReplicationConfiguration" -> replication(action);
      default -> named(action);
    };
  }

  /** A repository that is to be has no tags yet. Tags are a permission more, and so is a key. */
  private List<Access> creation(String action) {
    String arn = registry.arn(input.path("repositoryName").asText());
    List<Access> needed = new ArrayList<>();
    needed.add(Access.to(action, arn).tagging(tags()));
    if (!tags().isEmpty()) {
      needed.add(Access.to(call.service() + ":TagResource", arn).tagging(tags()));
    }
    JsonNode key = input.path("encryptionConfiguration").path("kmsKey");
    if (isOfTheCustomer(key)) {
      needed.add(ofKey("kms:DescribeKey", registry.kmsArn(key)));
      needed.add(ofKey("kms:CreateGrant", registry.kmsArn(key)));
    }
    return needed;
  }

  private List<Access> deletion(String action) {
    List<Access> needed = new ArrayList<>(named(action));
    registry
        .find(input.path("repositoryName").asText(), null)
        .map(state -> state.description().path("encryptionConfiguration").path("kmsKey"))
        .filter(key -> isOfTheCustomer(key) && !key.asText().equals(registry.kmsArn(missing())))
        .ifPresent(key -> needed.add(ofKey("kms:RetireGrant", key.asText())));
    return needed;
  }

  /** The account's first configuration makes the role that ECR replicates by. */
  private List<Access> replication(String action) {
    List<Access> needed = new ArrayList<>(named(action));
    if (!world.replicatingAccounts.contains(call.account())) {
      needed.add(
          Access.to(
                  "iam:CreateServiceLinkedRole",
                  RegistryPolicy.replicationRole(registry.partition(), call.account()))
              .with("iam:AWSServiceName", List.of("replication.ecr.amazonaws.com")));
    }
    return needed;
  }

  /** An access for each repository that the call names; a list is about all. */
  private List<Access> named(String action) {
    List<String> names = Services.repositoryNames(input);
    if (Services.isRegistryWide(call)) {
      return List.of(Access.to(action, "*"));
    }
    if (names.isEmpty()) {
      return List.of(Access.to(action, registry.arn("*")));
    }
    return names.stream()
        .map(
            name -> {
              Access access =
                  Access.to(action, registry.arn(name))
                      .tagged(
                          registry.find(name, null).map(RepositoryState::tags).orElse(Map.of()));
              return input.has("tagKeys")
                  ? access.with("aws:TagKeys", Json.texts(input.path("tagKeys")))
                  : access.tagging(tags());
            })
        .toList();
  }

  private Map<String, String> tags() {
    Map<String, String> tags = new TreeMap<>();
    input
        .path("tags")
        .forEach(tag -> tags.put(tag.path("Key").asText(), tag.path("Value").asText()));
    return tags;
  }

  private static boolean isOfTheCustomer(JsonNode key) {
    return key.isTextual() && !key.asText().endsWith("alias/aws/ecr");
  }

  private Access ofKey(String action, String arn) {
    return Access.to(action, arn)
        .with("kms:ViaService", List.of("ecr." + call.region() + ".amazonaws.com"));
  }

  private static JsonNode missing() {
    return MissingNode.getInstance();
  }
}
