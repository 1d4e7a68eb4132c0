package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table that `kubectl get` asks for and prints. */
final class Table {
  private static final JsonNode NAME =
      Json.object("name", "Name", "type", "string", "format", "name", "jsonPath", ".metadata.name");
  private static final Pattern STEP =
      Pattern.compile("\\.(\\w+)(?:\\[\\?\\(@\\.(\\w+)==\"(\\w+)\"\\)])?");

  private Table() {}

  static ObjectNode of(Kind kind, List<ObjectNode> objects, ObjectNode metadata) {
    List<JsonNode> columns = Stream.concat(Stream.of(NAME), kind.columns().stream()).toList();
    List<ObjectNode> rows =
        objects.stream()
            .map(
                object -> {
                  var cells = columns.stream().map(column -> cell(column, object)).toList();
                  return Json.object("cells", cells, "object", object);
                })
            .toList();
    return Json.object("kind", "Table", "apiVersion", "meta.k8s.io/v1", "metadata", metadata)
        .setAll(Json.object("columnDefinitions", columns, "rows", rows));
  }

  private static JsonNode cell(JsonNode column, JsonNode object) {
    JsonNode value = read(Json.text(column, "jsonPath"), object);
    return Json.text(column, "type").equals("date") && value.isTextual()
        ? TextNode.valueOf(age(Instant.parse(value.asText())))
        : value;
  }

  /** The value that members, and filters such as {@code [?(@.type=="Ready")]}, lead to. */
  private static JsonNode read(String path, JsonNode object) {
    JsonNode at = object;
    Matcher step = STEP.matcher(path);
    while (step.find()) {
      at = at.path(step.group(1));
      if (step.group(2) != null) {
        at =
            at.valueStream()
                .filter(item -> Json.text(item, step.group(2)).equals(step.group(3)))
                .findFirst()
                .orElse(NullNode.instance);
      }
    }
    return at.isMissingNode() ? NullNode.instance : at;
  }

  private static String age(Instant since) {
    Duration age = Duration.between(since, Instant.now());
    return age.toMinutes() < 2
        ? Math.max(0, age.toSeconds()) + "s"
        : age.toHours() < 3 ? age.toMinutes() + "m" : age.toHours() + "h";
  }
}
