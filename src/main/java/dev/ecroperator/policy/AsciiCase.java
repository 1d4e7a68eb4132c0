package dev.ecroperator.policy;

/** Case as AWS's names know it. */
final class AsciiCase {
  private AsciiCase() {}

  /**
   * The name with a to z for A to Z. Other letters stay: {@link String#toLowerCase} makes a k of
   * the Kelvin sign, too, and names that AWS tells apart would read as one.
   */
  static String lower(String name) {
    StringBuilder lower = new StringBuilder(name);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        lower.setCharAt(i, (char) (c - 'A' + 'a'));
      }
    }
    return lower.toString();
  }
}
