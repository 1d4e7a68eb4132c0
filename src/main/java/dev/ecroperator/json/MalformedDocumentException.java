package dev.ecroperator.json;

/**
 * A JSON document that cannot be read. The message says where (line and column, or the JSON path),
 * what is wrong and what is accepted; of the document itself it holds at most the offending token
 * or the names of members, cut short. It can thus be shown in a status, an event or a log.
 */
public final class MalformedDocumentException extends RuntimeException {
  private static final int EXCERPT_LENGTH = 40;

  public MalformedDocumentException(String where, String what) {
    super(where + ": " + what);
  }

  /** A piece of the document that may stand in a message: short, on one line, valid Unicode. */
  public static String excerpt(String piece) {
    StringBuilder shown = new StringBuilder();
    piece
        .codePoints()
        .limit(EXCERPT_LENGTH)
        .map(c -> isPrintable(c) ? c : '?')
        .forEach(shown::appendCodePoint);
    return piece.codePointCount(0, piece.length()) > EXCERPT_LENGTH
        ? shown.append("...").toString()
        : shown.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
