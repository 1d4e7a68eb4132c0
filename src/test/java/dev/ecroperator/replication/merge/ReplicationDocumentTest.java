package dev.ecroperator.replication.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.json.MalformedDocumentException;
import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationDocumentTest {
  private static final Contribution TEAM =
      new Contribution(
          new TreeSet<>(Set.of("team/")),
          new TreeSet<>(Set.of(new Registry("111122223333", "us-east-1"))),
          false);
  private static final String DESTINATION =
      "\"destinations\":[{\"region\":\"us-east-1\",\"registryId\":\"111122223333\"}]";
  private static final String TEAM_TEXT =
      "{"
          + DESTINATION
          + ",\"repositoryFilters\":"
          + "[{\"filter\":\"team/\",\"filterType\":\"PREFIX_MATCH\"}]}";

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"null", "{}", "{\"rules\":[]}", "{\"rules\":null}"})
  void noRulesAreADocumentToo(@Nullable String raw) {
    ReplicationDocument document = ReplicationDocument.read(raw);
    assertThat(document.rules()).isEmpty();
    assertThat(document.text()).isEqualTo("{\"rules\":[]}");
    assertThat(document.with(List.of(Rule.of(TEAM))).text())
        .isEqualTo("{\"rules\":[" + TEAM_TEXT + "]}");
  }

  @Test
  void whatIsAroundTheRulesStays() {
    assertThat(ReplicationDocument.read(" {\"a\":1.50, \"b\":[ ]}").with(List.of()).text())
        .isEqualTo(" {\"rules\":[],\"a\":1.50, \"b\":[ ]}");
    String text = "{ \"a\" : [ ] , \"rules\" : [ {\"x\":1e+2} , { } ] ,\"\\u0062\":1 }\n";
    assertThat(ReplicationDocument.read(text).text()).isEqualTo(text);
    ReplicationDocument more =
        ReplicationDocument.read(text)
            .with(List.of(ReplicationDocument.read(text).rules().get(1), Rule.of(TEAM)));
    assertThat(more.text())
        .isEqualTo("{ \"a\" : [ ] , \"rules\" : [ { }," + TEAM_TEXT + " ] ,\"\\u0062\":1 }\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[] | $: a list",
        "{\"rules\":{}} | $.rules: no list",
        "{\"rules\":\"x\"} | $.rules: no list",
        "{\"rules\":[{},1]} | $.rules[1]: no object",
        "{\"rules\":[{}],\"rules\":[]} | $.rules: stands twice",
        "{\"rules\":[{} | line 1",
      })
  void whatCannotBeKeptIsMalformed(String raw, String message) {
    assertThatThrownBy(() -> ReplicationDocument.read(raw))
        .isInstanceOf(MalformedDocumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void ourRulesMeanWhatTheySay() {
    Contribution all =
        new Contribution(
            new TreeSet<>(),
            new TreeSet<>(
                Set.of(
                    new Registry("111122223333", "us-east-1"),
                    new Registry("000000000000", "us-west-2"))),
            true);
    assertThat(Rule.of(all).text())
        .isEqualTo(
            "{\"destinations\":[{\"region\":\"us-west-2\",\"registryId\":\"000000000000\"},"
                + "{\"region\":\"us-east-1\",\"registryId\":\"111122223333\"}],"
                + "\"deleteReplication\":{\"enabled\":true}}");
    for (Contribution each : List.of(TEAM, all)) {
      String text = "{\"rules\":[" + Rule.of(each).text() + "]}";
      assertThat(ReplicationDocument.read(text).rules().getFirst().meaning()).isEqualTo(each);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"destinations\":[]}",
        "{\"destinations\":[{\"region\":\"us-east-1\"}]}",
        "{\"destinations\":[{\"region\":\"us-east-1\",\"registryId\":\"1\",\"role\":\"x\"}]}",
        "{\"destinations\":[{\"region\":\"us-east-1\",\"registryId\":1}]}",
        "{@,\"priority\":1}",
        "{@,\"repositoryFilters\":{}}",
        "{@,\"repositoryFilters\":[{\"filter\":\"a\"}]}",
        "{@,\"repositoryFilters\":[{\"filter\":\"a\",\"filterType\":\"SUFFIX_MATCH\"}]}",
        "{@,\"repositoryFilters\":[{\"filter\":\"a\",\"filterType\":\"PREFIX_MATCH\",\"not\":1}]}",
        "{@,\"deleteReplication\":true}",
        "{@,\"deleteReplication\":{}}",
        "{@,\"deleteReplication\":{\"enabled\":null}}",
        "{@,\"deleteReplication\":{\"enabled\":true,\"tags\":false}}",
      })
  void aRuleWithAnythingUnknownHasNoMeaning(String rule) {
    String text = "{\"rules\":[" + rule.replace("@", DESTINATION) + "]}";
    assertThat(ReplicationDocument.read(text).rules().getFirst().meaning()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{@}",
        "{@,\"repositoryFilters\":[]}",
        "{@,\"repositoryFilters\":[{\"filter\":\"\",\"filterType\":\"PREFIX_MATCH\"}]}",
        "{\"deleteReplication\" : {\"enabled\":false},@}",
      })
  void allRepositoriesHaveSeveralSpellings(String rule) {
    String text = "{\"rules\":[" + rule.replace("@", DESTINATION) + "]}";
    assertThat(ReplicationDocument.read(text).rules().getFirst().meaning())
        .isEqualTo(new Contribution(new TreeSet<>(), TEAM.destinations(), false));
  }
}
