package dev.ecroperator.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * One object of a manifest.
 *
 * @param json the object as it was written
 */
public record RenderedObject(JsonNode json) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  /** The objects of a text of YAML documents, in their order. */
  public static List<RenderedObject> all(String text) {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      return documents.readAll().stream()
          .filter(JsonNode::isObject)
          .map(RenderedObject::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects of a file. */
  public static List<RenderedObject> allOf(Path file) {
    try {
      return all(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The object of that kind and name.
   *
   * @throws NoSuchElementException where there is none
   */
  public static RenderedObject find(List<RenderedObject> objects, String kind, String name) {
    return objects.stream()
        .filter(object -> object.kind().equals(kind) && object.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "no "
                        + kind
                        + " "
                        + name
                        + " in "
                        + objects.stream().map(o -> o.id()).toList()));
  }

  String kind() {
    return json.path("kind").asText();
  }

  String name() {
    return json.at("/metadata/name").asText();
  }

  /** Empty for one that is not in a namespace. */
  String namespace() {
    return json.at("/metadata/namespace").asText();
  }

  /** As {@code kubectl} names it: kind and name, with its namespace where it has one. */
  String id() {
    return kind() + "/" + (namespace().isEmpty() ? "" : namespace() + "/") + name();
  }

  JsonNode at(String pointer) {
    return json.at(pointer);
  }

  /** A copy that may be changed. */
  ObjectNode copy() {
    return json.deepCopy();
  }

  /** The object, as a client sends it. */
  public GenericKubernetesResource resource() {
    try {
      return JSON.treeToValue(json, GenericKubernetesResource.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
