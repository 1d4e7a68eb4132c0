package dev.ecroperator.policy;

import dev.ecroperator.json.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** IAM's rule that a list of one may be written without its brackets. */
final class OneOrMany {
  private OneOrMany() {}

  /**
   * The values as a set: IAM asks whether any of them matches, so order and repeats say nothing.
   */
  static Set<Json> of(Json value, UnaryOperator<Json> meaning) {
    List<Json> values = value instanceof Json.Arr list ? list.elements() : List.of(value);
    Set<Json> set = new LinkedHashSet<>();
    values.forEach(each -> set.add(meaning.apply(each)));
    return set;
  }
}
