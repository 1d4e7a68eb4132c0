package dev.ecroperator.policy;

import dev.ecroperator.json.Json;
import dev.ecroperator.json.StrictJson;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a Condition element means: clauses, all of which must hold. No clause at all is the same as
 * no Condition.
 *
 * <p>Key names do not depend on case (IAM user guide). Operators do neither here: AWS either
 * refuses another case or takes it for the same operator. Two clauses whose names differ in case
 * only stay two, for they must both hold.
 */
final class ConditionMeaning {

  /** An operator on a context key with values, any of which may match. */
  record Clause(String operator, String key, Set<Json> values) {}

  private ConditionMeaning() {}

  /** A value that is equal for equal meanings; an element of a form that IAM lacks means itself. */
  static Object of(Json element) {
    if (!(element instanceof Json.Obj(Map<String, Json> operators))
        || !operators.values().stream().allMatch(Json.Obj.class::isInstance)) {
      return element;
    }
    Set<Clause> clauses = new HashSet<>();
    operators.forEach(
        (name, keys) -> {
          String operator = AsciiCase.lower(name);
          boolean numeric = operator.contains("numeric");
          ((Json.Obj) keys)
              .members()
              .forEach(
                  (key, values) ->
                      clauses.add(
                          new Clause(
                              operator,
                              AsciiCase.lower(key),
                              OneOrMany.of(values, value -> meaning(value, numeric)))));
        });
    return clauses;
  }

  /**
   * Numbers and truth values are the strings that spell them: AWS accepts both forms and returns
   * strings. Numeric operators compare numbers, so there "5.0" is 5.
   */
  private static Json meaning(Json value, boolean numeric) {
    return switch (value) {
      case Json.Text text -> numeric ? number(text.value()) : text;
      case Json.Num number ->
          numeric ? number(number.spelling()) : new Json.Text(number.spelling());
      case Json.Literal literal when literal != Json.Literal.NULL ->
          new Json.Text(literal.spelling);
      default -> value;
    };
  }

  private static Json number(String spelling) {
    return new Json.Text(StrictJson.boundedNumber(spelling).map(Object::toString).orElse(spelling));
  }
}
