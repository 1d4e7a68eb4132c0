package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.ParseContext;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The table that `kubectl get` asks for and prints. */
final class Table {
  private static final JsonNode NAME =
      Json.object("name", "Name", "type", "string", "format", "name", "jsonPath", ".metadata.name");
  private static final ParseContext PATHS =
      JsonPath.using(
          Configuration.builder()
              .jsonProvider(new JacksonJsonNodeJsonProvider())
              .options(Option.ALWAYS_RETURN_LIST, Option.SUPPRESS_EXCEPTIONS)
              .build());

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
    JsonNode values = PATHS.parse(object).read("$" + Json.text(column, "jsonPath"));
    JsonNode value = values.has(0) ? values.path(0) : NullNode.instance;
    return Json.text(column, "type").equals("date") && value.isTextual()
        ? TextNode.valueOf(age(Instant.parse(value.asText())))
        : value;
  }

  private static String age(Instant since) {
    Duration age = Duration.between(since, Instant.now());
    return age.toMinutes() < 2
        ? Math.max(0, age.toSeconds()) + "s"
        : age.toHours() < 3 ? age.toMinutes() + "m" : age.toHours() + "h";
  }
}
