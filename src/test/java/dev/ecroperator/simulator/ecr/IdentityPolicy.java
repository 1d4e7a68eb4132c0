package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A policy of an identity: what it allows. As much of IAM as the policies of this project say; one
 * that says more is refused, so that nothing is taken for understood.
 */
public final class IdentityPolicy {
  private final List<Statement> statements;

  /** Conditions by the operator and then the key. */
  private record Statement(
      List<String> actions,
      List<String> resources,
      Map<String, Map<String, List<String>>> conditions) {}

  private IdentityPolicy(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * Reads a policy.
   *
   * @throws IllegalArgumentException where it is none, or says what is not understood here
   */
  public static IdentityPolicy parse(String text) {
    ObjectNode policy = Json.parse(text);
    if (policy == null) {
      throw new IllegalArgumentException("not JSON: " + text);
    }
    only(policy, Set.of("Version", "Statement"));
    if (!policy.path("Version").asText().equals("2012-10-17")) {
      throw new IllegalArgumentException("not the version that knows all conditions: " + policy);
    }
    List<Statement> statements = new ArrayList<>();
    policy.path("Statement").forEach(statement -> statements.add(statement(statement)));
    return new IdentityPolicy(statements);
  }

  private static Statement statement(JsonNode statement) {
    only(statement, Set.of("Sid", "Effect", "Action", "Resource", "Condition"));
    if (!statement.path("Effect").asText().equals("Allow")) {
      throw new IllegalArgumentException("not understood: " + statement);
    }
    Map<String, Map<String, List<String>>> conditions = new TreeMap<>();
    statement
        .path("Condition")
        .properties()
        .forEach(
            operator -> {
              Map<String, List<String>> keys = new TreeMap<>();
              operator
                  .getValue()
                  .properties()
                  .forEach(e -> keys.put(e.getKey(), listed(e.getValue())));
              conditions.put(operator.getKey(), keys);
            });
    return new Statement(
        listed(statement.path("Action")), listed(statement.path("Resource")), conditions);
  }

  private static void only(JsonNode node, Set<String> members) {
    node.properties()
        .forEach(
            member -> {
              if (!members.contains(member.getKey())) {
                throw new IllegalArgumentException("not understood: " + member.getKey());
              }
            });
  }

  private static List<String> listed(JsonNode oneOrMany) {
    List<String> texts =
        oneOrMany.isTextual() ? List.of(oneOrMany.asText()) : Json.texts(oneOrMany);
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("lacks a member: " + oneOrMany);
    }
    return texts;
  }

  /** The actions that it speaks of, as it spells them. */
  public Set<String> actions() {
    Set<String> actions = new TreeSet<>();
    statements.forEach(statement -> actions.addAll(statement.actions()));
    return actions;
  }

  /** Whether one of its statements allows the access. */
  public boolean allows(Access access) {
    return statements.stream().anyMatch(statement -> allows(statement, access));
  }

  private static boolean allows(Statement statement, Access access) {
    return statement.actions().stream()
            .anyMatch(a -> RegistryPolicy.matches(lower(a), lower(access.action())))
        && statement.resources().stream()
            .anyMatch(r -> RegistryPolicy.matches(r, access.resource()))
        && statement.conditions().entrySet().stream()
            .allMatch(
                operator ->
                    operator.getValue().entrySet().stream()
                        .allMatch(
                            key ->
                                isTrue(
                                    operator.getKey(),
                                    key.getValue(),
                                    access.value(key.getKey()))));
  }

  /** IAM's reference, "condition operators": what a key that is absent makes of each. */
  private static boolean isTrue(String operator, List<String> wanted, List<String> given) {
    return switch (operator) {
      case "Null" -> wanted.equals(List.of(Boolean.toString(given.isEmpty())));
      case "StringEquals" -> given.stream().anyMatch(wanted::contains);
      case "StringLike" -> given.stream().anyMatch(value -> isLike(value, wanted));
      case "StringLikeIfExists" ->
          given.isEmpty() || given.stream().anyMatch(value -> isLike(value, wanted));
      case "ForAllValues:StringNotEquals" -> given.stream().noneMatch(wanted::contains);
      default -> throw new IllegalArgumentException("not understood: " + operator);
    };
  }

  private static boolean isLike(String value, List<String> wildcards) {
    return wildcards.stream().anyMatch(wildcard -> RegistryPolicy.matches(wildcard, value));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
