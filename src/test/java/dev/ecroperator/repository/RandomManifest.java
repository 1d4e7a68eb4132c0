package dev.ecroperator.repository;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.json.RandomJson;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings of a manifest, drawn at random.
 *
 * @param visibility of which repository
 * @param members the members of spec that are declared
 */
record RandomManifest(Visibility visibility, SortedMap<String, Value> members) {
  private static final List<String> GRANTS =
      List.of(
          "{push: {accounts: ['444455556666']}}",
          "{push: {accounts: ['444455556666', '777788889999']}}");
  private static final List<String> WHOLE_POLICIES =
      List.of("{}", "{json: ''}", "{json: '" + Samples.WHOLE.json() + "'}");
  private static final List<List<String>> TAGS =
      List.of(
          List.of("{team: payments}", "{team: platform}"),
          List.of("{team: payments, cost: '7'}", "{team: payments, cost: '8'}"));

  /** What can be declared: by member, alternatives; those of one list hold the same fields. */
  private static final Map<String, List<List<String>>> OF_PRIVATE =
      Map.of(
          "imageTagMutability",
          List.of(
              List.of(
                  "{mode: MUTABLE}",
                  "{mode: IMMUTABLE}",
                  "{mode: IMMUTABLE_WITH_EXCLUSION, exclusionFilters: [latest]}")),
          "scanning",
          List.of(List.of("{scanOnPush: true}", "{scanOnPush: false}")),
          "lifecyclePolicy",
          List.of(
              List.of(
                  "{}",
                  "{json: '" + Samples.EXPIRE_UNTAGGED.json() + "'}",
                  "{json: '" + Samples.EXPIRE_LATER.json() + "'}")),
          "accessPolicy",
          List.of(GRANTS, WHOLE_POLICIES),
          "tags",
          TAGS);

  private static final Map<String, List<List<String>>> OF_PUBLIC =
      Map.of(
          "catalog",
          List.of(
              List.of("{description: one}", "{description: two}"),
              List.of("{description: one, usageText: use}", "{description: one, usageText: two}"),
              List.of(
                  "{description: '', aboutText: '', usageText: u, architectures: [x86-64],"
                      + " operatingSystems: []}",
                  "{description: d, aboutText: a, usageText: u, architectures: [],"
                      + " operatingSystems: [Linux]}")),
          "accessPolicy",
          List.of(GRANTS, WHOLE_POLICIES),
          "tags",
          TAGS);

  /**
   * A value of a member.
   *
   * @param alternatives the values that hold the same fields
   */
  record Value(List<String> alternatives, String yaml) {
    static Value draw(List<String> alternatives, RandomJson draw) {
      return new Value(alternatives, draw.oneOf(alternatives));
    }
  }

  /** One that declares nothing. */
  static RandomManifest empty(Visibility visibility) {
    return new RandomManifest(visibility, new TreeMap<>());
  }

  static RandomManifest draw(Visibility visibility, RandomJson draw) {
    SortedMap<String, Value> members = new TreeMap<>();
    new TreeMap<>(visibility == Visibility.PUBLIC ? OF_PUBLIC : OF_PRIVATE)
        .forEach(
            (member, values) -> {
              if (draw.upTo(3) > 0) {
                members.put(member, Value.draw(draw.oneOf(values), draw));
              }
            });
    return new RandomManifest(visibility, members);
  }

  /** The same fields, perhaps with other values. */
  RandomManifest withOtherValues(RandomJson draw) {
    SortedMap<String, Value> others = new TreeMap<>(members);
    others.replaceAll((member, value) -> Value.draw(value.alternatives(), draw));
    return new RandomManifest(visibility, others);
  }

  /** A spec that declares these settings, and more. */
  String yaml(String more) {
    return members.entrySet().stream()
        .map(member -> member.getKey() + ": " + member.getValue().yaml() + "\n")
        .collect(Collectors.joining("", "visibility: " + visibility.text() + "\n", more));
  }

  RepositorySettings settings() {
    return DesiredRepository.of(Samples.spec(yaml("")), visibility, "aws").settings();
  }

  /** Whether nothing of the access policy is left to others. */
  boolean declaresWholePolicy() {
    AccessPolicy policy = settings().accessPolicy();
    return policy != null && policy.scope() == AccessPolicy.Scope.DOCUMENT;
  }
}
