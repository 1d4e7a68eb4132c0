package dev.ecroperator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The manifests in {@code crds/}, as the real API server keeps them. */
class CommittedManifestsIT {
  private static final Path DIRECTORY = Path.of("crds");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void everyFieldIsLiveAsItIsWrittenSoThatArgoCdShowsNoDifference() throws IOException {
    try (var server = RealKubeApiServer.start();
        var files = Files.newDirectoryStream(DIRECTORY, "*.yml")) {
      for (var file : files) {
        // By kubectl, since the Java client sends what its model has, not what is written.
        server.kubectl("apply", "--server-side", "-f", file.toString()).succeeded();
        var live = server.kubectl("get", "-f", file.toString(), "-o", "json").succeeded();

        var differences = new ArrayList<String>();
        compare("", YAML.readTree(file.toFile()), JSON.readTree(live), differences);
        assertThat(differences).as("what is written in %s and not live", file).isEmpty();
      }
    }
  }

  /** Adds the path of each value that is written and is another in the live object, or missing. */
  private static void compare(
      String path, JsonNode written, JsonNode live, List<String> differences) {
    if (written.isObject() && live.isObject()) {
      written
          .properties()
          .forEach(
              member ->
                  compare(
                      path + "." + member.getKey(),
                      member.getValue(),
                      live.path(member.getKey()),
                      differences));
    } else if (written.isArray() && live.isArray() && written.size() == live.size()) {
      for (int i = 0; i < written.size(); i++) {
        compare(path + "[" + i + "]", written.path(i), live.path(i), differences);
      }
    } else if (!written.equals(live)) {
      differences.add(
          path + ": " + written + " is " + (live instanceof MissingNode ? "missing" : live));
    }
  }
}
