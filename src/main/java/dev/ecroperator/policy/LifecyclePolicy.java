package dev.ecroperator.policy;

import dev.ecroperator.api.LifecycleRuleSpec;
import dev.ecroperator.json.Json;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.json.StrictJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An ECR lifecycle policy. Immutable.
 *
 * <p>Two policies are equal if they mean the same to ECR. What does not count: the order of members
 * and rules (priorities order them), order and repeats of tag patterns and prefixes (all must
 * match), empty lists of them, the storage class standard against none, the spelling of numbers, an
 * empty description against none, and members that are null. The description counts: it deletes
 * nothing, but was declared. So do members that are not known here. A policy without rules does
 * nothing and equals {@link #none()}.
 */
public final class LifecyclePolicy {
  /** The characters that ECR accepts in a lifecycle policy (service model, LifecyclePolicyText). */
  public static final int MIN_LENGTH = 100;

  /** As {@link #MIN_LENGTH}. */
  public static final int MAX_LENGTH = 30_720;

  /** White space does not count, for it is not sent; but reading it is bounded, too. */
  private static final int MAX_READ_LENGTH = 4 * MAX_LENGTH;

  private static final String RULES = "rules";
  private static final LifecyclePolicy NONE = new LifecyclePolicy(Json.Obj.EMPTY, List.of());

  private final Json.Obj root;
  private final List<Json.Obj> rules;
  private final LifecycleMeaning meaning;

  private LifecyclePolicy(Json.Obj root, List<Json.Obj> rules) {
    this.root = root;
    this.rules = List.copyOf(rules);
    this.meaning = LifecycleMeaning.of(root, rules);
  }

  /**
   * Reads a policy as a user or AWS wrote it; the grammar is judged by {@link #problem()}. Text
   * that is empty or blank, {@code {}} and an empty list of rules are {@link #none()}. Other
   * members that are null count as absent, since ECR refuses nulls, and so do empty lists of tags,
   * which it wants to be left out.
   *
   * @throws MalformedDocumentException if the text is no JSON object, has other members but no list
   *     of rules, or has null in a list
   */
  public static LifecyclePolicy parse(String json) {
    if (json.isBlank()) {
      return NONE;
    }
    Json.Obj given = StrictJson.read(json, MAX_READ_LENGTH);
    // As it was given: null in the place of rules must not read as "there shall be no policy".
    rulesOf(given);
    Json.Obj root = withoutAbsent(given, "$");
    return of(root, rulesOf(root));
  }

  /** The policy with these rules, written as they are; none for an empty list. */
  public static LifecyclePolicy of(List<LifecycleRuleSpec> rules) {
    List<Json.Obj> written = rules.stream().map(LifecycleRuleJson::of).toList();
    return of(Json.Obj.EMPTY.with(RULES, new Json.Arr(List.copyOf(written))), written);
  }

  /** The absence of a policy. */
  public static LifecyclePolicy none() {
    return NONE;
  }

  private static LifecyclePolicy of(Json.Obj root, List<Json.Obj> rules) {
    return rules.isEmpty() ? NONE : new LifecyclePolicy(root, rules);
  }

  /** Whether there is no policy, or none with a rule: AWS accepts no such policy. */
  public boolean isNone() {
    return rules.isEmpty();
  }

  /**
   * What AWS would refuse of this policy, naming rules (counted from 0) and fields; empty if
   * nothing is known. Values and members that AWS may have added are let through.
   */
  public Optional<String> problem() {
    int length = json().length();
    return length > MAX_LENGTH
        ? Optional.of(
            "the lifecycle policy has %d characters; ECR accepts at most %d"
                .formatted(length, MAX_LENGTH))
        : LifecycleGrammar.problem(rules);
  }

  /**
   * The text to send to AWS: members and rules as they were given, without nulls and empty lists of
   * tags, and without white space except what ECR's least length asks for. Empty for {@link
   * #isNone()}: then the policy is to be deleted.
   */
  public String json() {
    if (isNone()) {
      return "";
    }
    String compact = root.compact();
    int missing = MIN_LENGTH - compact.length();
    // Within the object, since white space around it might be trimmed before it is counted.
    return missing <= 0
        ? compact
        : compact.substring(0, compact.length() - 1) + " ".repeat(missing) + "}";
  }

  /** Equal by meaning: see the class. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LifecyclePolicy that && meaning.equals(that.meaning);
  }

  @Override
  public int hashCode() {
    return meaning.hashCode();
  }

  /** Short and without content, for logs. */
  @Override
  public String toString() {
    return "LifecyclePolicy[%d rules, %d characters]".formatted(rules.size(), json().length());
  }

  private static List<Json.Obj> rulesOf(Json.Obj root) {
    Json member = root.get(RULES);
    if (member == null) {
      // A misspelt member must not read as "there shall be no policy".
      if (root.members().isEmpty()) {
        return List.of();
      }
      throw new MalformedDocumentException("$", "the member rules is missing");
    }
    if (!(member instanceof Json.Arr(List<Json> elements))) {
      throw new MalformedDocumentException(
          "$.rules", member.kind() + "; a list of objects is accepted");
    }
    List<Json.Obj> rules = new ArrayList<>();
    for (Json element : elements) {
      if (!(element instanceof Json.Obj rule)) {
        throw new MalformedDocumentException(
            "$.rules[" + rules.size() + "]", element.kind() + "; an object is accepted");
      }
      rules.add(rule);
    }
    return rules;
  }

  private static Json.Obj withoutAbsent(Json.Obj object, String path) {
    Map<String, Json> kept = new LinkedHashMap<>();
    object
        .members()
        .forEach(
            (name, value) -> {
              if (!isAbsent(name, value)) {
                String member = path + "." + MalformedDocumentException.excerpt(name);
                kept.put(name, withoutAbsent(value, member));
              }
            });
    return new Json.Obj(kept);
  }

  private static boolean isAbsent(String name, Json value) {
    return value == Json.Literal.NULL
        || (LifecycleMeaning.TAG_LISTS.contains(name) && value.equals(new Json.Arr(List.of())));
  }

  private static Json withoutAbsent(Json value, String path) {
    return switch (value) {
      case Json.Obj object -> withoutAbsent(object, path);
      case Json.Arr(List<Json> elements) -> {
        List<Json> kept = new ArrayList<>();
        for (Json element : elements) {
          String here = path + "[" + kept.size() + "]";
          if (element == Json.Literal.NULL) {
            throw new MalformedDocumentException(here, "null; ECR accepts no null");
          }
          kept.add(withoutAbsent(element, here));
        }
        yield new Json.Arr(kept);
      }
      default -> value;
    };
  }
}
