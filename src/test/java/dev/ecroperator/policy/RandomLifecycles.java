package dev.ecroperator.policy;

import static dev.ecroperator.json.RandomJson.NODES;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.json.RandomJson;
import java.math.BigDecimal;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random lifecycle policies that ECR accepts, the same said otherwise, and something else said. */
final class RandomLifecycles {
  private final RandomJson draw;

  RandomLifecycles(RandomGenerator random) {
    this.draw = new RandomJson(random);
  }

  ObjectNode policy() {
    ObjectNode policy = NODES.objectNode();
    ArrayNode rules = policy.putArray("rules");
    int count = 1 + draw.upTo(5);
    int priority = 1;
    for (int i = 0; i < count; i++) {
      rules.add(rule(priority, "tagged"));
      priority += 1 + draw.upTo(10);
    }
    if (draw.coin()) {
      rules.add(rule(priority, "untagged"));
      priority++;
    }
    if (draw.coin()) {
      rules.add(rule(priority, "any"));
    }
    return policy;
  }

  private ObjectNode rule(int priority, String tagStatus) {
    ObjectNode rule = NODES.objectNode().put("rulePriority", priority);
    if (draw.coin()) {
      rule.put("description", "rule " + draw.upTo(9));
    }
    ObjectNode selection = rule.putObject("selection").put("tagStatus", tagStatus);
    if (tagStatus.equals("tagged")) {
      selection.set(
          draw.oneOf("tagPatternList", "tagPrefixList"), draw.texts(draw.oneOf("dev*", "v"), 3));
    }
    if (draw.coin()) {
      selection.put("countType", "imageCountMoreThan");
    } else {
      selection.put("countType", draw.oneOf("sinceImagePushed", "sinceImagePulled"));
      selection.put("countUnit", "days");
    }
    selection.put("countNumber", 1 + draw.upTo(50));
    boolean pulled = selection.path("countType").asText().equals("sinceImagePulled");
    if (pulled || draw.upTo(4) == 0) {
      rule.putObject("action").put("type", "transition").put("targetStorageClass", "archive");
    } else {
      rule.putObject("action").put("type", "expire");
    }
    if (draw.upTo(6) == 0) {
      rule.putObject("future").putArray("list").add(1).add(2);
    }
    return rule;
  }

  /** The same policy, spelled otherwise. */
  JsonNode rewrite(ObjectNode original) {
    ObjectNode policy = original.deepCopy();
    for (JsonNode each : policy.path("rules")) {
      ObjectNode rule = (ObjectNode) each;
      ObjectNode selection = (ObjectNode) rule.path("selection");
      if (!selection.has("storageClass") && draw.coin()) {
        selection.put("storageClass", "standard");
      }
      if (!rule.has("description") && draw.coin()) {
        rule.put("description", draw.coin() ? "" : null);
      }
      for (String list : List.of("tagPatternList", "tagPrefixList")) {
        if (selection.has(list)) {
          selection.set(list, draw.rewriteSet(selection.path(list), false));
        } else if (draw.upTo(4) == 0) {
          selection.putArray(list);
        }
      }
      if (draw.upTo(4) == 0) {
        selection.put(
            "countNumber", new BigDecimal(selection.path("countNumber").intValue() + ".0"));
      }
    }
    policy.set("rules", draw.rewriteSet(policy.path("rules"), false));
    return draw.shuffleMembers(policy);
  }

  /** Another policy. */
  ObjectNode change(ObjectNode original) {
    ObjectNode policy = original.deepCopy();
    ArrayNode rules = (ArrayNode) policy.path("rules");
    int at = draw.upTo(rules.size());
    ObjectNode rule = (ObjectNode) rules.get(at);
    ObjectNode selection = (ObjectNode) rule.path("selection");
    switch (draw.upTo(9)) {
      case 0 -> rule.put("rulePriority", 1000);
      case 1 -> rule.put("description", "another");
      case 2 -> selection.put("countNumber", 1000);
      case 3 -> selection.put("storageClass", "archive");
      case 4 -> selection.put("countType", "another");
      case 5 -> ((ObjectNode) rule.path("action")).put("type", "another");
      case 6 -> rules.remove(at);
      case 7 -> rules.add(rule(1000, "untagged"));
      default -> {
        ObjectNode changed = selection;
        String list = changed.has("tagPatternList") ? "tagPatternList" : "tagPrefixList";
        changed.withArray("/" + list).add("another");
      }
    }
    return policy;
  }
}
