package dev.ecroperator.policy;

import dev.ecroperator.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a policy document means. Statements are a set: IAM asks whether any of them matches, so
 * their order and repeats say nothing. A document without a Version has IAM's default, in which
 * policy variables are plain text, so the two versions differ.
 *
 * @param otherMembers the Id and whatever is not known here
 */
record PolicyMeaning(
    Json version, Map<String, Json> otherMembers, Set<StatementMeaning> statements) {
  private static final Json DEFAULT_VERSION = new Json.Text("2008-10-17");

  static PolicyMeaning of(Json.Obj root, List<Json.Obj> statements) {
    Json version = root.get("Version");
    Map<String, Json> others =
        root.membersWhere(name -> !name.equals("Version") && !name.equals("Statement"));
    others.remove("Id", new Json.Text(""));
    return new PolicyMeaning(
        version == null ? DEFAULT_VERSION : version,
        others,
        statements.stream().map(StatementMeaning::of).collect(Collectors.toSet()));
  }
}
