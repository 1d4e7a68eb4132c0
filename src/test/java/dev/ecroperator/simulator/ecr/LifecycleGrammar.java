package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The grammar of lifecycle policies. */
final class LifecycleGrammar {
  private static final int MAX_RULES = 50;
  private static final int MAX_STARS = 4;
  private static final int MIN_ARCHIVED_DAYS = 90;
  private static final Set<String> COUNT_TYPES =
      Set.of(
          "imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned");

  private LifecycleGrammar() {}

  /** Throws AWS's refusal for the first rule of the grammar that the text breaks. */
  static void check(String text) {
    JsonNode policy = Json.parse(text);
    if (policy == null || hasNull(policy)) {
      throw broken("instance is not valid JSON or contains null");
    }
    members("policy", policy, Set.of("rules"));
    JsonNode rules = policy.path("rules");
    require(rules.isArray(), "object has missing required properties ([\"rules\"])");
    require(!rules.isEmpty() && rules.size() <= MAX_RULES, "array must have 1 to 50 rules");
    Set<Integer> priorities = new HashSet<>();
    Map<String, Integer> highest = new HashMap<>();
    Map<String, Integer> any = new HashMap<>();
    Set<String> untagged = new HashSet<>();
    for (JsonNode rule : rules) {
      checkRule(rule);
      int priority = rule.path("rulePriority").asInt();
      require(priorities.add(priority), "duplicate rulePriority " + priority);
      JsonNode selection = rule.path("selection");
      String storageClass = selection.path("storageClass").asText("standard");
      highest.merge(storageClass, priority, Math::max);
      switch (selection.path("tagStatus").asText()) {
        case "any" ->
            require(any.put(storageClass, priority) == null, "only one rule with tagStatus any");
        case "untagged" ->
            require(untagged.add(storageClass), "only one rule with tagStatus untagged");
        default -> {}
      }
    }
    any.forEach(
        (storageClass, priority) ->
            require(
                priority.equals(highest.get(storageClass)),
                "a rule with tagStatus any must have the highest value for rulePriority"));
  }

  private static void checkRule(JsonNode rule) {
    members("rule", rule, Set.of("rulePriority", "description", "selection", "action"));
    require(
        rule.path("rulePriority").isInt() && rule.path("rulePriority").asInt() >= 1,
        "rulePriority must be 1 or more");
    require(
        !rule.has("description") || rule.path("description").isTextual(),
        "description must be a string");
    JsonNode selection = rule.path("selection");
    checkSelection(selection);
    JsonNode action = rule.path("action");
    members("action", action, Set.of("type", "targetStorageClass"));
    JsonNode target = action.path("targetStorageClass");
    switch (action.path("type").asText()) {
      case "expire" ->
          require(target.isMissingNode(), "targetStorageClass is not allowed with expire");
      case "transition" ->
          require(target.asText().equals("archive"), "transition needs targetStorageClass archive");
      default -> throw broken("action type must be expire or transition");
    }
    checkActionOf(selection.path("countType").asText(), action.path("type").asText());
  }

  private static void checkActionOf(String countType, String type) {
    require(
        !countType.equals("sinceImagePulled") || type.equals("transition"),
        "sinceImagePulled is supported with the action type transition only");
    require(
        !countType.equals("sinceImageTransitioned") || type.equals("expire"),
        "sinceImageTransitioned is supported with the action type expire only");
  }

  private static void checkSelection(JsonNode selection) {
    members(
        "selection",
        selection,
        Set.of(
            "tagStatus",
            "tagPatternList",
            "tagPrefixList",
            "storageClass",
            "countType",
            "countUnit",
            "countNumber"));
    checkTags(selection);
    String countType = selection.path("countType").asText();
    require(COUNT_TYPES.contains(countType), "instance value not found in enum for countType");
    String countUnit = selection.path("countUnit").asText();
    require(
        countType.equals("imageCountMoreThan") ? countUnit.isEmpty() : countUnit.equals("days"),
        "countUnit must be days with since*, and absent otherwise");
    require(
        selection.path("countNumber").isInt() && selection.path("countNumber").asInt() >= 1,
        "countNumber must be 1 or more");
    String storageClass = selection.path("storageClass").asText("standard");
    require(
        Set.of("standard", "archive").contains(storageClass),
        "instance value not found in enum for storageClass");
    require(
        storageClass.equals("archive") == countType.equals("sinceImageTransitioned"),
        "storageClass archive goes with sinceImageTransitioned only");
    require(
        !countType.equals("sinceImageTransitioned")
            || selection.path("countNumber").asInt() >= MIN_ARCHIVED_DAYS,
        "images that have been in archive for less than 90 days cannot be deleted");
  }

  private static void checkTags(JsonNode selection) {
    String tagStatus = selection.path("tagStatus").asText();
    require(
        Set.of("tagged", "untagged", "any").contains(tagStatus),
        "instance value not found in enum for tagStatus");
    JsonNode patterns = selection.path("tagPatternList");
    JsonNode prefixes = selection.path("tagPrefixList");
    require(
        !(selection.has("tagPatternList") && selection.has("tagPrefixList")),
        "instance failed to match exactly one schema (matched 2 out of 2)");
    JsonNode list = selection.has("tagPatternList") ? patterns : prefixes;
    require(
        tagStatus.equals("tagged") == !list.isMissingNode(),
        "tagPatternList or tagPrefixList is required with tagged, and not allowed otherwise");
    require(
        list.isMissingNode() || (list.isArray() && !list.isEmpty()),
        "a tag list must be a list with an entry");
    for (JsonNode entry : list) {
      require(entry.isTextual() && !entry.asText().isEmpty(), "a tag list holds strings");
    }
    for (JsonNode pattern : patterns) {
      require(
          Wildcard.stars(pattern.asText()) <= MAX_STARS, "at most four wildcards (*) a pattern");
    }
  }

  private static void members(String what, JsonNode object, Set<String> allowed) {
    require(object.isObject(), what + " must be an object");
    object
        .fieldNames()
        .forEachRemaining(
            member ->
                require(
                    allowed.contains(member),
                    "object instance has properties which are not allowed by the schema: [\""
                        + member
                        + "\"]"));
  }

  private static boolean hasNull(JsonNode node) {
    if (node.isNull()) {
      return true;
    }
    for (JsonNode child : node) {
      if (hasNull(child)) {
        return true;
      }
    }
    return false;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw broken(message);
    }
  }

  private static AwsError broken(String message) {
    return AwsError.invalid(
        "LifecyclePolicyText", "Lifecycle policy validation failure: " + message);
  }
}
