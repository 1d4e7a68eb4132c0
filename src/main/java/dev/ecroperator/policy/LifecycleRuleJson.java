package dev.ecroperator.policy;

import dev.ecroperator.api.LifecycleActionSpec;
import dev.ecroperator.api.LifecycleRuleSpec;
import dev.ecroperator.api.LifecycleSelectionSpec;
import dev.ecroperator.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed lifecycle rule in AWS's JSON. What was not declared (null, an empty list) is left out.
 */
final class LifecycleRuleJson {
  private LifecycleRuleJson() {}

  static Json.Obj of(@Nullable LifecycleRuleSpec rule) {
    if (rule == null) {
      return Json.Obj.EMPTY;
    }
    Json.Obj json =
        Json.Obj.EMPTY
            .withNumber("rulePriority", rule.rulePriority())
            .withText("description", rule.description());
    if (rule.selection() != null) {
      json = json.with("selection", selection(rule.selection()));
    }
    return rule.action() == null ? json : json.with("action", action(rule.action()));
  }

  private static Json.Obj selection(LifecycleSelectionSpec selection) {
    return Json.Obj.EMPTY
        .withText("tagStatus", selection.tagStatus())
        .withTexts("tagPatternList", eachOnce(selection.tagPatternList()))
        .withTexts("tagPrefixList", eachOnce(selection.tagPrefixList()))
        .withText("storageClass", selection.storageClass())
        .withText("countType", selection.countType())
        .withText("countUnit", selection.countUnit())
        .withNumber("countNumber", selection.countNumber());
  }

  /** All of them must match, so a repeat says nothing: whether ECR takes one need not be known. */
  private static @Nullable List<String> eachOnce(@Nullable List<String> values) {
    return values == null ? null : values.stream().distinct().toList();
  }

  private static Json.Obj action(LifecycleActionSpec action) {
    return Json.Obj.EMPTY
        .withText("type", action.type())
        .withText("targetStorageClass", action.targetStorageClass());
  }
}
