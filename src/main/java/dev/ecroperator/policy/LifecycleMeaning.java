package dev.ecroperator.policy;

import dev.ecroperator.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a lifecycle policy means. Rules are a set, since their priorities order them; so are tag
 * patterns and prefixes, since an image must match all of them. ECR's default is the storage class
 * standard.
 */
record LifecycleMeaning(Map<String, Json> otherMembers, Set<Map<String, Object>> rules) {
  /** The members of a selection that choose tags; an empty one chooses none. */
  static final List<String> TAG_LISTS = List.of("tagPatternList", "tagPrefixList");

  static LifecycleMeaning of(Json.Obj root, List<Json.Obj> rules) {
    return new LifecycleMeaning(
        root.membersWhere(name -> !name.equals("rules")),
        rules.stream().map(LifecycleMeaning::rule).collect(Collectors.toSet()));
  }

  private static Map<String, Object> rule(Json.Obj rule) {
    Map<String, Object> meaning = new HashMap<>(rule.members());
    meaning.remove("description", new Json.Text(""));
    if (rule.get("selection") instanceof Json.Obj selection) {
      meaning.put("selection", selection(selection));
    }
    return meaning;
  }

  private static Map<String, Object> selection(Json.Obj selection) {
    Map<String, Object> meaning = new HashMap<>(selection.members());
    meaning.putIfAbsent("storageClass", new Json.Text("standard"));
    for (String list : TAG_LISTS) {
      if (selection.get(list) instanceof Json.Arr(List<Json> elements)) {
        meaning.put(list, new HashSet<>(elements));
        meaning.remove(list, Set.of());
      }
    }
    return meaning;
  }
}
