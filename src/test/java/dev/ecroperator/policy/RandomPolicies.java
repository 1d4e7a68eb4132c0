package dev.ecroperator.policy;

import static dev.ecroperator.json.RandomJson.NODES;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.json.RandomJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Random policy documents, the same said otherwise, and something else said. Documents are drawn
 * with lists everywhere and without repeats, so that a change knows that it changes something.
 */
final class RandomPolicies {
  private final RandomJson draw;

  RandomPolicies(RandomGenerator random) {
    this.draw = new RandomJson(random);
  }

  ObjectNode document() {
    ObjectNode document = NODES.objectNode();
    if (draw.coin()) {
      document.put("Version", draw.oneOf("2012-10-17", "2008-10-17"));
    }
    if (draw.upTo(4) == 0) {
      document.put("Id", "id" + draw.upTo(3));
    }
    ArrayNode statements = document.putArray("Statement");
    int count = 1 + draw.upTo(4);
    for (int i = 0; i < count; i++) {
      statements.add(statement(i, draw.coin() ? "Foreign" + i : ""));
    }
    return document;
  }

  /** Statements in the version of the operator's own, with Sids of its own. */
  ObjectNode ownedDocument() {
    ObjectNode document = NODES.objectNode().put("Version", "2012-10-17");
    ArrayNode statements = document.putArray("Statement");
    int count = 1 + draw.upTo(3);
    for (int i = 0; i < count; i++) {
      statements.add(statement(i, draw.oneOf("EcrOperatorPull", "EcrOperatorPush") + i));
    }
    return document;
  }

  private ObjectNode statement(int number, String sid) {
    ObjectNode statement = NODES.objectNode();
    if (!sid.isEmpty()) {
      statement.put("Sid", sid);
    }
    statement.put("Effect", draw.oneOf("Allow", "Deny"));
    statement.set(draw.oneOf("Principal", "Principal", "NotPrincipal"), principal());
    // The number makes each statement of a document differ from the others.
    statement.set(
        draw.oneOf("Action", "Action", "NotAction"),
        draw.texts("ecr:Get", 3).add("ecr:Put" + number));
    if (draw.upTo(3) == 0) {
      statement.set(draw.oneOf("Resource", "NotResource"), draw.texts("arn:aws:ecr:x/Res", 3));
    }
    if (draw.coin()) {
      statement.set("Condition", condition());
    }
    if (draw.upTo(5) == 0) {
      ObjectNode future = statement.putObject("Future");
      future.putArray("list").add(1).add("Two").addNull();
      future.put("flag", draw.coin());
    }
    return statement;
  }

  private JsonNode principal() {
    ObjectNode principal = NODES.objectNode();
    if (draw.upTo(4) == 0) {
      principal.putArray("AWS").add("*");
      return principal;
    }
    ArrayNode aws = NODES.arrayNode();
    draw.texts("11112222333", 2).forEach(aws::add);
    draw.texts("arn:aws:iam::111122223333:role/Role", 2).forEach(aws::add);
    principal.set("AWS", aws);
    if (draw.coin()) {
      principal.set("Service", draw.texts("svc.amazonaws.com", 2));
    }
    if (draw.upTo(4) == 0) {
      principal.set("Federated", draw.texts("fed", 2));
    }
    return principal;
  }

  private ObjectNode condition() {
    ObjectNode condition = NODES.objectNode();
    condition.putObject("StringLike").set("aws:PrincipalArn", draw.texts("Value", 3));
    if (draw.coin()) {
      condition.withObject("/StringLike").set("aws:SourceAccount", draw.texts("11112222333", 3));
    }
    if (draw.coin()) {
      condition.putObject("NumericLessThan").set("aws:MultiFactorAuthAge", draw.texts("10", 2));
    }
    if (draw.coin()) {
      condition.putObject("Bool").putArray("aws:SecureTransport").add(draw.oneOf("true", "false"));
    }
    return condition;
  }

  /** The same document, spelled otherwise. */
  JsonNode rewrite(ObjectNode original) {
    ObjectNode document = original.deepCopy();
    if (!document.has("Version") && draw.coin()) {
      document.put("Version", "2008-10-17");
    } else if ("2008-10-17".equals(document.path("Version").textValue()) && draw.coin()) {
      document.remove("Version");
    }
    if (!document.has("Id") && draw.upTo(4) == 0) {
      document.put("Id", "");
    }
    ArrayNode statements = NODES.arrayNode();
    original
        .path("Statement")
        .forEach(each -> statements.add(rewriteStatement((ObjectNode) each.deepCopy())));
    document.set("Statement", draw.rewriteSet(statements, true));
    return draw.shuffleMembers(document);
  }

  private ObjectNode rewriteStatement(ObjectNode statement) {
    for (String name : List.of("Action", "NotAction", "Resource", "NotResource")) {
      if (statement.get(name) instanceof ArrayNode list) {
        ArrayNode values = NODES.arrayNode();
        list.forEach(
            value ->
                values.add(
                    name.endsWith("Action")
                        ? draw.randomCase(value.textValue())
                        : value.textValue()));
        statement.set(name, draw.rewriteSet(values, true));
      }
    }
    for (String name : List.of("Principal", "NotPrincipal")) {
      if (statement.get(name) instanceof ObjectNode principal) {
        statement.set(name, rewritePrincipal(principal));
      }
    }
    if (statement.get("Condition") instanceof ObjectNode condition) {
      statement.set("Condition", rewriteCondition(condition));
    } else if (draw.upTo(4) == 0) {
      statement.putObject("Condition");
    }
    if (!statement.has("Sid") && draw.upTo(4) == 0) {
      statement.put("Sid", "");
    }
    return statement;
  }

  private JsonNode rewritePrincipal(ObjectNode principal) {
    if (principal.path("AWS").size() == 1
        && "*".equals(principal.path("AWS").path(0).textValue())
        && draw.coin()) {
      return NODES.textNode("*");
    }
    ObjectNode rewritten = NODES.objectNode();
    for (Map.Entry<String, JsonNode> member : principal.properties()) {
      ArrayNode values = NODES.arrayNode();
      for (JsonNode value : member.getValue()) {
        String text = value.textValue();
        boolean account = member.getKey().equals("AWS") && text.matches("[0-9]{12}");
        values.add(account && draw.coin() ? "arn:aws:iam::" + text + ":root" : text);
      }
      rewritten.set(member.getKey(), draw.rewriteSet(values, true));
    }
    return rewritten;
  }

  private ObjectNode rewriteCondition(ObjectNode condition) {
    ObjectNode rewritten = NODES.objectNode();
    for (Map.Entry<String, JsonNode> operator : condition.properties()) {
      String name = draw.upTo(4) == 0 ? draw.randomCase(operator.getKey()) : operator.getKey();
      ObjectNode keys = rewritten.putObject(name);
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        ArrayNode values = NODES.arrayNode();
        key.getValue().forEach(value -> values.add(otherType(value.textValue())));
        keys.set(draw.randomCase(key.getKey()), draw.rewriteSet(values, true));
      }
    }
    return rewritten;
  }

  private JsonNode otherType(String value) {
    if (value.matches("[0-9]+") && draw.coin()) {
      return NODES.numberNode(Long.parseLong(value));
    }
    if (value.matches("true|false") && draw.coin()) {
      return NODES.booleanNode(Boolean.parseBoolean(value));
    }
    return NODES.textNode(value);
  }

  /** Another document. */
  ObjectNode change(ObjectNode original) {
    ObjectNode document = original.deepCopy();
    ArrayNode statements = (ArrayNode) document.path("Statement");
    ObjectNode statement = (ObjectNode) statements.get(draw.upTo(statements.size()));
    switch (draw.upTo(10)) {
      case 0 ->
          document.put(
              "Version",
              "2012-10-17".equals(document.path("Version").textValue())
                  ? "2008-10-17"
                  : "2012-10-17");
      case 1 -> document.put("Id", "another");
      case 2 -> statements.add(statement(99, ""));
      case 3 -> document.put("Unknown", 1);
      case 4 -> statement.put("Sid", "Another");
      case 5 ->
          statement.put(
              "Effect", statement.path("Effect").textValue().equals("Allow") ? "Deny" : "Allow");
      case 6 -> swapNames(statement, draw.oneOf("Action", "Principal"));
      case 7 -> {
        if (statements.size() > 1) {
          statements.remove(draw.upTo(statements.size()));
        } else {
          statements.removeAll();
        }
      }
      case 8 -> changeCondition(statement);
      default -> changeList(draw.oneOf(lists(statement)));
    }
    return document;
  }

  private static void swapNames(ObjectNode statement, String name) {
    String from = statement.has(name) ? name : "Not" + name;
    String to = from.equals(name) ? "Not" + name : name;
    statement.set(to, statement.remove(from));
  }

  private void changeCondition(ObjectNode statement) {
    if (!(statement.get("Condition") instanceof ObjectNode condition)) {
      statement.putObject("Condition").putObject("StringEquals").put("aws:New", "x");
      return;
    }
    Map.Entry<String, JsonNode> operator = draw.oneOf(List.copyOf(condition.properties()));
    ObjectNode keys = (ObjectNode) operator.getValue();
    String key = draw.oneOf(List.copyOf(keys.properties())).getKey();
    switch (draw.upTo(3)) {
      case 0 -> condition.set("New" + operator.getKey(), condition.remove(operator.getKey()));
      case 1 -> keys.set("aws:New", keys.remove(key));
      default -> keys.remove(key);
    }
  }

  private static List<ArrayNode> lists(ObjectNode statement) {
    List<ArrayNode> lists = new ArrayList<>();
    for (Map.Entry<String, JsonNode> element : statement.properties()) {
      switch (element.getKey()) {
        case "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Principal",
            "NotPrincipal",
            "Condition" ->
            collect(element.getValue(), lists);
        default -> {
          // No list of values.
        }
      }
    }
    return lists;
  }

  private static void collect(JsonNode node, List<ArrayNode> lists) {
    if (node instanceof ArrayNode list) {
      lists.add(list);
    } else {
      node.forEach(child -> collect(child, lists));
    }
  }

  private void changeList(ArrayNode list) {
    int at = draw.upTo(list.size());
    switch (draw.upTo(3)) {
      case 0 -> list.add("another");
      case 1 -> list.remove(at);
      default -> list.set(at, NODES.textNode(list.get(at).textValue() + "9"));
    }
  }
}
