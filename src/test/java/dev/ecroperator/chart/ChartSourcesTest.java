package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the chart has from elsewhere is as it is there. */
class ChartSourcesTest {
  private static final String REWRITE = "./mvnw -q test -Dtest=ChartSourcesTest -Dchart.write=true";
  private static final Path CRDS = Path.of("crds");
  private static final Path COPIES = Helm.CHART.resolve(Path.of("files", "crds"));

  private static JsonNode chart() throws IOException {
    return new YAMLMapper().readTree(Files.readString(Helm.CHART.resolve("Chart.yaml")));
  }

  private static SortedMap<String, String> texts(Path directory) throws IOException {
    var texts = new TreeMap<String, String>();
    try (var files = Files.newDirectoryStream(directory, "*.yml")) {
      for (var file : files) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void itsCrdsAreThoseOfTheDirectory() throws IOException {
    var crds = texts(CRDS);
    if (Boolean.getBoolean("chart.write")) {
      for (var stale : texts(COPIES).keySet()) {
        Files.delete(COPIES.resolve(stale));
      }
      for (var crd : crds.entrySet()) {
        Files.writeString(COPIES.resolve(crd.getKey()), crd.getValue());
      }
    }

    assertThat(crds).hasSizeGreaterThanOrEqualTo(2);
    assertThat(texts(COPIES))
        .as("%s is stale, rewrite it with: %s", COPIES, REWRITE)
        .isEqualTo(crds);
  }

  @Test
  void itsVersionIsTheProjects() throws IOException {
    var version =
        Pattern.compile("<artifactId>ecr-operator</artifactId>\\s*<version>([^<]+)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    var released = version.group(1).replace("-SNAPSHOT", "");

    assertThat(chart().path("version").asText()).isEqualTo(released);
    assertThat(chart().path("appVersion").asText()).isEqualTo(released);
    assertThat(chart().at("/annotations").path("artifacthub.io/images").asText())
        .contains(
            "image: "
                + ChartDocumentation.values().at("/image/repository").asText()
                + ":"
                + released
                + "\n");
  }

  @Test
  void artifactHubIsToldOfEachKind() throws IOException {
    var told = new TreeMap<String, String>();
    var crds = chart().at("/annotations").path("artifacthub.io/crds").asText();
    for (var crd : new YAMLMapper().readTree(crds)) {
      told.put(
          crd.path("name").asText(),
          crd.path("kind").asText() + " " + crd.path("version").asText());
    }
    var declared = new TreeMap<String, String>();
    for (var text : texts(CRDS).values()) {
      var crd = new YAMLMapper().readTree(text);
      declared.put(
          crd.at("/metadata/name").asText(),
          crd.at("/spec/names/kind").asText() + " " + crd.at("/spec/versions/0/name").asText());
    }

    assertThat(told).isEqualTo(declared);
  }
}
