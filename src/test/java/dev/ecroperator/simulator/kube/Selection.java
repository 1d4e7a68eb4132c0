package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What labelSelector and fieldSelector let through. */
final class Selection {
  private static final String BETWEEN_TERMS = ",(?![^(]*\\))";
  private static final Pattern TERM =
      Pattern.compile("(!?)([\\w./-]+)(?:\\s*(==?|!=|in|notin)\\s*\\(?([^()]*)\\)?)?");

  private Selection() {}

  static Predicate<JsonNode> of(Kind kind, Call call) {
    return all(call.parameter("labelSelector"), (o, key) -> o.at("/metadata/labels").path(key))
        .and(all(call.parameter("fieldSelector"), (o, path) -> field(kind, o, path)))
        .and(o -> call.name().isEmpty() || call.name().equals(Json.text(o, "metadata", "name")));
  }

  private static JsonNode field(Kind kind, JsonNode object, String path) {
    // Of custom objects the real server knows these two only.
    if (!kind.builtIn() && !Set.of("metadata.name", "metadata.namespace").contains(path)) {
      throw Refusal.of(400, "field label not supported: " + path);
    }
    return object.at("/" + path.replace('.', '/'));
  }

  private static Predicate<JsonNode> all(
      String selector, BiFunction<JsonNode, String, JsonNode> value) {
    Predicate<JsonNode> all = object -> true;
    for (String term : selector.isEmpty() ? new String[0] : selector.split(BETWEEN_TERMS)) {
      Matcher parts = TERM.matcher(term.strip());
      if (!parts.matches()) {
        throw Refusal.of(400, "unable to parse requirement: " + term);
      }
      all = all.and(object -> matches(parts, value.apply(object, parts.group(2))));
    }
    return all;
  }

  private static boolean matches(Matcher term, JsonNode value) {
    String operator = term.group(3);
    if (operator == null) {
      return value.isMissingNode() != term.group(1).isEmpty();
    }
    boolean among =
        !value.isMissingNode()
            && List.of(term.group(4).split("\\s*,\\s*")).contains(value.asText());
    return among != Set.of("!=", "notin").contains(operator);
  }
}
