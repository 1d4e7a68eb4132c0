package dev.ecroperator.policy;

import dev.ecroperator.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a statement means, by the names of its elements. Actions do not depend on case, resources do
 * (IAM user guide). The Sid counts, since statements are owned by it; an empty one is none.
 * Elements that are not known here mean their JSON value.
 */
record StatementMeaning(Map<String, Object> elements) {

  /** The meaning of a statement of a policy document. */
  static StatementMeaning of(Json.Obj statement) {
    Map<String, Object> elements = new HashMap<>();
    statement.members().forEach((name, value) -> elements.put(name, element(name, value)));
    elements.remove("Sid", new Json.Text(""));
    elements.remove("Condition", Set.of());
    return new StatementMeaning(elements);
  }

  private static Object element(String name, Json value) {
    return switch (name) {
      case "Action", "NotAction" -> OneOrMany.of(value, StatementMeaning::lowerCase);
      case "Resource", "NotResource" -> OneOrMany.of(value, resource -> resource);
      case "Principal", "NotPrincipal" -> PrincipalMeaning.of(value);
      case "Condition" -> ConditionMeaning.of(value);
      default -> value;
    };
  }

  private static Json lowerCase(Json action) {
    return action instanceof Json.Text(String name) ? new Json.Text(AsciiCase.lower(name)) : action;
  }
}
