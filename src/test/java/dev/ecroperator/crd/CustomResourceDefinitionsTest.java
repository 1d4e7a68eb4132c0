package dev.ecroperator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CustomResourceDefinitionsTest {

  static final String REWRITE =
      "./mvnw -q test -Dtest=CustomResourceDefinitionsTest -Dcrds.write=true";

  private static final Path DIRECTORY = Path.of("crds");

  @Test
  void theCommittedCrdsAreWhatTheRecordsSay() throws IOException {
    var generated = CustomResourceDefinitions.generate();
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(DIRECTORY);
      for (var crd : generated.entrySet()) {
        Files.writeString(DIRECTORY.resolve(crd.getKey()), crd.getValue());
      }
    }
    assertThat(committed()).as("crds/ is stale, rewrite it with: %s", REWRITE).isEqualTo(generated);
  }

  @Test
  void whole_numbers_are_written_as_such_for_readers_of_YAML_1_1() throws IOException {
    var decimal = Pattern.compile("(?m)^.*: -?[0-9][0-9.]*([eE][-+]?[0-9]+|[.]0+)$");
    for (var file : committed().entrySet()) {
      assertThat(decimal.matcher(file.getValue()).results().map(MatchResult::group))
          .as("numbers that PyYAML and Ansible read as text or as decimals, in %s", file.getKey())
          .isEmpty();
    }
  }

  @Test
  void everyFieldIsDescribedWithAnExample() {
    var undescribed = new TreeSet<String>();
    everyField(
        (path, field) -> {
          var description = field.getDescription();
          var nested = path.equals("spec") || path.equals("status");
          if (description == null || (!nested && !description.contains("Example: "))) {
            undescribed.add(path);
          }
        });
    assertThat(undescribed).isEmpty();
  }

  @Test
  void everyFieldOfSpecTellsItsDefaultOrIsRequired() {
    var silent = new TreeSet<String>();
    everyField(
        (path, field) -> {
          var description = field.getDescription();
          if (path.startsWith("spec.")
              && !description.contains("Default: ")
              && !description.contains("Required")) {
            silent.add(path);
          }
        });
    assertThat(silent).isEmpty();
  }

  @Test
  void everyStringListMapAndNumberOfSpecIsBounded() {
    var unbounded = new ArrayList<String>();
    everyField(
        (path, field) -> {
          if (path.startsWith("spec")) {
            unbounded(path, field, unbounded);
          }
        });
    assertThat(unbounded)
        .as("unbounded: the API server would refuse the rules as too costly, or the object grows")
        .isEmpty();
  }

  @Test
  void specHasNoDefaultsSinceGitOpsToolsWouldShowThemAsDifferences() {
    var defaults = new TreeSet<String>();
    everyField(
        (path, field) -> {
          if (field.getDefault() != null) {
            defaults.add(path + " " + field.getDefault());
          }
        });
    assertThat(defaults).containsExactly("status {\"observedGeneration\":-1}");
  }

  @Test
  void statusRefusesNothingThatAwsMaySay() {
    var refusing = new TreeSet<String>();
    everyField(
        (path, field) -> {
          if (path.startsWith("status")
              && (!field.getXKubernetesValidations().isEmpty()
                  || !field.getEnum().isEmpty()
                  || field.getPattern() != null
                  || field.getMaxLength() != null
                  || field.getMaxItems() != null
                  || (!field.getRequired().isEmpty() && field.getXKubernetesListType() == null))) {
            refusing.add(path);
          }
        });
    assertThat(refusing).isEmpty();
  }

  @Test
  void everyRuleEndsInWhatToDo() {
    var mute = new ArrayList<String>();
    for (var crd : crds()) {
      everyRule(crd)
          .forEach(
              message -> {
                if (!message.contains(": ")) {
                  mute.add(message);
                }
              });
    }
    assertThat(mute).isEmpty();
  }

  private static List<String> everyRule(CustomResourceDefinition crd) {
    var messages = new ArrayList<String>();
    var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    root.getXKubernetesValidations().forEach(rule -> messages.add(rule.getMessage()));
    everyField(
        (_, field) ->
            field.getXKubernetesValidations().forEach(rule -> messages.add(rule.getMessage())));
    return messages;
  }

  private static void unbounded(String path, JSONSchemaProps field, List<String> unbounded) {
    var bounded =
        switch (field.getType()) {
          case "string" -> field.getMaxLength() != null || !field.getEnum().isEmpty();
          case "integer" -> field.getMinimum() != null && field.getMaximum() != null;
          case "array" -> field.getMaxItems() != null;
          case "object" ->
              field.getAdditionalProperties() == null || field.getMaxProperties() != null;
          case "boolean" -> true;
          default -> false;
        };
    if (!bounded) {
      unbounded.add(path);
    }
    if (field.getItems() != null) {
      unbounded(path + "[]", field.getItems().getSchema(), unbounded);
    }
    if (field.getAdditionalProperties() != null) {
      unbounded(path + "{}", field.getAdditionalProperties().getSchema(), unbounded);
    }
  }

  private static SortedMap<String, String> committed() throws IOException {
    var committed = new TreeMap<String, String>();
    try (var files = Files.newDirectoryStream(DIRECTORY, "*.yml")) {
      for (var file : files) {
        committed.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return committed;
  }

  private static List<CustomResourceDefinition> crds() {
    return CustomResourceDefinitions.generate().values().stream()
        .map(text -> Serialization.unmarshal(text, CustomResourceDefinition.class))
        .toList();
  }

  /** Every named field of every kind, with its path. */
  private static void everyField(BiConsumer<String, JSONSchemaProps> action) {
    for (var crd : crds()) {
      var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
      everyField("", root, action);
    }
  }

  private static void everyField(
      String path, JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> action) {
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach(
              (name, property) -> {
                var here = path.isEmpty() ? name : path + "." + name;
                action.accept(here, property);
                everyField(here, property, action);
              });
    }
    if (schema.getItems() != null) {
      everyField(path + "[]", schema.getItems().getSchema(), action);
    }
  }
}
