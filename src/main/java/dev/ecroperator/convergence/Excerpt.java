package dev.ecroperator.convergence;

/** The beginning of a text, for where only so much is to be shown. */
public final class Excerpt {
  private Excerpt() {}

  /** The text where it has at most so many characters, else as many of it, "…" included. */
  public static String of(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
