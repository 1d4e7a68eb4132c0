package dev.ecroperator.json;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object from text that anybody may have written. Bounded are the length (before
 * anything is read), the depth, and the digits and exponent of numbers; refused are duplicate
 * members (RFC 8259 leaves open which one counts, so AWS might see another than we do), unpaired
 * surrogates (they cannot be sent as UTF-8), a byte order mark and whatever follows the object.
 */
public final class StrictJson {
  static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int MAX_EXPONENT = 1_000;

  /** What Jackson appends to some messages: where the unclosed bracket stands. */
  private static final Pattern START_MARKER =
      Pattern.compile("\\s*\\([^()]*\\[Source.*", Pattern.DOTALL);

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          // The shared table of names would grow with what strangers write.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Ours is lower, and its message says where and what.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
          .errorReportConfiguration(
              ErrorReportConfiguration.builder()
                  .maxErrorTokenLength(40)
                  .maxRawContentLength(0)
                  .build())
          .build();

  private final JsonParser parser;

  private StrictJson(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * The object that the text holds.
   *
   * @param maxLength the number of characters that is accepted
   * @throws MalformedDocumentException if the text is anything else; no other exception
   */
  public static Json.Obj read(String text, int maxLength) {
    if (text.length() > maxLength) {
      throw new MalformedDocumentException(
          "$",
          "the document has " + text.length() + " characters; at most " + maxLength + " are read");
    }
    if (text.startsWith("\uFEFF")) {
      throw new MalformedDocumentException(
          "line 1, column 1", "a byte order mark; a JSON object is accepted, without such a mark");
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new StrictJson(parser).document();
    } catch (JsonEOFException e) {
      throw new MalformedDocumentException(
          position(e.getLocation()), "the text ends within a value; a whole object is accepted");
    } catch (JsonProcessingException e) {
      throw new MalformedDocumentException(
          position(e.getLocation()), "not JSON: " + withoutSource(e.getOriginalMessage()));
    } catch (IOException e) {
      // Text in memory fails only by its content.
      throw new MalformedDocumentException("$", "not JSON; a JSON object is accepted");
    }
  }

  private Json.Obj document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new MalformedDocumentException("$", "empty; a JSON object is accepted");
    }
    Json value = value(first, "$", 1);
    if (!(value instanceof Json.Obj object)) {
      throw new MalformedDocumentException("$", value.kind() + "; a JSON object is accepted");
    }
    if (parser.nextToken() != null) {
      throw malformed("more text follows; one object is accepted, and nothing after it");
    }
    return object;
  }

  private Json value(@Nullable JsonToken token, String path, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw malformed("nested too deep; at most " + MAX_DEPTH + " levels are accepted");
    }
    return switch (token) {
      case START_OBJECT -> object(path, depth);
      case START_ARRAY -> list(path, depth);
      case VALUE_STRING -> new Json.Text(text(parser.getText(), path));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(path);
      case VALUE_TRUE -> Json.Literal.TRUE;
      case VALUE_FALSE -> Json.Literal.FALSE;
      case VALUE_NULL -> Json.Literal.NULL;
      case null, default -> throw malformed("a JSON value is accepted here");
    };
  }

  private Json.Obj object(String path, int depth) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = text(parser.currentName(), path);
      String memberPath = path + "." + MalformedDocumentException.excerpt(name);
      if (members.containsKey(name)) {
        throw new MalformedDocumentException(
            memberPath, "stands twice in its object; each member is accepted once");
      }
      members.put(name, value(parser.nextToken(), memberPath, depth + 1));
    }
    return new Json.Obj(members);
  }

  private Json.Arr list(String path, int depth) throws IOException {
    List<Json> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(token, path + "[" + elements.size() + "]", depth + 1));
    }
    return new Json.Arr(elements);
  }

  private Json.Num number(String path) throws IOException {
    String spelling = parser.getText();
    if (boundedNumber(spelling).isEmpty()) {
      throw new MalformedDocumentException(
          path,
          "a number out of range; at most %d characters and an exponent of at most %d are accepted"
              .formatted(MAX_NUMBER_LENGTH, MAX_EXPONENT));
    }
    return new Json.Num(spelling);
  }

  /** The number that the text spells, without trailing zeros; empty if none, or out of bounds. */
  public static Optional<BigDecimal> boundedNumber(String spelling) {
    // BigDecimal reads the digits of all scripts, JSON and IAM those of ASCII.
    if (spelling.length() > MAX_NUMBER_LENGTH || spelling.chars().anyMatch(c -> c > 127)) {
      return Optional.empty();
    }
    try {
      BigDecimal value = new BigDecimal(spelling);
      return Math.abs((long) value.scale()) > MAX_EXPONENT
          ? Optional.empty()
          : Optional.of(value.stripTrailingZeros());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String text(String value, String path) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new MalformedDocumentException(
          path, "holds half of a surrogate pair; whole Unicode characters are accepted");
    }
    return value;
  }

  private MalformedDocumentException malformed(String what) {
    return new MalformedDocumentException(position(parser.currentTokenLocation()), what);
  }

  private static String position(@Nullable JsonLocation location) {
    return location == null
        ? "$"
        : "line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String withoutSource(@Nullable String message) {
    if (message == null) {
      return "a JSON object is accepted";
    }
    String first = START_MARKER.matcher(message).replaceFirst("").lines().findFirst().orElse("");
    // Jackson quotes at most the offending character or token; the limit is a second fence.
    return first.length() <= 200 ? first : first.substring(0, 200);
  }
}
