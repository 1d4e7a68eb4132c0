package dev.ecroperator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.replication.Member.Presence;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.MergedDocument;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.merge.Standing.Superseded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of a document. The rules are told in short: {@code team/ x1 > us-east-1} for two
 * filters and a destination, {@code * >} for all repositories, {@code + deletes} for the flag, and
 * {@code ?} for a rule that nobody here can read.
 */
class RegistryMergeTest {
  private static final Pattern WORDS = Pattern.compile(" ");
  private static final String ACCOUNT = "111122223333";

  private ReplicationWorld world = world(Limits.DEFAULT);

  @Test
  void theDocumentIsWhatAwsReads() {
    apply("a", 1, "team/ > us-east-1 eu-central-1");
    apply("b", 2, "base/jre > us-east-1 eu-central-1");
    apply("c", 3, "* > eu-west-1 + deletes");
    world.replace("{\"rules\":[ {\"priority\": 1.0} ]}");
    world.converge();
    assertThat(world.document())
        .isEqualTo(
            """
            {"rules":[ {"priority": 1.0},\
            {"destinations":[{"region":"eu-central-1","registryId":"111122223333"},\
            {"region":"us-east-1","registryId":"111122223333"}],\
            "repositoryFilters":[{"filter":"base/jre","filterType":"PREFIX_MATCH"},\
            {"filter":"team/","filterType":"PREFIX_MATCH"}]},\
            {"destinations":[{"region":"eu-west-1","registryId":"111122223333"}],\
            "deleteReplication":{"enabled":true}} ]}\
            """);
  }

  @Test
  void aPrefixAbsorbsWhatIsBelowItInTheSamePlaceOnly() {
    apply("a", 1, "team > us-east-1");
    apply("b", 2, "team/api teams > us-east-1");
    apply("c", 3, "team/api > eu-west-1");
    apply("d", 4, "team/api > us-east-1 + deletes");
    converges("team > us-east-1", "team/api > eu-west-1", "team/api > us-east-1 + deletes");
  }

  @Test
  void allAbsorbsEverything() {
    apply("a", 1, "team/ base > us-east-1");
    apply("b", 2, "* > us-east-1");
    converges("* > us-east-1");
  }

  @Test
  void theGroupingWithFewerRulesIsTaken() {
    // By filter it would be three: a > 1, b > 1 2, c > 2.
    apply("a", 1, "aa bb > us-east-1");
    apply("b", 2, "bb cc > us-east-2");
    converges("aa bb > us-east-1", "bb cc > us-east-2");
    // By destination it would be three.
    world = world(Limits.DEFAULT);
    apply("a", 1, "aa > us-east-1 us-east-2");
    apply("b", 2, "bb > us-east-2 us-east-3");
    converges("aa > us-east-1 us-east-2", "bb > us-east-2 us-east-3");
  }

  @Test
  void largeRulesAreSplit() {
    world = world(new Limits(25, 2, 3));
    apply("a", 1, "aa bb cc dd > us-east-1 us-east-2 us-east-3");
    converges(
        "aa bb cc > us-east-1 us-east-2",
        "aa bb cc > us-east-3",
        "dd > us-east-1 us-east-2",
        "dd > us-east-3");
  }

  @Test
  void whatSomebodySaysAlreadyIsNotSaidAgain() {
    found("team > us-east-1", "?base > us-east-1");
    apply("a", 1, "team/api base > us-east-1 eu-west-1");
    apply("b", 2, "team > us-east-1 + deletes");
    MergedDocument merged =
        converges(
            "team > us-east-1",
            "?base > us-east-1",
            "base > eu-west-1 us-east-1",
            "team/api > eu-west-1",
            "team > us-east-1 + deletes");
    assertThat(merged.ruling("a").contribution())
        .containsExactly(said("base > eu-west-1 us-east-1"), said("team/api > eu-west-1"));

    world.removeRule(0);
    converges(
        "?base > us-east-1", "base team/api > eu-west-1 us-east-1", "team > us-east-1 + deletes");
  }

  @Test
  void aRuleOfOthersThatSaysTheSameTakesOver() {
    apply("a", 1, "team > us-east-1");
    converges("team > us-east-1");
    // To the byte: there is no telling the two apart.
    world.addForeign(0, text("team > us-east-1"));
    assertThat(converges("team > us-east-1").ruling("a").contribution()).isEmpty();
    world.delete("a", false);
    converges("team > us-east-1");
  }

  @Test
  void aRuleWithinOursIsOfOthers() {
    apply("a", 1, "base team > us-east-1");
    converges("base team > us-east-1");
    world.addForeign(1, text("base > us-east-1"));
    // No look between.
    world.delete("a", false);
    converges("base > us-east-1");
  }

  @Test
  void aRuleOfOthersOutlivesAnObjectWhoseRulesAreGoneAlready() {
    // The object could not be let go yet, and meanwhile another one's write was recorded only.
    found("base > us-east-1");
    Standing gone = new Standing(List.of(said("base team > us-east-1")), null);
    world.objects.put("a", new Member("a", 1, 1, Presence.LEAVING, Members.desired(), gone));
    Standing recorded =
        new Standing(List.of(said("x1 > us-east-1")), new Superseded(List.of(), null, null));
    world.objects.put(
        "b",
        new Member("b", 1, 2, Presence.STAYING, Members.desired(said("x1 > us-east-1")), recorded));
    converges("base > us-east-1", "x1 > us-east-1");
    world.delete("b", false);
    converges("base > us-east-1");
  }

  @Test
  void theRecordOfAWriteTellsARuleOfOthersFromOneThatWasToGo() {
    found("base > us-east-1");
    String now = world.read().fingerprint();
    Superseded wasWritten = new Superseded(List.of(said("base > us-east-1")), "other", now);
    leaving(new Standing(List.of(), wasWritten));
    converges("base > us-east-1");

    Superseded wasNot = new Superseded(List.of(said("base > us-east-1")), now, "other");
    leaving(new Standing(List.of(), wasNot));
    converges();
  }

  private void leaving(Standing standing) {
    world.objects.put("a", new Member("a", 1, 1, Presence.LEAVING, Members.desired(), standing));
  }

  @Test
  void aRuleOfOursThatSomebodyRemovedComesBack() {
    apply("a", 1, "team > us-east-1", "base > eu-west-1");
    converges("base > eu-west-1", "team > us-east-1");
    world.removeRule(0);
    converges("base > eu-west-1", "team > us-east-1");
    // Nor does the rest of an object stay that is deleted then.
    world.removeRule(0);
    world.delete("a", false);
    converges();
  }

  @Test
  void anotherPlaceIsNoReasonToWrite() {
    apply("a", 1, "team > us-east-1", "base > eu-west-1");
    converges("base > eu-west-1", "team > us-east-1");
    found("team > us-east-1", "?x1 > us-east-1", "base > eu-west-1");
    long puts = world.puts();
    converges("team > us-east-1", "?x1 > us-east-1", "base > eu-west-1");
    assertThat(world.puts()).isEqualTo(puts);
  }

  @Test
  void whatIsRetainedIsARuleOfItsOwn() {
    apply("a", 1, "team > us-east-1");
    apply("b", 2, "base > us-east-1");
    converges("base team > us-east-1");
    world.delete("b", true);
    converges("base > us-east-1", "team > us-east-1");
    assertThat(world.objects).containsOnlyKeys("a");

    // The same again, and once more.
    apply("b", 3, "base > us-east-1");
    converges("base > us-east-1", "team > us-east-1");
    world.delete("b", true);
    converges("base > us-east-1", "team > us-east-1");
    world.delete("a", false);
    converges("base > us-east-1");
  }

  @Test
  void whatIsRetainedStaysWhereSomethingLargerHidesIt() {
    apply("a", 1, "* > us-east-1");
    apply("b", 2, "base > us-east-1");
    converges("* > us-east-1");
    world.delete("b", true);
    world.convergeUntil(1);
    converges("base > us-east-1", "* > us-east-1");
  }

  @Test
  void theNewestIsRefusedWhereNotAllFits() {
    world = world(new Limits(3, 100, 100));
    found("x1 > eu-west-1");
    apply("b", 2, "bb > us-east-2");
    apply("a", 1, "aa > us-east-1");
    apply("c", 3, "cc > us-east-3");
    apply("d", 4, "aa > us-east-1");
    MergedDocument merged = converges("x1 > eu-west-1", "aa > us-east-1", "bb > us-east-2");
    assertThat(merged.ruling("c").refusal())
        .isEqualTo("4 rules would be needed, the registry takes 3 (1 of them are of others)");
    assertThat(merged.ruling("c").contribution()).isEmpty();
    assertThat(merged.ruling("d").refusal()).isNull();

    world.delete("a", false);
    assertThat(
            converges("x1 > eu-west-1", "aa > us-east-1", "bb > us-east-2").ruling("c").refusal())
        .isNotNull();
    world.delete("d", false);
    assertThat(
            converges("x1 > eu-west-1", "bb > us-east-2", "cc > us-east-3").ruling("c").refusal())
        .isNull();
  }

  @Test
  void whatStandsIsNotEvictedByWhatComes() {
    world = world(new Limits(2, 100, 100));
    apply("b", 2, "bb > us-east-2");
    apply("c", 3, "cc > us-east-3");
    converges("bb > us-east-2", "cc > us-east-3");
    // An older one comes, and one that is there wants more; all stays as it is.
    apply("a", 1, "aa > us-east-1");
    apply("b", 2, "bb > us-east-5");
    apply("c", 3, "c1 > us-east-3", "c2 > us-east-4");
    MergedDocument merged = converges("bb > us-east-5", "cc > us-east-3");
    assertThat(merged.ruling("a").refusal()).startsWith("3 rules");
    assertThat(merged.ruling("b").refusal()).isNull();
    assertThat(merged.ruling("c").refusal()).startsWith("3 rules");
    assertThat(merged.ruling("c").contribution()).containsExactly(said("cc > us-east-3"));
  }

  @Test
  void aLoweredLimitEvictsNobody() {
    apply("a", 1, "aa > us-east-1");
    apply("b", 2, "bb > us-east-2");
    converges("aa > us-east-1", "bb > us-east-2");
    ReplicationWorld lower = new ReplicationWorld(world.document(), new Limits(1, 100, 100));
    lower.objects.putAll(world.objects);
    world = lower;
    apply("c", 3, "cc > us-east-3");
    assertThat(converges("aa > us-east-1", "bb > us-east-2").ruling("c").refusal())
        .startsWith("3 rules would be needed, the registry takes 1");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 100, 100", // AWS takes more now
    "100, 100, 2, 3", // and less
    "2, 100, 1, 3",
    "100, 3, 2, 2",
  })
  void rulesThatWereSplitByOtherLimitsAreOursAllTheSame(
      int destinations, int filters, int destinationsNow, int filtersNow) {
    world = world(new Limits(25, destinations, filters));
    found("?x1 > us-east-1", "team > eu-west-1");
    apply("a", 1, "aa bb cc dd > us-east-1 us-east-2 us-east-3");
    apply("b", 2, "ee > us-east-1");
    world.converge();
    ReplicationWorld restarted =
        new ReplicationWorld(world.document(), new Limits(25, destinationsNow, filtersNow));
    restarted.objects.putAll(world.objects);
    ReplicationWorld fresh = restarted.with("{\"rules\":[]}");
    world = fresh;
    found("?x1 > us-east-1", "team > eu-west-1");
    apply("a", 1, "aa bb cc dd > us-east-1 us-east-2 us-east-3");
    apply("b", 2, "ee > us-east-1");
    fresh.converge();
    world = restarted;

    world.converge();
    assertThat(world.rules()).isEqualTo(fresh.rules());
    assertThat(world.object("a").standing()).isEqualTo(fresh.object("a").standing());
    world.delete("a", false);
    world.delete("b", false);
    converges("?x1 > us-east-1", "team > eu-west-1");
  }

  @Test
  void whatWasToGoAndWasSplitByOtherLimitsGoesThoughSomebodyHasWrittenSince() {
    world = world(new Limits(25, 100, 2));
    apply("a", 1, "aa bb cc > us-east-1");
    converges("aa bb > us-east-1", "cc > us-east-1");
    world.delete("a", false);
    world.convergeUntil(1);
    ReplicationWorld restarted = new ReplicationWorld("", new Limits(25, 100, 100));
    restarted.objects.putAll(world.objects);
    world = restarted;
    found("aa bb > us-east-1", "cc > us-east-1", "team > eu-west-1");

    converges("team > eu-west-1");
  }

  @Test
  void ofFiveHundredObjectsOverTheLimitWhatFitsIsMerged() {
    world = world(new Limits(25, 100, 100));
    IntStream.range(0, 500).forEach(i -> apply("o" + i, i, "p" + i + "/ > us-east-" + i % 40));
    long refused =
        world.converge().results().values().stream()
            .filter(result -> !result.findings().isEmpty())
            .count();
    assertThat(world.rules()).hasSize(25);
    assertThat(refused).isBetween(1L, 499L);
  }

  private MergedDocument converges(String... rules) {
    world.converge();
    List<String> expected = new ArrayList<>();
    Arrays.stream(rules).map(RegistryMergeTest::text).forEach(expected::add);
    assertThat(world.rules()).isEqualTo(expected);
    MergedDocument again = world.merge();
    assertThat(again.changed()).isFalse();
    return again;
  }

  private void found(String... rules) {
    world.replace(
        "{\"rules\":["
            + String.join(",", Arrays.stream(rules).map(RegistryMergeTest::text).toList())
            + "]}");
  }

  private void apply(String id, long createdAt, String... rules) {
    world.apply(id, createdAt, Arrays.stream(rules).map(RegistryMergeTest::said).toList());
  }

  private static ReplicationWorld world(Limits limits) {
    return new ReplicationWorld("{\"rules\":[]}", limits);
  }

  private static String text(String rule) {
    return rule.startsWith("?")
        ? "{\"?\":1," + Rule.of(said(rule.substring(1))).text().substring(1)
        : Rule.of(said(rule)).text();
  }

  private static Contribution said(String rule) {
    boolean deletes = rule.endsWith(" + deletes");
    List<String> words = List.of(WORDS.split(rule.replace(" + deletes", ""), -1));
    List<String> filters = words.subList(0, words.indexOf(">"));
    TreeSet<Registry> destinations = new TreeSet<>();
    for (String region : words.subList(words.indexOf(">") + 1, words.size())) {
      destinations.add(new Registry(ACCOUNT, region));
    }
    return new Contribution(
        new TreeSet<>(filters.equals(List.of("*")) ? List.of() : filters), destinations, deletes);
  }
}
