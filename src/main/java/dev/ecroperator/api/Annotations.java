package dev.ecroperator.api;

/** The annotations by which objects of all kinds are steered. */
public final class Annotations {
  /** Asks for a look at once; its value, the time of asking, is echoed in the status. */
  public static final String REQUESTED_AT = "ecroperator.dev/requestedAt";

  /** Pins what in AWS an object means; written by the operator, together with the finalizer. */
  public static final String TARGET = "ecroperator.dev/target";

  /**
   * What the manifest declared when the operator first acted on it; written with {@link #TARGET}.
   * It is the operator's to give back until a status says what is, which a crash may prevent.
   */
  public static final String DECLARED = "ecroperator.dev/declared";

  private Annotations() {}
}
