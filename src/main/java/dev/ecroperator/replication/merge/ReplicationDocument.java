package dev.ecroperator.replication.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ecroperator.json.Json;
import dev.ecroperator.json.JsonSpan;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.json.StrictJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The replication configuration of a registry, as text. What is around the rules, and each rule
 * that stays, is kept to the byte: members that nobody here knows, spacing, escapes, the spelling
 * of numbers.
 */
public final class ReplicationDocument {
  private static final int MAX_READ_LENGTH = 2_000_000;
  private static final String RULES = "rules";

  /**
   * A rule.
   *
   * @param text as it was read, or shall be written
   * @param meaning what it says; null if it has members that are not known here
   * @param likeness what its members that are known say; null if these have another form
   * @param gap what stands between it and the rule before
   */
  public record Rule(
      String text, @Nullable Contribution meaning, @Nullable Contribution likeness, String gap) {
    /** The rule that says it, as this operator spells rules. */
    public static Rule of(Contribution meaning) {
      return new Rule(RuleJson.text(meaning), meaning, meaning, ",");
    }

    boolean isSpelledAsOurs() {
      return meaning != null && text.equals(RuleJson.text(meaning));
    }
  }

  private final String head;
  private final List<Rule> rules;
  private final String tail;

  private ReplicationDocument(String head, List<Rule> rules, String tail) {
    this.head = head;
    this.rules = List.copyOf(rules);
    this.tail = tail;
  }

  /**
   * The document that the text holds; no text, or null, is a document without rules.
   *
   * @throws MalformedDocumentException if it could not be kept as it is
   */
  public static ReplicationDocument read(@Nullable String raw) {
    String text = raw == null || raw.strip().equals("null") ? "{}" : raw;
    Json.Obj root = StrictJson.read(text, MAX_READ_LENGTH);
    JsonSpan span = JsonSpan.ofMember(text, RULES);
    if (span == null) {
      int inside = text.indexOf('{') + 1;
      String more = root.members().isEmpty() ? "" : ",";
      return new ReplicationDocument(
          text.substring(0, inside) + "\"rules\":[",
          List.of(),
          "]" + more + text.substring(inside));
    }
    String before = text.substring(0, span.start());
    String after = text.substring(span.end());
    return switch (root.get(RULES)) {
      case Json.Arr(List<Json> elements) -> read(before, elements, span.in(text), after);
      case Json.Literal literal when literal == Json.Literal.NULL ->
          new ReplicationDocument(before + "[", List.of(), "]" + after);
      case null, default ->
          throw new MalformedDocumentException("$.rules", "no list; a list of rules is accepted");
    };
  }

  private static ReplicationDocument read(
      String before, List<Json> elements, String list, String after) {
    List<JsonSpan> spans = JsonSpan.ofElements(list);
    int first = spans.isEmpty() ? 1 : spans.getFirst().start();
    List<Rule> rules = new ArrayList<>();
    int end = first;
    for (JsonSpan span : spans) {
      if (!(elements.get(rules.size()) instanceof Json.Obj rule)) {
        throw new MalformedDocumentException(
            "$.rules[" + rules.size() + "]", "no object; a rule is accepted");
      }
      String gap = rules.isEmpty() ? "," : list.substring(end, span.start());
      rules.add(new Rule(span.in(list), RuleJson.meaning(rule), RuleJson.likeness(rule), gap));
      end = span.end();
    }
    return new ReplicationDocument(
        before + list.substring(0, first), rules, list.substring(end) + after);
  }

  /** The rules, in the order of the text. */
  public List<Rule> rules() {
    return rules;
  }

  /** This document with these rules instead, in this order. */
  public ReplicationDocument with(List<Rule> others) {
    return new ReplicationDocument(head, others, tail);
  }

  /**
   * What tells this document from others that say something else. ECR may give a document back in
   * other words and another order than it was put in.
   */
  public String fingerprint() {
    String meanings =
        rules.stream()
            .map(rule -> rule.meaning() == null ? rule.text() : RuleJson.text(rule.meaning()))
            .sorted()
            .collect(Collectors.joining("\n"));
    return HexFormat.of().formatHex(sha256().digest(meanings.getBytes(UTF_8)), 0, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The text, as it is put. */
  public String text() {
    StringBuilder text = new StringBuilder(head);
    for (Rule rule : rules) {
      text.append(text.length() == head.length() ? "" : rule.gap()).append(rule.text());
    }
    return text.append(tail).toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
