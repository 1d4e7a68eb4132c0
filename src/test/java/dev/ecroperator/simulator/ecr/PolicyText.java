package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Policies of repositories and registries: what is refused, and in which other words AWS gives an
 * accepted one back.
 */
final class PolicyText {
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  private PolicyText() {}

  /**
   * The text as it will be read back: statements and lists in another order, lists of one as a
   * scalar, account ids as root ARNs.
   *
   * @param service whose policy it is: ECR Public says of a principal that IAM does not know what
   *     ECR says of no policy at all
   * @param of what it is for: {@code repository} or {@code registry}
   * @throws AwsError for a text that is no policy, or that names one of the unknown principals
   */
  static String asReadBack(
      String service, String of, String text, Set<String> unknownPrincipals, String partition) {
    ObjectNode policy = Json.parse(text);
    JsonNode statements =
        policy == null ? JsonNodeFactory.instance.missingNode() : policy.path("Statement");
    if (policy == null
        || !(statements.isArray() || statements.isObject())
        || statements.isEmpty()) {
      throw notOne(of);
    }
    List<JsonNode> rewritten = new ArrayList<>();
    for (JsonNode statement : statements.isObject() ? List.of(statements) : statements) {
      check(of, statement);
      if (names(statement, unknownPrincipals)) {
        throw service.equals("ecr-public") ? notOne(of) : invalid("Principal not found");
      }
      rewritten.add(rewritten(statement, partition));
    }
    ObjectNode answer = Json.object();
    answer.put("Version", policy.path("Version").asText("2008-10-17"));
    if (policy.has("Id")) {
      answer.set("Id", policy.path("Id"));
    }
    answer.putArray("Statement").addAll(reordered(rewritten));
    return answer.toPrettyString();
  }

  /** Whether it denies its own replacement to all: what {@code force} is asked for. */
  static boolean locksOut(String readBack, String service) {
    JsonNode policy = Json.parse(readBack);
    if (policy == null) {
      return false;
    }
    for (JsonNode statement : policy.path("Statement")) {
      JsonNode principal = statement.path("Principal");
      boolean everybody =
          principal.asText().equals("*") || principal.path("AWS").asText().equals("*");
      if (statement.path("Effect").asText().equals("Deny")
          && everybody
          && !statement.has("Condition")) {
        for (String action : listed(statement.path("Action"))) {
          if (Wildcard.matches(action, service + ":SetRepositoryPolicy")) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static void check(String of, JsonNode statement) {
    String effect = statement.path("Effect").asText();
    boolean whole =
        (effect.equals("Allow") || effect.equals("Deny"))
            && statement.has("Principal") != statement.has("NotPrincipal")
            && statement.has("Action") != statement.has("NotAction");
    // A repository's policy is about that repository; a registry's says what it is about.
    boolean placed =
        of.equals("repository") || statement.has("Resource") != statement.has("NotResource");
    if (!whole || !placed) {
      throw notOne(of);
    }
  }

  private static AwsError notOne(String of) {
    return invalid("Invalid " + of + " policy provided");
  }

  private static boolean names(JsonNode statement, Set<String> principals) {
    return Stream.of("Principal", "NotPrincipal")
        .flatMap(member -> statement.path(member).valueStream())
        .flatMap(named -> listed(named).stream())
        .anyMatch(principals::contains);
  }

  private static JsonNode rewritten(JsonNode statement, String partition) {
    ObjectNode answer = Json.object();
    statement
        .properties()
        .forEach(
            e -> {
              boolean principal = e.getKey().endsWith("Principal");
              answer.set(
                  e.getKey(),
                  principal ? principals(e.getValue(), partition) : relisted(e.getValue()));
            });
    return answer;
  }

  private static JsonNode principals(JsonNode node, String partition) {
    if (!node.isObject()) {
      return node;
    }
    ObjectNode answer = Json.object();
    node.properties()
        .forEach(
            e -> {
              ArrayNode list = JsonNodeFactory.instance.arrayNode();
              for (String principal : listed(e.getValue())) {
                list.add(
                    ACCOUNT.matcher(principal).matches()
                        ? "arn:" + partition + ":iam::" + principal + ":root"
                        : principal);
              }
              answer.set(e.getKey(), relisted(list));
            });
    return answer;
  }

  private static JsonNode relisted(JsonNode node) {
    if (node.isObject()) {
      ObjectNode answer = Json.object();
      node.properties().forEach(e -> answer.set(e.getKey(), relisted(e.getValue())));
      return answer;
    }
    if (!node.isArray()) {
      return node;
    }
    List<JsonNode> elements = new ArrayList<>();
    node.forEach(elements::add);
    return elements.size() == 1
        ? elements.getFirst()
        : JsonNodeFactory.instance.arrayNode().addAll(reordered(elements));
  }

  /** Any order but the sender's would do; descending is seldom how people write. */
  private static List<JsonNode> reordered(List<JsonNode> nodes) {
    return nodes.stream().sorted(Comparator.comparing(JsonNode::toString).reversed()).toList();
  }

  private static List<String> listed(JsonNode node) {
    return node.isArray() ? Json.texts(node) : List.of(node.asText());
  }

  private static AwsError invalid(String constraint) {
    return AwsError.invalid("PolicyText", constraint);
  }
}
