package dev.ecroperator.convergence;

/**
 * What in AWS an object means, or why that cannot be said.
 *
 * @param <T> what objects of the kind mean
 */
public sealed interface Resolution<T> {

  /** It is known, and within reach. */
  record Resolved<T>(T target) implements Resolution<T> {}

  /** It cannot be reached as what the object means. */
  record Refused<T>(Finding finding) implements Resolution<T> {}

  /** The value of a field is none that AWS knows. */
  static <T> Resolution<T> invalid(String message) {
    return new Refused<>(new Finding(Reason.INVALID_SPEC, message));
  }

  /**
   * The object means an account that the operator has no credentials of.
   *
   * @param field the field that names it
   * @param what the object declares: {@code repository}, say
   */
  static <T> Resolution<T> otherAccount(
      String field, String accountId, OwnAccount own, String what) {
    return new Refused<>(
        new Finding(
            Reason.NOT_PERMITTED,
            field
                + ": "
                + accountId
                + " is not the operator's own account "
                + own.accountId()
                + ", and no grant opens another: delete this object, for which nothing was done,"
                + " and declare the "
                + what
                + " without the field, or where an operator of that account runs"));
  }

  /**
   * What was pinned when the object was first seen stands in another account than the operator's.
   */
  static <T> Resolution<T> otherOperator(Pin pin, OwnAccount own) {
    return moved(pin, "account " + own.accountId() + ", whose credentials the operator has");
  }

  /** The object means something else than what was pinned when it was first seen. */
  static <T> Resolution<T> moved(Pin pin, String now) {
    return new Refused<>(
        new Finding(
            Reason.IMMUTABLE_CONFLICT,
            "the annotation "
                + pin.annotation()
                + " pins "
                + pin.value()
                + ", but the object now means "
                + now
                + ": put "
                + pin.fields()
                + " (or the operator's account) back, or delete this object and create another"));
  }

  /** Somebody edited what an object that holds something in AWS was pinned to. */
  static <T> Resolution<T> repinned(String annotation, String edited, String held) {
    return new Refused<>(
        new Finding(
            Reason.IMMUTABLE_CONFLICT,
            "the annotation "
                + annotation
                + " says "
                + edited
                + ", but by its status this object holds "
                + held
                + ": put the annotation back, or delete this object and create another"));
  }

  /**
   * What pins an object to what it meant when it was first seen.
   *
   * @param annotation the annotation's key
   * @param value its value
   * @param fields the fields of the spec that say the same
   */
  record Pin(String annotation, String value, String fields) {}
}
