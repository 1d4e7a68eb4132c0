package dev.ecroperator.policy;

import dev.ecroperator.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ECR's grammar of lifecycle policies, as far as it is documented (ECR user guide, "Lifecycle
 * policy properties", "template" and "Archiving an image"). Values and members that are not known
 * here are let through, and so is what depends on them: AWS may have added them since, and judges
 * them itself.
 */
final class LifecycleGrammar {
  static final int MAX_RULES = 50;

  /**
   * The user guide's "Archiving an image": images stay in the archive for so many days at least.
   */
  private static final BigDecimal MIN_ARCHIVED_DAYS = BigDecimal.valueOf(90);

  private static final int MAX_STARS = 4;

  /** Enough to mend a document by; a status message is no place for hundreds. */
  private static final int MAX_PROBLEMS = 5;

  private static final Set<String> SELECTION_MEMBERS =
      Set.of(
          "tagStatus",
          "tagPatternList",
          "tagPrefixList",
          "storageClass",
          "countType",
          "countUnit",
          "countNumber");
  private static final Set<String> AGES =
      Set.of("sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned");
  private static final Set<String> COUNT_TYPES =
      Set.of(
          "imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned");

  private static final Json PULLED = new Json.Text("sinceImagePulled");
  private static final Json ARCHIVED = new Json.Text("sinceImageTransitioned");
  private static final Json EXPIRE = new Json.Text("expire");
  private static final Json TRANSITION = new Json.Text("transition");

  /** A rule as the others see it. */
  private record Placed(
      String path, @Nullable BigDecimal priority, String tagStatus, String storageClass) {}

  private final List<String> problems = new ArrayList<>();
  private final List<Placed> placed = new ArrayList<>();

  private LifecycleGrammar() {}

  /** What is wrong, each problem with the rule and the field; empty if nothing is. */
  static Optional<String> problem(List<Json.Obj> rules) {
    if (rules.size() > MAX_RULES) {
      return Optional.of(
          "rules: %d rules; ECR accepts at most %d".formatted(rules.size(), MAX_RULES));
    }
    LifecycleGrammar grammar = new LifecycleGrammar();
    for (int i = 0; i < rules.size(); i++) {
      grammar.checkRule("rules[" + i + "]", rules.get(i));
    }
    grammar.checkPriorities();
    grammar.checkOneUntagged();
    grammar.checkAnyIsLast();
    List<String> problems = grammar.problems;
    String shown = String.join("; ", problems.subList(0, Math.min(problems.size(), MAX_PROBLEMS)));
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(
            problems.size() > MAX_PROBLEMS
                ? shown + "; and " + (problems.size() - MAX_PROBLEMS) + " more"
                : shown);
  }

  private void checkRule(String path, Json.Obj rule) {
    BigDecimal priority = wholeNumber(path + ".rulePriority", rule.get("rulePriority"));
    optionalText(path + ".description", rule.get("description"));
    Json.Obj selection = object(path + ".selection", rule.get("selection"));
    Json.Obj action = object(path + ".action", rule.get("action"));
    if (selection != null) {
      checkSelection(path, priority, selection);
    }
    if (action != null) {
      checkAction(path + ".action", action);
    }
    if (selection != null && action != null) {
      checkActionOf(path + ".action.type", selection.get("countType"), action.get("type"));
    }
  }

  /** What is not pulled any more is archived, and expires from the archive (user guide). */
  private void checkActionOf(String path, @Nullable Json countType, @Nullable Json type) {
    if (PULLED.equals(countType) && EXPIRE.equals(type)) {
      problems.add(
          path
              + ": sinceImagePulled goes with transition only; archive the images, and expire them"
              + " by sinceImageTransitioned");
    }
    if (ARCHIVED.equals(countType) && TRANSITION.equals(type)) {
      problems.add(path + ": sinceImageTransitioned goes with expire only");
    }
  }

  private void checkSelection(String rule, @Nullable BigDecimal priority, Json.Obj selection) {
    String path = rule + ".selection";
    String tagStatus = requiredText(path + ".tagStatus", selection.get("tagStatus"));
    String storageClass = optionalText(path + ".storageClass", selection.get("storageClass"));
    String countType = requiredText(path + ".countType", selection.get("countType"));
    checkTagLists(path, tagStatus, selection);
    if (countType != null && COUNT_TYPES.contains(countType)) {
      checkStorageClass(path, storageClass == null ? "standard" : storageClass, countType);
      checkUnit(path + ".countUnit", countType, selection.get("countUnit"));
    }
    BigDecimal number = wholeNumber(path + ".countNumber", selection.get("countNumber"));
    if ("archive".equals(storageClass)
        && "sinceImageTransitioned".equals(countType)
        && number != null
        && number.compareTo(MIN_ARCHIVED_DAYS) < 0) {
      problems.add(path + ".countNumber: at least 90 days are needed with sinceImageTransitioned");
    }
    if (tagStatus != null) {
      placed.add(
          new Placed(rule, priority, tagStatus, storageClass == null ? "standard" : storageClass));
    }
  }

  private void checkTagLists(String path, @Nullable String tagStatus, Json.Obj selection) {
    int patterns = tags(path + ".tagPatternList", selection.get("tagPatternList"), MAX_STARS);
    int prefixes = tags(path + ".tagPrefixList", selection.get("tagPrefixList"), Integer.MAX_VALUE);
    if (patterns > 0 && prefixes > 0) {
      problems.add(path + ": tagPatternList and tagPrefixList exclude each other");
    }
    if (tagStatus == null) {
      return;
    }
    switch (tagStatus) {
      case "tagged" -> {
        // A member that is not known may be a new way to choose tags.
        if (patterns + prefixes == 0
            && SELECTION_MEMBERS.containsAll(selection.members().keySet())) {
          problems.add(
              path + ": tagStatus tagged needs an entry in tagPatternList or tagPrefixList");
        }
      }
      case "untagged", "any" -> {
        if (patterns + prefixes > 0) {
          problems.add(path + ": tagPatternList and tagPrefixList are for tagStatus tagged only");
        }
      }
      default -> {
        // Not known here: AWS judges it.
      }
    }
  }

  /** The number of entries; 0 where there is no list. */
  private int tags(String path, @Nullable Json list, int maxStars) {
    if (list == null) {
      return 0;
    }
    if (!(list instanceof Json.Arr(List<Json> elements))) {
      problems.add(path + ": " + list.kind() + "; a list of strings is accepted");
      return 0;
    }
    for (int i = 0; i < elements.size(); i++) {
      String entry = path + "[" + i + "]";
      String tag = requiredText(entry, elements.get(i));
      if (tag != null && tag.isEmpty()) {
        problems.add(entry + ": empty");
      }
      if (tag != null && tag.chars().filter(c -> c == '*').count() > maxStars) {
        problems.add(entry + ": at most " + maxStars + " '*' are accepted");
      }
    }
    return elements.size();
  }

  private void checkStorageClass(String path, String storageClass, String countType) {
    boolean archived = countType.equals("sinceImageTransitioned");
    if (archived && storageClass.equals("standard")) {
      problems.add(path + ".storageClass: archive is needed with sinceImageTransitioned");
    }
    if (!archived && storageClass.equals("archive")) {
      problems.add(path + ".countType: archive goes with sinceImageTransitioned only");
    }
  }

  private void checkUnit(String path, String countType, @Nullable Json unit) {
    if (AGES.contains(countType)) {
      requiredText(path, unit);
    } else if (unit != null) {
      problems.add(path + ": is not accepted with " + countType);
    }
  }

  private void checkAction(String path, Json.Obj action) {
    String type = requiredText(path + ".type", action.get("type"));
    String target = path + ".targetStorageClass";
    if ("transition".equals(type)) {
      requiredText(target, action.get("targetStorageClass"));
    } else if ("expire".equals(type) && action.get("targetStorageClass") != null) {
      problems.add(target + ": is accepted with transition only");
    }
  }

  private void checkPriorities() {
    Map<BigDecimal, String> paths = new HashMap<>();
    for (Placed rule : placed) {
      String earlier =
          rule.priority() == null ? null : paths.putIfAbsent(rule.priority(), rule.path());
      if (earlier != null) {
        problems.add(rule.path() + ".rulePriority: " + earlier + " has the same");
      }
    }
  }

  private void checkOneUntagged() {
    Map<String, String> paths = new HashMap<>();
    placed.stream()
        .filter(rule -> rule.tagStatus().equals("untagged"))
        .forEach(
            rule -> {
              String earlier = paths.putIfAbsent(rule.storageClass(), rule.path());
              if (earlier != null) {
                problems.add(
                    rule.path()
                        + ".selection.tagStatus: one rule a storage class may be for untagged"
                        + " images; "
                        + earlier
                        + " is");
              }
            });
  }

  private void checkAnyIsLast() {
    for (Placed any : placed) {
      BigDecimal priority = any.priority();
      if (any.tagStatus().equals("any") && priority != null) {
        sameClass(any)
            .filter(other -> other.priority() != null && other.priority().compareTo(priority) > 0)
            .findFirst()
            .ifPresent(
                other ->
                    problems.add(
                        any.path()
                            + ".rulePriority: a rule for tagStatus any needs the highest number of"
                            + " its storage class; "
                            + other.path()
                            + " has a higher one"));
      }
    }
  }

  private Stream<Placed> sameClass(Placed rule) {
    return placed.stream().filter(other -> other.storageClass().equals(rule.storageClass()));
  }

  private Json.@Nullable Obj object(String path, @Nullable Json value) {
    if (value instanceof Json.Obj object) {
      return object;
    }
    problems.add(path + ": " + (value == null ? "is missing" : "an object is accepted"));
    return null;
  }

  private @Nullable BigDecimal wholeNumber(String path, @Nullable Json value) {
    if (value instanceof Json.Num number
        && number.value().scale() <= 0
        && number.value().signum() > 0) {
      return number.value();
    }
    problems.add(
        path + ": " + (value == null ? "is missing" : "a whole number from 1 on is accepted"));
    return null;
  }

  private @Nullable String requiredText(String path, @Nullable Json value) {
    if (value == null) {
      problems.add(path + ": is missing");
    }
    return optionalText(path, value);
  }

  private @Nullable String optionalText(String path, @Nullable Json value) {
    if (value instanceof Json.Text(String text)) {
      return text;
    }
    if (value != null) {
      problems.add(path + ": " + value.kind() + "; a string is accepted");
    }
    return null;
  }
}
