package dev.ecroperator.replication;

import dev.ecroperator.json.RandomJson;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Random contributions, and random rules of others, strangely spelled. Few names are drawn, so that
 * everything overlaps; a rule of others never is spelled as one of ours.
 */
final class RandomReplications {
  static final List<String> PREFIXES =
      List.of("", "te", "team", "team/", "team/a", "team/api", "base", "base/", "base/jre", "x1");
  static final List<Registry> DESTINATIONS =
      List.of(
          new Registry("111122223333", "eu-central-1"),
          new Registry("111122223333", "us-east-1"),
          new Registry("444455556666", "eu-west-1"),
          new Registry("444455556666", "us-east-1"));

  private final RandomJson draw;
  private boolean escaping = true;

  RandomReplications(RandomGenerator random) {
    this.draw = new RandomJson(random);
  }

  /** The same, but characters stand for themselves: what is spelled can be looked for. */
  RandomReplications withoutEscapes() {
    escaping = false;
    return this;
  }

  RandomJson draw() {
    return draw;
  }

  List<Contribution> desired() {
    return draw.upTo(4) == 0 ? List.of(contribution(), contribution()) : List.of(contribution());
  }

  Contribution contribution() {
    return new Contribution(
        new TreeSet<>(draw.upTo(8) == 0 ? List.of() : some(PREFIXES.subList(1, 10))),
        new TreeSet<>(some(DESTINATIONS)),
        draw.upTo(3) == 0);
  }

  private <T> List<T> some(List<T> values) {
    return draw.shuffled(values).subList(0, 1 + draw.upTo(3));
  }

  /** The text of a rule of others. */
  String foreign() {
    return foreign(contribution(), draw.upTo(3) == 0);
  }

  /** The text of a rule of others that says this, or this and something that nobody knows. */
  String foreign(Contribution meaning, boolean withUnknownMember) {
    List<String> members = new ArrayList<>();
    members.add(
        member(
            "destinations",
            list(
                draw.shuffled(List.copyOf(meaning.destinations())).stream()
                    .map(
                        each ->
                            object(
                                List.of(
                                    member("region", text(each.region())),
                                    member("registryId", text(each.accountId())))))
                    .toList())));
    List<String> filters = List.copyOf(meaning.filters());
    if (filters.isEmpty()) {
      filters = draw.coin() ? List.of() : List.of("");
    }
    if (!meaning.filters().isEmpty() || draw.upTo(4) == 0) {
      members.add(
          member(
              "repositoryFilters",
              list(
                  draw.shuffled(filters).stream()
                      .map(
                          each ->
                              object(
                                  List.of(
                                      member("filter", text(each)),
                                      member("filterType", text("PREFIX_MATCH")))))
                      .toList())));
    }
    if (meaning.replicateDeletes() || draw.upTo(4) == 0) {
      members.add(
          member(
              "deleteReplication",
              object(List.of(member("enabled", "" + meaning.replicateDeletes())))));
    }
    if (withUnknownMember) {
      members.add(
          member(
              draw.oneOf("priority", "Destinations", "condition", "\u00e9t\u00e9"),
              draw.oneOf("1.50", "1e+2", "-0", "null", "\"a\\/b\"", "[ ]", "{\"a\" : [0.10]}")));
    }
    return "{ " + object(members).substring(1);
  }

  /** The rule in other words, perhaps in ours; to the byte where there are members unknown here. */
  Rule respelled(Rule rule) {
    Contribution meaning = rule.meaning();
    String text =
        meaning == null
            ? rule.text()
            : draw.coin() ? Rule.of(meaning).text() : foreign(meaning, false);
    return new Rule(text, null, null, space() + "," + space());
  }

  /** A document with these rules and, perhaps, other members. */
  String document(List<String> rules) {
    List<String> members = new ArrayList<>(List.of(member("rules", list(rules))));
    if (draw.coin()) {
      members.add(member("version", draw.oneOf("1.0", "\"\\u0031\"", "[[{ }]]")));
    }
    return space() + object(members) + space();
  }

  private String object(List<String> members) {
    return "{" + space() + joined(draw.shuffled(members)) + space() + "}";
  }

  private String list(List<String> elements) {
    return "[" + space() + joined(elements) + space() + "]";
  }

  private String joined(List<String> elements) {
    StringBuilder joined = new StringBuilder();
    for (String element : elements) {
      joined.append(joined.isEmpty() ? "" : space() + "," + space()).append(element);
    }
    return joined.toString();
  }

  private String member(String name, String value) {
    return text(name) + space() + ":" + space() + value;
  }

  private String text(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      text.append(
          escaping && draw.upTo(20) == 0 ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return text.append('"').toString();
  }

  private String space() {
    return draw.oneOf("", "", " ", "\n\t");
  }
}
