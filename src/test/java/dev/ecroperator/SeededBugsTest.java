package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bugs that {@code .ci/seeded-bugs} seeds still fit the code, and name tests that exist. */
class SeededBugsTest {
  private static final Path SEEDS = Path.of("src", "test", "seeds");

  static List<Path> seeds() throws IOException {
    try (Stream<Path> files = Files.list(SEEDS)) {
      return files.filter(file -> file.toString().endsWith(".patch")).sorted().toList();
    }
  }

  @Test
  void thereAreBugsToSeed() throws IOException {
    assertThat(seeds()).hasSizeGreaterThanOrEqualTo(10);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSeedAppliesToTheCodeUnderTest(Path seed) throws IOException {
    List<String> lines = Files.readAllLines(seed);
    assertThat(lines.getFirst()).startsWith("Bug: ");
    List<String> targets = lines.stream().filter(line -> line.startsWith("--- a/")).toList();
    assertThat(targets).hasSize(1);
    assertThat(targets.getFirst()).startsWith("--- a/src/main/java/");
    String code = Files.readString(Path.of(targets.getFirst().substring("--- a/".length())));

    int hunk = indexOfHunk(lines, 0);
    assertThat(hunk).isPositive();
    while (hunk < lines.size()) {
      int end = indexOfHunk(lines, hunk + 1);
      String before =
          lines.subList(hunk + 1, end).stream()
              .filter(line -> line.startsWith(" ") || line.startsWith("-"))
              .map(line -> line.substring(1))
              .collect(Collectors.joining("\n"));
      assertThat(code).contains(before);
      hunk = end;
    }
  }

  private static int indexOfHunk(List<String> lines, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).startsWith("@@")) {
        return i;
      }
    }
    return lines.size();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSeedNamesATestThatExists(Path seed) throws IOException {
    List<String> named =
        Files.readAllLines(seed).stream()
            .filter(line -> line.startsWith("Caught by: "))
            .map(line -> line.substring("Caught by: ".length()))
            .toList();
    assertThat(named).hasSize(1);
    String[] parts = named.getFirst().split("#", 2);
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      List<Path> found = files.filter(f -> f.endsWith(parts[0] + ".java")).toList();
      assertThat(found).hasSize(1);
      if (parts.length == 2) {
        assertThat(Files.readString(found.getFirst())).contains("void " + parts[1] + "(");
      }
    }
  }
}
