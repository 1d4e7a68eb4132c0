package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a registry's policy lets another account in: as much of IAM as replication needs.
 *
 * <p>No condition is ever true: replication carries no context to judge one by, and a policy that
 * asks for {@code aws:SourceAccount} refuses it in AWS too.
 */
final class RegistryPolicy {
  private static final String REPLICATION_ROLE =
      ":role/aws-service-role/replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication";

  private RegistryPolicy() {}

  /** The role that ECR makes in the account to replicate by. */
  static String replicationRole(String partition, String account) {
    return iam(partition, account) + REPLICATION_ROLE;
  }

  /** Whether the account may do it there: some statement allows it, and none denies it. */
  static boolean allows(
      @Nullable String text, String partition, String account, String action, String resource) {
    ObjectNode policy = text == null ? null : Json.parse(text);
    if (policy == null) {
      return false;
    }
    boolean allowed = false;
    JsonNode statements = policy.path("Statement");
    for (JsonNode statement : statements.isObject() ? List.of(statements) : statements) {
      if (statement.has("Condition")
          || !says(statement, "Principal", who -> isAccount(who, partition, account))
          || !says(statement, "Action", what -> matches(lower(what), lower(action)))
          || !says(statement, "Resource", where -> matches(where, resource))) {
        continue;
      }
      if (statement.path("Effect").asText().equals("Deny")) {
        return false;
      }
      allowed = true;
    }
    return allowed;
  }

  /** Whether one of the listed fits; with {@code NotAction} and the like, whether none does. */
  private static boolean says(JsonNode statement, String member, Predicate<String> fits) {
    String negation = "Not" + member;
    return statement.has(negation)
        ? listed(statement.path(negation)).stream().noneMatch(fits)
        : listed(statement.path(member)).stream().anyMatch(fits);
  }

  private static List<String> listed(JsonNode node) {
    JsonNode list = node.isObject() ? node.path("AWS") : node;
    return list.isTextual() ? List.of(list.asText()) : Json.texts(list);
  }

  private static boolean isAccount(String principal, String partition, String account) {
    return principal.equals("*")
        || principal.equals(account)
        || principal.equals(iam(partition, account) + ":root")
        || principal.equals(replicationRole(partition, account));
  }

  private static String iam(String partition, String account) {
    return "arn:" + partition + ":iam::" + account;
  }

  /** IAM's wildcards: {@code *} for any characters, {@code ?} for one. */
  static boolean matches(String wildcard, String text) {
    String pattern =
        Arrays.stream(wildcard.split("(?<=[*?])|(?=[*?])"))
            .map(
                part ->
                    switch (part) {
                      case "*" -> ".*";
                      case "?" -> ".";
                      default -> Pattern.quote(part);
                    })
            .collect(Collectors.joining());
    return Pattern.matches(pattern, text);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
