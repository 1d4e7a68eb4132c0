package dev.ecroperator.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a text, so that it can be cut out, or kept, to the byte. The text is one
 * that {@link StrictJson} has read before.
 *
 * @param start the index of its first character
 * @param end the index after its last
 */
public record JsonSpan(int start, int end) {

  /** The characters of the value. */
  public String in(String text) {
    return text.substring(start, end);
  }

  /** The value of a member of the object that the text holds; null where there is none. */
  public static @Nullable JsonSpan ofMember(String object, String name) {
    try (JsonParser parser = StrictJson.FACTORY.createParser(object)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = name.equals(parser.currentName());
        parser.nextToken();
        JsonSpan span = ofCurrent(parser);
        if (wanted) {
          return span;
        }
      }
      return null;
    } catch (IOException e) {
      throw new IllegalArgumentException("text that nobody has read before", e);
    }
  }

  /** The elements of the list that the text holds. */
  public static List<JsonSpan> ofElements(String list) {
    try (JsonParser parser = StrictJson.FACTORY.createParser(list)) {
      List<JsonSpan> spans = new ArrayList<>();
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        spans.add(ofCurrent(parser));
      }
      return spans;
    } catch (IOException e) {
      throw new IllegalArgumentException("text that nobody has read before", e);
    }
  }

  private static JsonSpan ofCurrent(JsonParser parser) throws IOException {
    long start = parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    parser.finishToken();
    return new JsonSpan((int) start, (int) parser.currentLocation().getCharOffset());
  }
}
