package dev.ecroperator.convergence;

/**
 * Why a resource is Ready or not. Declared from the gravest to the best: of several findings the
 * first in this order becomes the reason of the condition.
 */
public enum Reason {
  CONFLICT("Conflict", Companion.STALLED),
  ALREADY_EXISTS("AlreadyExists", Companion.STALLED),
  NOT_PERMITTED("NotPermitted", Companion.STALLED),
  IMMUTABLE_CONFLICT("ImmutableConflict", Companion.STALLED),
  INVALID_SPEC("InvalidSpec", Companion.STALLED),
  ACCESS_DENIED("AccessDenied", Companion.RECONCILING_THEN_STALLED),
  PRINCIPAL_NOT_FOUND("PrincipalNotFound", Companion.RECONCILING_THEN_STALLED),
  KMS_KEY_UNUSABLE("KmsKeyUnusable", Companion.STALLED),
  QUOTA_EXCEEDED("QuotaExceeded", Companion.STALLED),
  FOREIGN_RULE_UNREADABLE("ForeignRuleUnreadable", Companion.STALLED),
  REPOSITORY_NOT_EMPTY("RepositoryNotEmpty", Companion.STALLED),
  NOT_FOUND("NotFound", Companion.STALLED),
  DRIFT_DETECTED("DriftDetected", Companion.STALLED),
  UNAVAILABLE("Unavailable", Companion.RECONCILING),
  THROTTLED("Throttled", Companion.RECONCILING),
  PROGRESSING("Progressing", Companion.RECONCILING),
  SUSPENDED("Suspended", Companion.STALLED),
  OBSERVED("Observed", Companion.NONE),
  IN_SYNC("InSync", Companion.NONE);

  /** Which of kstatus's abnormal-true conditions stands beside a Ready that is not True. */
  public enum Companion {
    /** None: Ready is True. */
    NONE,
    /** Work goes on by itself. */
    RECONCILING,
    /** Reconciling at first, Stalled when the reason has lasted. */
    RECONCILING_THEN_STALLED,
    /** Somebody has to change something. */
    STALLED
  }

  private final String text;
  private final Companion companion;

  Reason(String text, Companion companion) {
    this.text = text;
    this.companion = companion;
  }

  /** The reason as conditions and events spell it. */
  public String text() {
    return text;
  }

  /** The condition that stands beside Ready. */
  public Companion companion() {
    return companion;
  }

  /** Whether Ready is True for this reason. */
  public boolean ready() {
    return companion == Companion.NONE;
  }

  /** Whether the cause is expected to pass by itself within seconds or minutes. */
  public boolean transientCause() {
    return companion == Companion.RECONCILING;
  }
}
