package dev.ecroperator.replication.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixesTest {
  private final Prefixes prefixes = new Prefixes(List.of("team", "team-a/", "api/", "b", "team-"));

  @ParameterizedTest
  @ValueSource(strings = {"team", "teams/x", "team-a/x", "team-b", "api/a", "b", "bzz"})
  void whatBeginsWithOneOfThemMatches(String name) {
    assertThat(prefixes.match(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "api", "tea", "zz", "a/team"})
  void nothingElseMatches(String name) {
    assertThat(prefixes.match(name)).isFalse();
  }

  @Test
  void theEmptyOneMatchesAll() {
    assertThat(new Prefixes(List.of("api/", "")).match("web/a")).isTrue();
  }

  @Test
  void noneMatchNothing() {
    assertThat(new Prefixes(List.of()).match("web/a")).isFalse();
  }
}
