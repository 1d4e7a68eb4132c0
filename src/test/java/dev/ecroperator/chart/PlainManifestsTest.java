package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlainManifestsTest {
  private static final String REWRITE =
      "./mvnw -q test -Dtest=PlainManifestsTest -Dchart.write=true";
  private static final Path DIRECTORY = Path.of("examples", "install");

  @Test
  void theCommittedOnesAreWhatTheChartRenders() throws IOException {
    var generated = PlainManifests.generate(Helm.alone());
    if (Boolean.getBoolean("chart.write")) {
      for (var file : generated.entrySet()) {
        Files.writeString(DIRECTORY.resolve(file.getKey()), file.getValue());
      }
    }

    var committed = new TreeMap<String, String>();
    for (var name : generated.keySet()) {
      committed.put(name, Files.readString(DIRECTORY.resolve(name)));
    }
    assertThat(committed)
        .as("%s is stale, rewrite it with: %s", DIRECTORY, REWRITE)
        .isEqualTo(generated);
  }

  @Test
  void kustomizeIsToldOfEachCrd() throws IOException {
    var listed = new TreeSet<String>();
    new YAMLMapper()
        .readTree(Files.readString(Path.of("crds", "Kustomization")))
        .path("resources")
        .forEach(resource -> listed.add(resource.asText()));
    var there = new TreeSet<String>();
    try (var files = Files.newDirectoryStream(Path.of("crds"), "*.yml")) {
      files.forEach(file -> there.add(file.getFileName().toString()));
    }

    assertThat(listed).isEqualTo(there);
  }
}
