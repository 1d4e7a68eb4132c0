package dev.ecroperator.replication;

import dev.ecroperator.json.Seeds;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * In which words and in which order a registry gives back what it was given: ECR promises neither.
 * What is around the rules stays to the byte, and so do rules with members that nobody knows.
 */
enum Respelling {
  /** To the byte. */
  NONE,
  /** In other words and another order, and the same ones at each read. */
  STABLE,
  /** In other words and another order at each read. */
  CHANGING;

  /** That of a seed; all seeds together have each as often. */
  static Respelling of(long seed) {
    return values()[Math.floorMod(seed, values().length)];
  }

  /** What a registry makes of its configuration when that is read. */
  UnaryOperator<String> reading(long seed) {
    if (this == NONE) {
      return UnaryOperator.identity();
    }
    RandomReplications changing = words(seed);
    return text -> respelled(text, this == CHANGING ? changing : words(seed));
  }

  private static RandomReplications words(long seed) {
    return new RandomReplications(Seeds.random(seed)).withoutEscapes();
  }

  private static String respelled(String text, RandomReplications random) {
    ReplicationDocument document = ReplicationDocument.read(text);
    List<Rule> rules = document.rules().stream().map(random::respelled).toList();
    return document.with(random.draw().shuffled(rules)).text();
  }

  /** What has to be the same of rules, and in which order. */
  List<String> kept(List<String> rules) {
    return this == NONE ? rules : rules.stream().map(Oracle::plain).sorted().toList();
  }

  /** What has to be the same of one rule. */
  String kept(String rule) {
    return this == NONE ? rule : Oracle.plain(rule);
  }
}
