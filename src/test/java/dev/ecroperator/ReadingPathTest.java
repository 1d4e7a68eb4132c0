package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadingPathTest {
  private static final Path ROOM = Path.of("src/main/java/dev/ecroperator/repository");

  @Test
  void aNewcomerFollowsOneRepositoryThroughSixFilesAndNineHundredLines() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String path = readme.substring(readme.indexOf("Read in\nthis order"));
    List<String> files =
        Pattern.compile("`([A-Z][A-Za-z]+)`")
            .matcher(path.substring(0, path.indexOf("\n\n")))
            .results()
            .map(match -> match.group(1) + ".java")
            .toList();

    int lines = 0;
    for (String file : files) {
      lines += Files.readAllLines(ROOM.resolve(file)).size();
    }

    assertThat(files).hasSize(6);
    assertThat(lines).isLessThan(900);
  }
}
