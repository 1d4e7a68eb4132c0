package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the chart says of its values is complete, and the same wherever it says it. */
class ChartDocumentationTest {
  static final String REWRITE = "./mvnw -q test -Dtest=ChartDocumentationTest -Dchart.write=true";

  @Test
  void theSchemaDescribesEachValueAsValuesYamlDoes() throws IOException {
    var described = ChartDocumentation.describedSchema();
    if (Boolean.getBoolean("chart.write")) {
      Files.writeString(ChartDocumentation.SCHEMA, described);
    }

    assertThat(Files.readString(ChartDocumentation.SCHEMA))
        .as("%s is stale, rewrite it with: %s", ChartDocumentation.SCHEMA, REWRITE)
        .isEqualTo(described);
  }

  @Test
  void theReadmeListsEachValueAsValuesYamlDoes() throws IOException {
    var described = ChartDocumentation.describedReadme();
    if (Boolean.getBoolean("chart.write")) {
      Files.writeString(ChartDocumentation.README, described);
    }

    assertThat(Files.readString(ChartDocumentation.README))
        .as("%s is stale, rewrite it with: %s", ChartDocumentation.README, REWRITE)
        .isEqualTo(described);
  }

  @Test
  void whatTheSchemaKnowsHasADefaultAndADescriptionAndNothingElseHas() throws IOException {
    var known = new TreeSet<String>();
    ChartDocumentation.everyValue(ChartDocumentation.schema(), (path, _) -> known.add(path));
    known.remove("global");

    assertThat(ChartDocumentation.descriptions().keySet()).hasSizeGreaterThan(80);
    assertThat(new TreeSet<>(ChartDocumentation.descriptions().keySet())).isEqualTo(known);
    var values = ChartDocumentation.values();
    assertThat(known)
        .allSatisfy(
            path -> assertThat(values.at("/" + path.replace('.', '/')).isMissingNode()).isFalse());
    assertThat(leaves("", values, known, new HashSet<>())).isEqualTo(known);
  }

  /** The paths of the defaults, down to what the schema knows as one value. */
  private static Set<String> leaves(
      String path, JsonNode values, Set<String> known, Set<String> found) {
    if (known.contains(path) || !values.isObject() || values.isEmpty()) {
      found.add(path);
    } else {
      values
          .properties()
          .forEach(
              value ->
                  leaves(
                      path.isEmpty() ? value.getKey() : path + "." + value.getKey(),
                      value.getValue(),
                      known,
                      found));
    }
    return found;
  }

  @Test
  void theSchemaSaysOfEachObjectWhetherItMayHoldMore() throws IOException {
    var open = new ArrayList<String>();
    undecided("", ChartDocumentation.schema(), open);

    assertThat(open).as("a misspelt value in these would be let through").isEmpty();
    assertThat(ChartDocumentation.schema().path("additionalProperties").asBoolean(true)).isFalse();
  }

  private static void undecided(String path, JsonNode schema, List<String> found) {
    if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
      found.add(path);
    }
    if (schema.has("properties") && schema.path("additionalProperties").asBoolean(true)) {
      if (!schema.has("required")) {
        found.add(path);
      }
    }
    schema
        .path("properties")
        .properties()
        .forEach(p -> undecided(path + "/" + p.getKey(), p.getValue(), found));
    if (schema.has("items")) {
      undecided(path + "[]", schema.path("items"), found);
    }
  }
}
