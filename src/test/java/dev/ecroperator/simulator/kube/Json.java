package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reading, writing and picking JSON. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectMapper YAML = new YAMLMapper();

  private Json() {}

  /** An object of names and values in turn; a value may be whatever can be written as JSON. */
  static ObjectNode object(Object... namesAndValues) {
    ObjectNode object = MAPPER.createObjectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.set((String) namesAndValues[i], MAPPER.valueToTree(namesAndValues[i + 1]));
    }
    return object;
  }

  /** Reads YAML, of which JSON is a part; JSON as such, which is quicker. */
  static JsonNode parse(String text) {
    try {
      return (text.startsWith("{") || text.startsWith("[") ? MAPPER : YAML).readTree(text);
    } catch (JsonProcessingException e) {
      throw Refusal.of(400, "the object provided is unrecognized: " + e.getMessage());
    }
  }

  /** The text of a resource beside this class. */
  static String resource(String name) {
    try (InputStream in = Json.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text at a path, empty where there is none. */
  static String text(JsonNode node, String... path) {
    return node.at("/" + String.join("/", path)).asText("");
  }

  static ObjectNode metadata(ObjectNode object) {
    return object.withObjectProperty("metadata");
  }

  static boolean isDeleting(JsonNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }

  /** Sets a member to what another object has there: nothing where that has nothing. */
  static void carry(String name, JsonNode from, ObjectNode to) {
    to.remove(name);
    if (from.has(name)) {
      to.set(name, from.path(name).deepCopy());
    }
  }
}
