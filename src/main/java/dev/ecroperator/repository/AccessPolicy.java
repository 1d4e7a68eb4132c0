package dev.ecroperator.repository;

import dev.ecroperator.policy.AccessGrants;
import dev.ecroperator.policy.PolicyDocument;

/**
 * A repository's resource policy, and how much of it is declared.
 *
 * @param document the whole document, or the statements that are ours
 * @param scope which of the two
 */
public record AccessPolicy(PolicyDocument document, Scope scope) {

  /** How much of the document a declaration owns. */
  public enum Scope {
    /** All of it: {@code accessPolicy.json}. */
    DOCUMENT,
    /** The statements with our Sids: {@code accessPolicy.pull} and {@code push}. */
    OWN_STATEMENTS
  }

  /** No policy: what ECR gives a repository that asks for nothing. */
  public static final AccessPolicy NONE = document(PolicyDocument.none());

  /** The declaration, or the observation, of a whole document. */
  public static AccessPolicy document(PolicyDocument document) {
    return new AccessPolicy(document, Scope.DOCUMENT);
  }

  /** The declaration of our own statements among others. */
  public static AccessPolicy ownStatements(PolicyDocument statements) {
    return new AccessPolicy(statements, Scope.OWN_STATEMENTS);
  }

  /** The document that ECR shall have, where it has {@code observed} now. */
  PolicyDocument over(AccessPolicy observed) {
    return switch (scope) {
      case DOCUMENT -> document;
      case OWN_STATEMENTS -> observed.document.withStatements(AccessGrants.OWNED_SIDS, document);
    };
  }
}
