package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;

/** Paging by key: a page stays right where entries come and go between two calls. */
final class Page {
  private static final int DEFAULT_SIZE = 100;
  private static final String MARK = "after:";

  private Page() {}

  /**
   * Hands the page that the request asks for to {@code each}, and adds nextToken to the answer
   * where more follow.
   */
  static <T> void read(
      NavigableMap<String, T> all, Request request, ObjectNode answer, Consumer<T> each) {
    NavigableMap<String, T> rest =
        request.has("nextToken") ? all.tailMap(lastKey(request.text("nextToken")), false) : all;
    int size = request.get("maxResults").asInt(DEFAULT_SIZE);
    Iterator<Map.Entry<String, T>> entries = rest.entrySet().iterator();
    String last = "";
    for (int i = 0; i < size && entries.hasNext(); i++) {
      Map.Entry<String, T> entry = entries.next();
      each.accept(entry.getValue());
      last = entry.getKey();
    }
    if (entries.hasNext()) {
      byte[] token = (MARK + last).getBytes(StandardCharsets.UTF_8);
      answer.put("nextToken", Base64.getEncoder().encodeToString(token));
    }
  }

  /** A call names what it wants or pages through all, never both. */
  static void refuseWithNames(Request request, Collection<?> names) {
    if (!names.isEmpty() && (request.has("maxResults") || request.has("nextToken"))) {
      throw AwsError.refused(
          "InvalidParameterException",
          "Invalid parameter: maxResults and nextToken cannot be used together with names of what"
              + " to describe");
    }
  }

  private static String lastKey(String token) {
    try {
      String decoded = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
      if (decoded.startsWith(MARK)) {
        return decoded.substring(MARK.length());
      }
    } catch (IllegalArgumentException notBase64) {
      // Falls through to the refusal that any other foreign token gets.
    }
    throw AwsError.invalid("nextToken", "Invalid nextToken");
  }
}
