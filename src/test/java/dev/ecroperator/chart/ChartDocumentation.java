package dev.ecroperator.chart;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * What the chart says of its values. Its one source are the comments {@code # -- …} of values.yaml
 * (the form of helm-docs); the README's table and the schema's descriptions are made from them.
 */
final class ChartDocumentation {
  static final Path VALUES = Helm.CHART.resolve("values.yaml");
  static final Path SCHEMA = Helm.CHART.resolve("values.schema.json");
  static final Path README = Helm.CHART.resolve("README.md");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9]+):.*");
  private static final Pattern COMMENT = Pattern.compile("( *)# (-- )?(.*)");
  private static final String BEGIN = "<!-- values: generated from values.yaml -->\n";
  private static final String END = "<!-- end of values -->\n";

  private ChartDocumentation() {}

  /** What values.yaml says of each value, by its path such as {@code aws.region}, in its order. */
  static Map<String, String> descriptions() throws IOException {
    var descriptions = new LinkedHashMap<String, String>();
    record Level(int indent, String path) {}
    var levels = new ArrayDeque<Level>();
    var comment = new ArrayList<String>();
    for (var line : Files.readAllLines(VALUES)) {
      var said = COMMENT.matcher(line);
      var key = KEY.matcher(line);
      if (said.matches()) {
        if (said.group(2) != null) {
          comment.clear();
        }
        if (said.group(2) != null || !comment.isEmpty()) {
          comment.add(said.group(3));
        }
      } else if (key.matches()) {
        int indent = key.group(1).length();
        while (!levels.isEmpty() && levels.getLast().indent() >= indent) {
          levels.removeLast();
        }
        var path = levels.isEmpty() ? key.group(2) : levels.getLast().path() + "." + key.group(2);
        levels.addLast(new Level(indent, path));
        if (!comment.isEmpty()) {
          descriptions.put(path, String.join(" ", comment));
          comment.clear();
        }
      }
    }
    return descriptions;
  }

  /** The chart's defaults. */
  static JsonNode values() throws IOException {
    return new YAMLMapper().readTree(Files.readString(VALUES));
  }

  /** The committed schema. */
  static JsonNode schema() throws IOException {
    return JSON.readTree(Files.readString(SCHEMA));
  }

  /** Calls with each value that the schema knows and that is no group of others, by its path. */
  static void everyValue(JsonNode schema, BiConsumer<String, JsonNode> action) {
    everyValue("", schema, action);
  }

  private static void everyValue(
      String path, JsonNode schema, BiConsumer<String, JsonNode> action) {
    if (!schema.has("properties")) {
      action.accept(path, schema);
      return;
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property ->
                everyValue(
                    path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
                    property.getValue(),
                    action));
  }

  /** The schema's text, with the descriptions of values.yaml. */
  static String describedSchema() throws IOException {
    var schema = schema();
    var descriptions = descriptions();
    everyValue(
        schema,
        (path, value) -> {
          var description = descriptions.get(path);
          if (description != null && value instanceof ObjectNode node) {
            var rest = node.deepCopy();
            rest.remove("description");
            node.removeAll();
            node.put("description", description);
            node.setAll(rest);
          }
        });
    var indent = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter()
            .withObjectIndenter(indent)
            .withArrayIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance);
    return JSON.writer(printer).writeValueAsString(schema).replace(" : ", ": ") + "\n";
  }

  /** The README's text, with the table of values. */
  static String describedReadme() throws IOException {
    var text = Files.readString(README);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    if (begin < BEGIN.length() || end < begin) {
      throw new IllegalStateException(README + " has lost its lines " + BEGIN + " and " + END);
    }
    var values = values();
    var lines = new ArrayList<>(List.of("", "| Value | Default | |", "|---|---|---|"));
    for (var described : descriptions().entrySet()) {
      var pointer = "/" + described.getKey().replace('.', '/');
      lines.add(
          "| `%s` | `%s` | %s |"
              .formatted(
                  described.getKey(),
                  JSON.writeValueAsString(values.at(pointer)),
                  described.getValue().replace("|", "\\|")));
    }
    return text.substring(0, begin) + String.join("\n", lines) + "\n\n" + text.substring(end);
  }
}
