package dev.ecroperator.policy;

import dev.ecroperator.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Principal or NotPrincipal element means.
 *
 * <p>{@code "*"} is {@code {"AWS": "*"}}. An account id is the ARN of the account's root: AWS
 * stores the ARN where the id was given. The partition of such an ARN is left out of the
 * comparison: the id alone names no partition, so an id could not equal the ARNs of two partitions
 * unless these equal each other; and all versions of one repository's policy live in one partition,
 * where AWS refuses principals of another. Elsewhere (roles, users) an ARN counts as it is spelled.
 *
 * <p>No entry swallows another: {@code ["*", "<role>"]} differs from {@code "*"}.
 */
final class PrincipalMeaning {
  private static final Pattern ROOT_ARN =
      Pattern.compile("arn:aws(?:-[a-z0-9]+)*:iam::([0-9]{12}):root");

  private PrincipalMeaning() {}

  /** A value that is equal for equal meanings; an element of a form that IAM lacks means itself. */
  static Object of(Json element) {
    if (element instanceof Json.Text(String value) && value.equals("*")) {
      return Map.of("AWS", Set.of(element));
    }
    if (!(element instanceof Json.Obj(Map<String, Json> members))) {
      return element;
    }
    Map<String, Set<Json>> byType = new HashMap<>();
    members.forEach(
        (type, value) ->
            byType.put(
                type,
                OneOrMany.of(value, type.equals("AWS") ? PrincipalMeaning::account : v -> v)));
    return byType;
  }

  private static Json account(Json principal) {
    if (principal instanceof Json.Text(String value)) {
      Matcher root = ROOT_ARN.matcher(value);
      return root.matches() ? new Json.Text(root.group(1)) : principal;
    }
    return principal;
  }
}
