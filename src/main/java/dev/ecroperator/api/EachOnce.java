package dev.ecroperator.api;

/**
 * The rule of lists that say a value once. Such a list is atomic, not a set of the API server:
 * there server-side apply keeps what somebody else added, and an account that Git no longer names
 * would keep its access.
 *
 * <p>The API server takes the rule for too costly in sourceArns (82 times its budget) and in the
 * lists of a lifecycle rule (2.8 times): there a value that is repeated counts once.
 */
final class EachOnce {
  static final String RULE = "self.all(a, self.exists_one(b, b == a))";
  static final String MESSAGE = "a value stands here more than once: write each once";

  private EachOnce() {}
}
