package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is around the code: workflows, what renews dependencies, licences, changelog. */
class ReleaseMaterialTest {
  private static final Path GITHUB = Path.of(".github");
  private static final Path POM = Path.of("pom.xml");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** By commit, which nobody can move, with the version for people. */
  private static final Pattern PINNED =
      Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");

  private static List<Path> yamlFiles(String folder) throws IOException {
    try (Stream<Path> files = Files.list(GITHUB.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    }
  }

  static List<Path> workflows() throws IOException {
    return yamlFiles("workflows");
  }

  static List<Path> issueForms() throws IOException {
    return yamlFiles("ISSUE_TEMPLATE").stream()
        .filter(file -> !file.endsWith("config.yml"))
        .toList();
  }

  private static List<String> found(String regex, Path file) throws IOException {
    return Pattern.compile(regex, Pattern.MULTILINE)
        .matcher(Files.readString(file))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void aWorkflowUsesActionsByCommit(Path workflow) throws IOException {
    assertThat(found("uses: (.*)$", workflow))
        .isNotEmpty()
        .allSatisfy(
            action ->
                assertThat(action)
                    .satisfiesAnyOf(
                        pinned -> assertThat(pinned).matches(PINNED),
                        own -> assertThat(own).startsWith("./.github/workflows/")));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void aWorkflowMayOnlyReadUnlessAJobSaysMore(Path workflow) throws IOException {
    JsonNode permissions = YAML.readTree(workflow.toFile()).path("permissions");
    assertThat(permissions.toString()).isEqualTo("{\"contents\":\"read\"}");
  }

  @ParameterizedTest
  @MethodSource("issueForms")
  void anIssueFormAsksSomething(Path form) throws IOException {
    JsonNode tree = YAML.readTree(form.toFile());
    assertThat(tree.path("name").asText()).isNotBlank();
    assertThat(tree.path("description").asText()).isNotBlank();
    assertThat(tree.path("body").valueStream())
        .allSatisfy(
            element -> {
              assertThat(element.path("type").asText())
                  .isIn("markdown", "textarea", "input", "dropdown", "checkboxes");
              assertThat(element.at("/attributes").isObject()).isTrue();
            })
        .anySatisfy(
            element -> assertThat(element.at("/validations/required").asBoolean()).isTrue());
  }

  @Test
  void whatIsNoUsualDependencyIsStillFoundByRenovate() throws IOException {
    JsonNode renovate = YAML.readTree(GITHUB.resolve("renovate.json").toFile());
    assertThat(renovate.path("customManagers").valueStream())
        .isNotEmpty()
        .allSatisfy(
            manager -> {
              // Such as /^\.ci/moto$/: one file.
              String file =
                  manager.at("/managerFilePatterns/0").asText().replaceAll("^/\\^|\\$/$|\\\\", "");
              String text = Files.readString(Path.of(file));
              Matcher match = Pattern.compile(manager.at("/matchStrings/0").asText()).matcher(text);
              assertThat(match.find()).as(manager.path("description").asText()).isTrue();
              assertThat(match.group("currentValue")).isNotBlank();
            });
  }

  @Test
  void eachLicenceThatALibraryMayHaveHasItsText() throws IOException {
    assertThat(found("<includedLicense>(.*)</includedLicense>", POM))
        .contains("Apache-2.0")
        .allSatisfy(
            licence ->
                assertThat(
                        licence.equals("Apache-2.0")
                            ? Path.of("LICENSE")
                            : Path.of("src", "main", "image", "licenses", licence + ".txt"))
                    .isNotEmptyFile());
  }

  @Test
  void theChangelogKnowsTheVersionThatIsBuilt() throws IOException {
    String version =
        found("^ {2}<version>(.*)</version>$", POM).getFirst().replace("-SNAPSHOT", "");
    assertThat(Files.readString(Path.of("CHANGELOG.md")))
        .contains("## [Unreleased]")
        .containsPattern("(?m)^## \\[" + Pattern.quote(version) + "\\] - ");
  }
}
