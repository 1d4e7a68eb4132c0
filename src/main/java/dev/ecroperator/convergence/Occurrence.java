package dev.ecroperator.convergence;

/**
 * Something that happened to a resource and is told once, as a Kubernetes Event.
 *
 * @param warning whether the Event's type is Warning rather than Normal
 * @param reason the Event's reason, such as {@code Created}
 * @param message what happened, in one sentence
 */
public record Occurrence(boolean warning, String reason, String message) {

  /** A Normal event. */
  public static Occurrence normal(String reason, String message) {
    return new Occurrence(false, reason, message);
  }

  /** A Warning event. */
  public static Occurrence warning(String reason, String message) {
    return new Occurrence(true, reason, message);
  }
}
