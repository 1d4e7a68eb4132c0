package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What labelSelector and fieldSelector let through. */
final class Selection {
  private static final Pattern TERMS = Pattern.compile("[^,(]+(\\([^)]*\\))?");
  private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
  private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(!=|==?)\\s*(.*)");

  private Selection() {}

  static Predicate<JsonNode> of(ResourceType type, Call call) {
    return byLabels(call.parameter("labelSelector"))
        .and(byFields(type, call.parameter("fieldSelector")));
  }

  private static Predicate<JsonNode> byLabels(String selector) {
    Predicate<JsonNode> all = object -> true;
    for (String term : terms(selector)) {
      all = all.and(labelTerm(term));
    }
    return all;
  }

  private static List<String> terms(String selector) {
    List<String> terms = new ArrayList<>();
    Matcher matcher = TERMS.matcher(selector);
    while (matcher.find()) {
      terms.add(matcher.group().strip());
    }
    return terms;
  }

  private static Predicate<JsonNode> labelTerm(String term) {
    Matcher set = SET.matcher(term);
    if (set.matches()) {
      List<String> values =
          List.of(set.group(3).split(",", -1)).stream().map(String::strip).toList();
      boolean in = set.group(2).equals("in");
      return o -> (hasLabel(o, set.group(1)) && values.contains(label(o, set.group(1)))) == in;
    }
    Matcher equality = EQUALITY.matcher(term);
    if (equality.matches()) {
      String key = equality.group(1);
      String value = equality.group(3);
      boolean equal = !equality.group(2).equals("!=");
      return o -> (hasLabel(o, key) && label(o, key).equals(value)) == equal;
    }
    return term.startsWith("!")
        ? o -> !hasLabel(o, term.substring(1).strip())
        : o -> hasLabel(o, term);
  }

  private static boolean hasLabel(JsonNode object, String key) {
    return object.at("/metadata/labels").has(key);
  }

  private static String label(JsonNode object, String key) {
    return Json.text(object, "metadata", "labels", key);
  }

  private static Predicate<JsonNode> byFields(ResourceType type, String selector) {
    Predicate<JsonNode> all = object -> true;
    for (String term : terms(selector)) {
      Matcher equality = EQUALITY.matcher(term);
      if (!equality.matches()) {
        throw ApiFailure.badRequest("invalid selector: '" + term + "'");
      }
      String field = equality.group(1);
      // The real server knows a few fields of its own kinds, and of custom ones these two only.
      boolean known = List.of("metadata.name", "metadata.namespace").contains(field);
      if (!known && type.isCustom()) {
        throw ApiFailure.badRequest("field label not supported: " + field);
      }
      String value = equality.group(3);
      boolean equal = !equality.group(2).equals("!=");
      String[] path = field.split("\\.", -1);
      all = all.and(o -> Json.text(o, path).equals(value) == equal);
    }
    return all;
  }
}
