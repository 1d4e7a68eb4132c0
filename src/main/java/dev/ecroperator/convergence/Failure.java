package dev.ecroperator.convergence;

import org.jspecify.annotations.Nullable;

/**
 * One refused or failed call.
 *
 * @param kind what it means for us
 * @param action the call as IAM names it, such as {@code ecr:PutLifecyclePolicy}
 * @param message what the service or the network said; free of request ids, so that a repeated
 *     failure reads the same
 * @param trace what finds the call again; null where no single call failed
 */
public record Failure(Kind kind, String action, String message, @Nullable Trace trace) {

  /** A failure without a call to be found again. */
  public Failure(Kind kind, String action, String message) {
    this(kind, action, message, null);
  }

  /** What a failed call means, whichever service answered it. */
  public enum Kind {
    /** The request is wrong and will stay so until somebody edits it. */
    INVALID(Reason.INVALID_SPEC),
    /** The caller lacks a permission. */
    DENIED(Reason.ACCESS_DENIED),
    /** A policy names a principal that IAM does not know (yet). */
    PRINCIPAL_NOT_FOUND(Reason.PRINCIPAL_NOT_FOUND),
    /** What should be created exists. */
    EXISTS(Reason.ALREADY_EXISTS),
    /** What the call is about does not exist, or not yet everywhere. */
    ABSENT(Reason.PROGRESSING),
    /** What the call was planned on is not so any more: it was not sent. */
    CHANGED(Reason.PROGRESSING),
    /** A deletion would take images with it. */
    NOT_EMPTY(Reason.REPOSITORY_NOT_EMPTY),
    /** A service quota is used up. */
    QUOTA(Reason.QUOTA_EXCEEDED),
    /** The KMS key cannot be used. */
    KMS(Reason.KMS_KEY_UNUSABLE),
    /** Too many calls. */
    THROTTLED(Reason.THROTTLED),
    /** The service, the network or the credentials are not there now; nothing was changed. */
    UNAVAILABLE(Reason.UNAVAILABLE),
    /** No answer, or one that does not tell whether the call took effect. */
    AMBIGUOUS(Reason.UNAVAILABLE),
    /** An answer that the operator does not understand. */
    BUG(Reason.UNAVAILABLE);

    private final Reason reason;

    Kind(Reason reason) {
      this.reason = reason;
    }

    /** The reason that a resource shows for this failure. */
    public Reason reason() {
      return reason;
    }
  }

  /** The same, with what finds the call again. */
  public Failure tracedBy(Trace call) {
    return new Failure(kind, action, message, call);
  }

  /** The finding that this failure makes of a field. */
  public Finding at(String field) {
    return at(field, "");
  }

  /** The finding that this failure makes of a field, with more to say. */
  public Finding at(String field, String remark) {
    return new Finding(kind.reason(), field + ": " + action + ": " + message + remark, trace);
  }

  /** The finding that this failure makes of the resource as a whole. */
  public Finding finding() {
    return new Finding(kind.reason(), action + ": " + message, trace);
  }
}
