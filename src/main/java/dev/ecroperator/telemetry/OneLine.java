package dev.ecroperator.telemetry;

/**
 * Text of others as one line for a log or a terminal: what breaks lines or steers a terminal is a
 * space in it.
 */
public final class OneLine {
  private OneLine() {}

  /** The text in one line, of as many characters. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints().map(point -> breaksLines(point) ? ' ' : point).forEach(line::appendCodePoint);
    return line.toString();
  }

  private static boolean breaksLines(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
