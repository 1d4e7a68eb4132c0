package dev.ecroperator.repository;

import dev.ecroperator.policy.AccessGrants;
import dev.ecroperator.policy.PolicyDocument;

/**
 * A repository's resource policy, and how much of it is declared.
 *
 * @param document the whole document, or the statements that are ours
 * @param scope which of the two, and what of others stays beside it
 */
public record AccessPolicy(PolicyDocument document, Scope scope) {

  /** How much of the document a declaration owns. */
  public enum Scope {
    /** All of it: {@code accessPolicy.json}. */
    DOCUMENT(Managed.ACCESS_POLICY_JSON),
    /** The statements with our Sids: {@code accessPolicy.pull} and {@code push}. */
    OWN_STATEMENTS(Managed.ACCESS_POLICY),
    /**
     * The same in place of {@code accessPolicy.json}: what is declared are statements, what is
     * replaced is all of it, for it was ours.
     */
    OWN_STATEMENTS_ALONE(Managed.ACCESS_POLICY);

    private final String field;

    Scope(String field) {
      this.field = field;
    }

    /** The managed field that declares it. */
    String field() {
      return field;
    }
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

  /** These statements, and nothing of what stood there before. */
  AccessPolicy alone() {
    return new AccessPolicy(document, Scope.OWN_STATEMENTS_ALONE);
  }

  /** The document that ECR shall have, where it has {@code observed} now. */
  PolicyDocument over(AccessPolicy observed) {
    return switch (scope) {
      case DOCUMENT, OWN_STATEMENTS_ALONE -> document;
      case OWN_STATEMENTS -> observed.document.withStatements(AccessGrants.OWNED_SIDS, document);
    };
  }
}
