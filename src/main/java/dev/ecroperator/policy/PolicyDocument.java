package dev.ecroperator.policy;

import dev.ecroperator.json.Json;
import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An IAM policy document, such as a repository's or a registry's policy. Immutable.
 *
 * <p>Two documents are equal if they mean the same to IAM, however they are spelled: AWS returns
 * documents with statements, principals and members in another order than it was given. What
 * counts:
 *
 * <ul>
 *   <li>not: the order of members, statements and values, repeats of statements and values, a list
 *       of one against its element, the case of actions, of condition operators and of condition
 *       keys, {@code "*"} against {@code {"AWS": "*"}}, an account id against its root ARN, numbers
 *       and truth values in conditions against strings, an empty Sid, Id or Condition against none;
 *   <li>everything else, among it the Sid and the Id (they grant nothing, but were declared), the
 *       Version (absent is 2008-10-17), and members that are not known here.
 * </ul>
 *
 * <p>No inference is made: {@code ecr:*} differs from all actions listed one by one. A document
 * without statements grants nothing and equals {@link #none()}.
 */
public final class PolicyDocument {
  /** The characters that ECR accepts in a policy (service model, PolicyText). */
  public static final int MAX_LENGTH = 10_240;

  /** White space does not count, for it is not sent; but reading it is bounded, too. */
  private static final int MAX_READ_LENGTH = 4 * MAX_LENGTH;

  private static final String STATEMENT = "Statement";
  private static final Set<String> MEMBERS_WITHOUT_MEANING = Set.of("Version", "Id");
  private static final Pattern VANISHED = Pattern.compile("\"(A[A-Z]{3}[A-Z0-9]{12,})\"");
  private static final PolicyDocument NONE = new PolicyDocument(Json.Obj.EMPTY, List.of());

  private final Json.Obj root;
  private final List<Json.Obj> statements;
  private final PolicyMeaning meaning;

  private PolicyDocument(Json.Obj root, List<Json.Obj> statements) {
    this.root = root;
    this.statements = List.copyOf(statements);
    this.meaning = PolicyMeaning.of(root, statements);
  }

  /**
   * Reads a document as a user or AWS wrote it. Text that is empty or blank, and a document without
   * statements, are {@link #none()}. Elements of statements are not judged: that is up to AWS.
   *
   * @throws MalformedDocumentException if the text is no JSON object, or has no list of statements
   *     where other members suggest that one was meant
   */
  public static PolicyDocument parse(String json) {
    if (json.isBlank()) {
      return NONE;
    }
    Json.Obj root = StrictJson.read(json, MAX_READ_LENGTH);
    return of(root, statementsOf(root));
  }

  /** The absence of a document. */
  public static PolicyDocument none() {
    return NONE;
  }

  static PolicyDocument of(Json.Obj root, List<Json.Obj> statements) {
    return statements.isEmpty()
        ? NONE
        : new PolicyDocument(root.with(STATEMENT, statementMember(root, statements)), statements);
  }

  /** Statements in a document of their own, of the current version of the policy language. */
  static PolicyDocument ofStatements(List<Json.Obj> statements) {
    return of(Json.Obj.EMPTY.withText("Version", "2012-10-17"), statements);
  }

  /** Whether there is no document, or none with a statement: AWS accepts no such document. */
  public boolean isNone() {
    return statements.isEmpty();
  }

  /** What AWS would refuse of this document, in words for the user; empty if nothing is known. */
  public Optional<String> problem() {
    int length = json().length();
    return length <= MAX_LENGTH
        ? Optional.empty()
        : Optional.of(
            "the policy has %d characters; ECR accepts at most %d".formatted(length, MAX_LENGTH));
  }

  /**
   * The text to send to AWS: members, statements and values as they were given, without white space
   * between them. Empty for {@link #isNone()}: then the policy is to be deleted.
   */
  public String json() {
    return isNone() ? "" : root.compact();
  }

  /**
   * The statements with an accepted Sid, in a document of version 2012-10-17 without Id. Version
   * and Id of this document are left out, since they belong to all its statements: so the result of
   * {@link #withStatements} gives back what was put in, whatever stood there before.
   */
  public PolicyDocument onlyStatements(Predicate<String> sid) {
    return ofStatements(statements.stream().filter(statement -> hasSid(statement, sid)).toList());
  }

  /**
   * This document with the statements of {@code owned} in place of those that have an owned Sid.
   * All others, those without Sid included, stay as they are and in their order, as do Version, Id
   * and unknown members; where this document is none, those of {@code owned} are taken.
   *
   * @throws IllegalArgumentException if a statement of {@code owned} has no owned Sid: nobody could
   *     remove it again
   */
  public PolicyDocument withStatements(Predicate<String> ownedSid, PolicyDocument owned) {
    if (!owned.statements.stream().allMatch(statement -> hasSid(statement, ownedSid))) {
      throw new IllegalArgumentException("a statement to put in has a Sid that is not owned");
    }
    List<Json.Obj> merged = new ArrayList<>(statements);
    merged.removeIf(statement -> hasSid(statement, ownedSid));
    merged.addAll(owned.statements);
    return of(isNone() ? owned.root : root, merged);
  }

  /**
   * The ids by which AWS shows IAM principals that were deleted, in the Principal of a statement
   * (IAM User Guide, "AWS JSON policy elements: Principal"): a document that has one may be refused
   * when it is put back.
   */
  public SortedSet<String> vanishedPrincipals() {
    return statements.stream()
        .map(statement -> statement.get("Principal"))
        .filter(Objects::nonNull)
        .flatMap(principal -> VANISHED.matcher(principal.compact()).results())
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Equal by meaning: see the class. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PolicyDocument that && meaning.equals(that.meaning);
  }

  @Override
  public int hashCode() {
    return meaning.hashCode();
  }

  /** Short and without content, for logs. */
  @Override
  public String toString() {
    return "PolicyDocument[%d statements, %d characters]"
        .formatted(statements.size(), json().length());
  }

  private static List<Json.Obj> statementsOf(Json.Obj root) {
    Json member = root.get(STATEMENT);
    if (member == null) {
      // A misspelt member must not read as "there shall be no policy".
      if (MEMBERS_WITHOUT_MEANING.containsAll(root.members().keySet())) {
        return List.of();
      }
      throw new MalformedDocumentException("$", "the member Statement is missing");
    }
    if (member instanceof Json.Obj single) {
      return List.of(single);
    }
    if (!(member instanceof Json.Arr(List<Json> elements))) {
      throw new MalformedDocumentException(
          "$.Statement", member.kind() + "; an object or a list of objects is accepted");
    }
    List<Json.Obj> statements = new ArrayList<>();
    for (Json element : elements) {
      if (!(element instanceof Json.Obj statement)) {
        throw new MalformedDocumentException(
            "$.Statement[" + statements.size() + "]", element.kind() + "; an object is accepted");
      }
      statements.add(statement);
    }
    return statements;
  }

  /** A single statement stays without brackets if it was given so. */
  private static Json statementMember(Json.Obj root, List<Json.Obj> statements) {
    return statements.size() == 1 && statements.getFirst().equals(root.get(STATEMENT))
        ? statements.getFirst()
        : new Json.Arr(List.copyOf(statements));
  }

  private static boolean hasSid(Json.Obj statement, Predicate<String> accepted) {
    return statement.get("Sid") instanceof Json.Text(String sid) && accepted.test(sid);
  }
}
