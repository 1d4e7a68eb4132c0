package dev.ecroperator.api;

/** The annotations by which objects of all kinds are steered. */
public final class Annotations {
  /** How their keys begin. */
  public static final String PREFIX = "ecroperator.dev/";

  /** Asks for a look at once; its value, the time of asking, is echoed in the status. */
  public static final String REQUESTED_AT = PREFIX + "requestedAt";

  /** Pins what in AWS an object means; written by the operator, together with the finalizer. */
  public static final String TARGET = PREFIX + "target";

  /**
   * What a generation of the manifest declared, written before the operator acted on it: that is
   * the operator's to give back until a status tells what is, which a crash may prevent. Written
   * with {@link #TARGET}, and anew where an edit declares something new.
   */
  public static final String DECLARED = PREFIX + "declared";

  private Annotations() {}
}
