package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.all;
import static dev.ecroperator.replication.Members.contribution;
import static dev.ecroperator.replication.Members.member;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Finding;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.replication.Member.Presence;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.merge.Standing;
import dev.ecroperator.replication.merge.Standing.Superseded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Respelling.class)
class RegistryPassTest {
  private static final String FOREIGN =
      "{ \"destinations\":[{\"registryId\":\"999900001111\",\"region\":\"sa-east-1\"}],\"tagFilter\":7}";

  /** A rule of others that says all that is said of a region. */
  private static final String EVERYTHING =
      "{\"destinations\":[{\"registryId\":\"111122223333\",\"region\":\"eu-central-1\"}]}";

  private static final Contribution API = contribution("eu-central-1", "api/");
  private static final Contribution WEB = contribution("eu-central-1", "web/");
  private static final Contribution BASE = contribution("us-east-1", "base/");

  private final FakeReplicationRegistry registry = new FakeReplicationRegistry();
  private final Map<String, Standing> standings = new HashMap<>();
  private final Map<String, Failure> refused = new TreeMap<>();
  private final List<String> recorded = new ArrayList<>();
  private final FakeStandingRecords records = new FakeStandingRecords();
  private Limits limits = Limits.DEFAULT;
  private Instant now = Instant.EPOCH;
  private RegistryConfiguration configuration = new RegistryConfiguration(registry, () -> now);

  /** A pass a while after the one before. */
  private Pass pass(Member... members) {
    now = now.plus(RegistryConfiguration.OUTDATED_FOR);
    return passAtOnce(members);
  }

  private Pass passAtOnce(Member... members) {
    Map<String, Member> known = all(members);
    known.forEach((id, member) -> standings.putIfAbsent(id, member.standing()));
    known.replaceAll((id, member) -> member.standing(standing(id)));
    return run(known);
  }

  private Pass run(Map<String, Member> members) {
    return RegistryPass.run(configuration, records, limits, members, standings, refused, now);
  }

  RegistryPassTest(Respelling respelling) {
    registry.reading = respelling.reading(0);
    records.beforeRecord = id -> recorded.add(id + " at " + registry.configuration);
  }

  private Standing standing(String id) {
    return requireNonNull(standings.get(id));
  }

  private static Pass.Result result(Pass pass, String id) {
    return requireNonNull(pass.results().get(id));
  }

  private static List<Reason> reasons(Pass pass, String id) {
    return result(pass, id).findings().stream().map(Finding::reason).toList();
  }

  private static Member leaving(Member member) {
    return new Member(
        member.id(), 1, member.createdAt(), Presence.LEAVING, member.desired(), member.standing());
  }

  private static Member leavingItsRules(Member member) {
    DesiredReplication desired = member.desired();
    return leaving(
        new Member(
            member.id(),
            1,
            member.createdAt(),
            Presence.LEAVING,
            new DesiredReplication(
                desired.contributions(),
                desired.selection(),
                desired.destinations(),
                desired.findings(),
                true,
                false),
            member.standing()));
  }

  /** What the reconciler does after a pass. */
  private void reportAll() {
    records.statuses.putAll(standings);
    recorded.clear();
  }

  /** The operator begins anew: it knows of the objects that are there what their statuses say. */
  private void restart() {
    standings.clear();
    standings.putAll(records.statuses);
  }

  @Test
  void whatAllWantIsOneWriteThatIsReadBack() {
    Pass pass = pass(member("a", API), member("b", WEB), member("c", BASE));

    assertThat(registry.calls).containsExactly("read", "put", "read");
    assertThat(registry.configuration)
        .contains("\"api/\"", "\"web/\"", "\"base/\"", "eu-central-1", "us-east-1");
    assertThat(pass.results().values()).allMatch(result -> result.findings().isEmpty());
    assertThat(standings).containsEntry("a", new Standing(List.of(API), null));
  }

  @Test
  void eachIsRecordedBeforeTheWrite() {
    pass(member("a", API), member("b", WEB));

    assertThat(recorded).containsExactly("a at {\"rules\":[]}", "b at {\"rules\":[]}");
  }

  @Test
  void whereNothingIsToChangeOneReadIsAll() {
    pass(member("a", API));
    registry.calls.clear();
    recorded.clear();

    pass(member("a", API));

    assertThat(registry.calls).containsExactly("read");
    assertThat(recorded).isEmpty();
  }

  @Test
  void onlyWhoseShareChangesIsRecordedAnew() {
    pass(member("a", API), member("b", WEB));
    reportAll();

    pass(member("a", API), member("b", BASE));

    assertThat(recorded).singleElement().asString().startsWith("b at");
  }

  @Test
  void rulesOfOthersStayToTheByte() {
    registry.configuration = "{\"rules\":[" + FOREIGN + "]}";

    pass(member("a", API));
    assertThat(registry.configuration).contains(FOREIGN).contains("api/");
    pass(leaving(member("a", API)));

    assertThat(registry.configuration).isEqualTo("{\"rules\":[" + FOREIGN + "]}");
  }

  @Test
  void ourRulesComeBackAndTheirsStay() {
    pass(member("a", API), member("b", BASE));
    registry.configuration = "{\"rules\":[" + FOREIGN + "]}";
    reportAll();

    Pass pass = pass(member("a", API), member("b", BASE));

    assertThat(registry.configuration).contains(FOREIGN, "api/", "base/");
    assertThat(result(pass, "a").restored()).isTrue();
    assertThat(recorded).isEmpty();
  }

  @Test
  void whatIsWrittenTheFirstTimeIsNotRestored() {
    assertThat(result(pass(member("a", API)), "a").restored()).isFalse();
  }

  @Test
  void aWriteThatAnotherOvertookIsMergedAgain() {
    registry.race(ours -> "{\"rules\":[" + FOREIGN + "]}");

    Pass pass = pass(member("a", API));

    assertThat(registry.calls).containsExactly("read", "put", "read", "put", "read");
    assertThat(registry.configuration).contains(FOREIGN, "api/");
    assertThat(result(pass, "a").findings()).isEmpty();
  }

  @Test
  void whoIsOvertakenAgainAndAgainTriesLater() {
    for (int i = 0; i < 5; i++) {
      registry.race(ours -> "{\"rules\":[]}");
    }

    assertThat(reasons(pass(member("a", API)), "a")).containsExactly(Reason.PROGRESSING);
    assertThat(registry.count("put")).isEqualTo(3);
  }

  @Test
  void aShareThatEcrRefusesHoldsNoOtherBack() {
    registry.refusedRegion = "nowhere-1";
    Contribution wrong = contribution("nowhere-1", "x/");

    Pass pass = pass(member("a", API), member("b", wrong), member("c", WEB), member("d", BASE));

    assertThat(registry.configuration).contains("api/", "web/", "base/").doesNotContain("nowhere");
    assertThat(reasons(pass, "b")).containsExactly(Reason.INVALID_SPEC);
    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(reasons(pass, "d")).isEmpty();
    assertThat(standings).containsEntry("b", Standing.NOTHING);
  }

  @Test
  void whatEcrRefusedIsNotSentAgain() {
    registry.refusedRegion = "nowhere-1";
    Contribution wrong = contribution("nowhere-1", "x/");
    pass(member("a", API), member("b", wrong));
    registry.calls.clear();

    Pass pass = pass(member("a", API), member("b", wrong));

    assertThat(registry.calls).containsExactly("read");
    assertThat(reasons(pass, "b")).containsExactly(Reason.INVALID_SPEC);
  }

  @Test
  void aRefusedEditLeavesWhatStood() {
    pass(member("a", API), member("b", WEB));
    registry.refusedRegion = "nowhere-1";

    pass(member("a", contribution("nowhere-1", "x/")), member("b", WEB));

    assertThat(registry.configuration).contains("api/", "web/");
    assertThat(standings).containsEntry("a", new Standing(List.of(API), null));
  }

  @Test
  void aWriteThatIsDeniedIsTheFindingOfThoseWhoWantedIt() {
    pass(member("a", API));
    registry.fail("put", Failure.Kind.DENIED);

    Pass pass = pass(member("a", API), member("b", WEB));

    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(reasons(pass, "b")).containsExactly(Reason.ACCESS_DENIED);
  }

  @Test
  void whoseRulesAreMissingSharesTheFailureOfTheWriteThatWasToPutThemBack() {
    pass(member("a", API));
    registry.configuration = "{\"rules\":[]}";
    registry.fail("put", Failure.Kind.DENIED);

    Pass pass = pass(member("a", API), member("b", WEB));

    assertThat(reasons(pass, "a")).containsExactly(Reason.ACCESS_DENIED);
    assertThat(result(pass, "a").restored()).isFalse();
    assertThat(reasons(pass, "b")).containsExactly(Reason.ACCESS_DENIED);
  }

  @Test
  void missingRulesAreRestoredThoughWhatCameWithThemIsRefused() {
    pass(member("a", API));
    registry.configuration = "{\"rules\":[]}";
    registry.refusedRegion = "nowhere-1";

    Pass pass = pass(member("a", API), member("b", contribution("nowhere-1", "x/")));

    assertThat(registry.configuration).contains("api/").doesNotContain("nowhere");
    assertThat(result(pass, "a").restored()).isTrue();
    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(reasons(pass, "b")).containsExactly(Reason.INVALID_SPEC);
  }

  @Test
  void anAnswerOfBeforeTheLastWriteIsNotTakenForWhatStands() {
    pass(member("a", API));
    String before = registry.configuration;
    pass(member("a", WEB));
    registry.calls.clear();
    assertTakenForLate(before);
  }

  /** That a configuration of before is not gone by, now that {@code a} replicates WEB. */
  private void assertTakenForLate(String before) {
    String after = registry.configuration;
    registry.configuration = before;

    Pass early = passAtOnce(member("a", WEB), member("b", BASE));
    registry.configuration = after;
    passAtOnce(member("a", WEB), member("b", BASE));
    passAtOnce(leaving(member("a", WEB)), leaving(member("b", BASE)));

    assertThat(requireNonNull(early.failure()).reason()).isEqualTo(Reason.PROGRESSING);
    assertThat(registry.configuration).isEqualTo("{\"rules\":[]}");
  }

  @Test
  void whatSomebodyPutBackIsSeenAWhileLater() {
    pass(member("a", API));
    registry.configuration = "{\"rules\":[]}";

    assertThat(passAtOnce(member("a", API)).failure()).isNotNull();
    pass(member("a", API));

    assertThat(registry.configuration).contains("api/");
  }

  @Test
  void whatWasReplacedAndIsWrittenOnceMoreIsWhatStands() {
    pass(member("a", API));
    pass(member("a", WEB));
    passAtOnce(member("a", API));

    Pass pass = passAtOnce(member("a", API));

    assertThat(pass.failure()).isNull();
    assertThat(registry.configuration).contains("api/").doesNotContain("web/");
  }

  @ParameterizedTest
  @CsvSource({"destinations", "region", "filter"})
  void whereEcrAddsToTheRulesItIsGivenTheyAreNotWrittenAgain(String before) {
    for (int i = 0; i < 3; i++) {
      registry.race(ours -> ours.replace("{\"" + before + "\"", "{\"since\":0,\"" + before + "\""));
    }

    Pass pass = pass(member("a", API));
    pass(member("a", API));

    assertThat(reasons(pass, "a")).containsExactly(Reason.FOREIGN_RULE_UNREADABLE);
    assertThat(result(pass, "a").findings().getFirst().message()).contains("\"since\":0");
    assertThat(registry.count("put")).isEqualTo(1);

    // One that begins anew learns it once more, by one more rule.
    configuration = new RegistryConfiguration(registry, () -> now);
    pass(member("a", API));
    pass(member("a", API));
    assertThat(registry.count("put")).isEqualTo(2);
  }

  @Test
  void whereEcrDropsWhatItDoesNotKnowTheRulesAreNotWrittenAgainAndAgain() {
    for (int i = 0; i < 6; i++) {
      registry.race(ours -> ours.replace(",\"deleteReplication\":{\"enabled\":true}", ""));
    }
    Member asking = member("a", new Contribution(API.filters(), API.destinations(), true));

    Pass pass = pass(asking);
    pass(asking);

    assertThat(registry.count("put")).isEqualTo(1);
    assertThat(reasons(pass, "a")).containsExactly(Reason.FOREIGN_RULE_UNREADABLE);
  }

  @Test
  void whatStandsOfAWriteThatWasNotDoneGoesWithItsObjectThoughSomebodyRemovedTheRest() {
    Contribution wider = contribution("eu-central-1", "api/", "web/");
    Contribution other = contribution("us-west-2", "base/");
    pass(member("a", API), member("b", BASE));
    registry.fail("put", Failure.Kind.UNAVAILABLE);
    pass(member("a", wider), member("b", other));
    registry.configuration = "{\"rules\":[" + ReplicationDocument.Rule.of(API).text() + "]}";

    pass(member("a", wider), member("b", other));
    pass(leaving(member("a", wider)), leaving(member("b", other)));

    assertThat(registry.configuration).isEqualTo("{\"rules\":[]}");
  }

  @Test
  void whatSomebodySaysInsteadInSmallerRulesIsOfOthers() {
    Member member = member("a", contribution("eu-central-1", "api/", "web/"));
    pass(member);
    String theirs =
        "{\"rules\":["
            + ReplicationDocument.Rule.of(API).text()
            + ","
            + ReplicationDocument.Rule.of(WEB).text()
            + "]}";
    registry.configuration = theirs;

    pass(member);
    pass(leaving(member));

    assertThat(registry.configuration).isEqualTo(theirs);
  }

  @Test
  void anAnswerOfLongBeforeTheWriteIsNotReadBackEither() {
    pass(member("a", API));
    String before = registry.configuration;
    pass(member("a", WEB));
    registry.race(ours -> before);

    Pass late = passAtOnce(member("a", WEB), member("b", BASE));
    assertThat(reasons(late, "b")).containsExactly(Reason.PROGRESSING);
    registry.configuration = registry.configuration.replace("api/", "web/");
    pass(member("a", WEB), member("b", BASE));
    pass(leaving(member("a", WEB)), leaving(member("b", BASE)));

    assertThat(registry.configuration).isEqualTo("{\"rules\":[]}");
  }

  @Test
  void aClockThatIsSetBackMakesNoDocumentOutdated() {
    pass(member("a", API));
    registry.configuration = "{\"rules\":[]}";
    now = now.minusSeconds(3_600);

    assertThat(passAtOnce(member("a", API)).failure()).isNull();
    assertThat(registry.configuration).contains("api/");
  }

  @Test
  void whatHasToBeOnRecordAndCannotBeHoldsTheWriteBackAndIsTold() {
    Member edited = member("a", WEB);
    pass(member("a", API));
    pass(edited);
    // Its status still tells of the write, and can be written no more.
    records.beforeRecord =
        id -> {
          if (id.equals("a")) {
            throw new RecordRefusedException("a webhook says no", new IllegalStateException());
          }
        };

    Pass pass = pass(edited, member("b", BASE));

    assertThat(reasons(pass, "b")).containsExactly(Reason.UNAVAILABLE);
    assertThat(registry.configuration).contains("web/").doesNotContain("base/");
  }

  @Test
  void allThatCannotBeRecordedAreFoundAtOnce() {
    List<String> refusedOnes = List.of("b", "c", "d");
    records.beforeRecord =
        id -> {
          recorded.add(id);
          if (refusedOnes.contains(id)) {
            throw new RecordRefusedException("a webhook says no", new IllegalStateException());
          }
        };

    pass(member("a", API), member("b", WEB), member("c", WEB), member("d", WEB), member("e", BASE));

    assertThat(recorded).containsExactly("a", "b", "c", "d", "e", "a", "e");
    assertThat(registry.configuration).contains("api/", "base/").doesNotContain("web/");
  }

  @Test
  void oneThatNothingCanBeRecordedOfHoldsNoOtherBack() {
    records.beforeRecord =
        id -> {
          if (id.equals("b")) {
            throw new RecordRefusedException("a webhook says no", new IllegalStateException());
          }
        };

    Pass pass = pass(member("a", API), member("b", WEB), member("c", BASE));

    assertThat(registry.configuration).contains("api/", "base/").doesNotContain("web/");
    assertThat(reasons(pass, "b")).containsExactly(Reason.UNAVAILABLE);
    assertThat(result(pass, "b").findings().getFirst().message()).contains("a webhook says no");
    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(standings).containsEntry("b", Standing.NOTHING);
  }

  @Test
  void aWriteWithoutAnAnswerIsKnownToBeInDoubtAndResolvedByTheNextPass() {
    registry.fail("put", Failure.Kind.AMBIGUOUS);

    Pass pass = pass(member("a", API));
    assertThat(reasons(pass, "a")).containsExactly(Reason.UNAVAILABLE);
    assertThat(standing("a").superseded()).isNotNull();
    pass = pass(member("a", API));

    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(standings).containsEntry("a", new Standing(List.of(API), null));
  }

  @Test
  void whatAWriteInDoubtHasComeToIsWhatTheNextSupersedes() {
    pass(member("a", API));
    standings.put("a", new Standing(List.of(WEB), new Superseded(List.of(API), null, null)));
    reportAll();
    registry.fail("put", Failure.Kind.DENIED);

    pass(member("a", BASE));
    Standing recordedOne = requireNonNull(records.statuses.get("a"));
    assertThat(recordedOne.contribution()).containsExactly(BASE);
    assertThat(recordedOne.before()).containsExactly(API);
    pass(member("a", BASE));

    assertThat(registry.configuration).contains("base/").doesNotContain("api/", "web/");
    assertThat(standings).containsEntry("a", new Standing(List.of(BASE), null));
  }

  @Test
  void anObjectThatLeavesSaysSoBeforeItsRulesGo() {
    pass(member("a", API));
    String before = registry.configuration;
    recorded.clear();

    pass(leaving(member("a", API)));

    assertThat(recorded).containsExactly("a at " + before);
    assertThat(requireNonNull(records.statuses.get("a")).contribution()).isEmpty();
    assertThat(registry.configuration).isEqualTo("{\"rules\":[]}");
  }

  @Test
  void ofAnObjectThatIsGoneNothingIsRecorded() {
    pass(member("a", API));
    recorded.clear();

    pass(member("a", API).gone());

    assertThat(recorded).isEmpty();
    assertThat(registry.configuration).isEqualTo("{\"rules\":[]}");
  }

  @Test
  void aRuleThatIsTakenOverStaysKnownWhereNothingWasRecordedSince() {
    pass(member("a", API));
    Member heir = member("b", API);

    pass(leaving(member("a", API)), heir);
    // The one was let go, and the operator stopped before it reported of the other.
    records.statuses.remove("a");
    restart();
    pass(heir);
    pass(leaving(heir));

    assertThat(registry.count("put")).isEqualTo(2);
    assertThat(registry.configuration).isEqualTo("{\"rules\":[]}");
  }

  @Test
  void aRuleThatAnotherHasJoinedAlreadyStaysKnownWhereNothingWasRecordedSince() {
    pass(member("a", API));
    reportAll();
    Member heir = member("b", API);
    records.statuses.put("b", Standing.NOTHING);
    // It joins without a write, and its status is to be written yet.
    pass(member("a", API), heir);

    pass(leaving(member("a", API)), heir);
    records.statuses.remove("a");
    restart();
    pass(heir);
    pass(leaving(heir));

    assertThat(registry.configuration).isEqualTo("{\"rules\":[]}");
  }

  @Test
  void whoLetGoBeforeARuleIsLeftBehindHasThatOnRecordTheLatestThen() {
    pass(member("o", API), member("p", API));
    reportAll();
    Member other = member("o");
    // It lets go without a write, and its status is to be written yet.
    pass(other, member("p", API));

    pass(other, leavingItsRules(member("p", API)));
    records.statuses.remove("p");
    restart();
    standings.remove("p");
    pass(other);

    assertThat(registry.configuration).contains("api/");
  }

  @Test
  void whoeverLetsGoToARuleThatIsLeftBehindSaysSoBeforeThatObjectIsGone() {
    Member leaver = member("a", contribution("us-east-1"));
    Member other = member("b", BASE, contribution("eu-central-1", "base/"));
    pass(leaver, other);

    pass(leavingItsRules(leaver), other);
    records.statuses.remove("a");
    restart();
    pass(leaving(other));

    assertThat(registry.configuration).contains("us-east-1").doesNotContain("base/");
  }

  @Test
  void whatWasWrittenStaysKnownWhereTheOperatorStopsAfterALaterWrite() {
    registry.refusedRegion = "nowhere-1";
    Member refusedOne = member("b", contribution("nowhere-1", "x/"));

    // Written one after the other, with a refusal between; nothing is reported of any.
    pass(member("a", API), refusedOne, member("c", BASE));
    restart();
    refused.clear();
    pass(leaving(member("a", API)), refusedOne, member("c", BASE));

    assertThat(registry.configuration).contains("base/").doesNotContain("api/");
  }

  @Test
  void whatWasWrittenStaysKnownWhereTheOperatorStopsAfterALaterPass() {
    Member left = member("l", API);
    Member heir = member("m", API);
    pass(left, heir);

    pass(leavingItsRules(left), heir, member("a", BASE));
    records.statuses.remove("l");
    standings.remove("l");
    Member next = member("n", contribution("ap-south-1", "n/"));
    pass(heir, member("a", BASE), next);
    restart();
    pass(leaving(heir), leaving(member("a", BASE)), next);

    assertThat(registry.configuration).contains("api/", "n/").doesNotContain("base/");
  }

  @Test
  void whatIsCertainIsReadAsSuchThoughSomebodyHasRemovedARule() {
    Member web = member("b", WEB);
    Member base = member("c", BASE);
    pass(member("a", API), web, base);
    registry.configuration =
        registry.configuration.replaceFirst(
            ",?\\{\"destinations\":\\[\\{\"region\":\"us-east-1\".*?PREFIX_MATCH\"}]}", "");
    assertThat(registry.configuration).contains("api/", "web/").doesNotContain("base/");
    registry.fail("put", Failure.Kind.DENIED);

    Member edited = member("a", contribution("eu-central-1", "z/"));
    pass(edited, web, base);
    pass(edited, web, base);

    assertThat(registry.configuration).contains("web/", "z/", "base/").doesNotContain("api/");
  }

  @Test
  void aWriteThatFailsAgainIsNotRecordedAgain() {
    registry.fail("put", Failure.Kind.DENIED);
    registry.fail("put", Failure.Kind.DENIED);
    pass(member("a", API));
    recorded.clear();

    pass(member("a", API));

    assertThat(recorded).isEmpty();
    assertThat(registry.count("put")).isEqualTo(2);
  }

  @Test
  void aRegistryThatCannotBeReadIsToldToAll() {
    registry.fail("read", Failure.Kind.THROTTLED);

    Pass pass = pass(member("a", API));

    assertThat(requireNonNull(pass.failure()).reason()).isEqualTo(Reason.THROTTLED);
    assertThat(registry.calls).containsExactly("read");
  }

  @Test
  void aDocumentThatCannotBeKeptIsNotWritten() {
    registry.configuration = "{\"rules\":[7]}";

    Pass pass = pass(member("a", API));

    assertThat(requireNonNull(pass.failure()).reason()).isEqualTo(Reason.FOREIGN_RULE_UNREADABLE);
    assertThat(registry.configuration).isEqualTo("{\"rules\":[7]}");
  }

  @Test
  void overTheLimitTheNewestIsStalledWithTheNumbers() {
    limits = new Limits(2, 100, 100);

    Pass pass =
        pass(member("a", API), member("b", BASE), member("c", contribution("ap-south-1", "x/")));

    assertThat(registry.configuration).contains("api/", "base/").doesNotContain("ap-south-1");
    assertThat(reasons(pass, "c")).containsExactly(Reason.QUOTA_EXCEEDED);
    assertThat(result(pass, "c").findings().getFirst().message()).contains("3", "2");
    assertThat(reasons(pass, "a")).isEmpty();
  }

  @Test
  void whoIsOverTheLimitStaysSoWhileTheWriteOfAnotherFails() {
    limits = new Limits(2, 100, 100);
    Member stalled = member("c", contribution("ap-south-1", "x/"));
    pass(member("a", API), member("b", BASE), stalled);
    registry.fail("put", Failure.Kind.THROTTLED);

    Pass pass = pass(member("a", API, WEB), member("b", BASE), stalled);

    assertThat(reasons(pass, "c")).containsExactly(Reason.QUOTA_EXCEEDED);
    assertThat(reasons(pass, "a")).containsExactly(Reason.THROTTLED);
  }

  @Test
  void whenRoomAppearsItGoesIn() {
    limits = new Limits(2, 100, 100);
    Member waiting = member("c", contribution("ap-south-1", "x/"));
    pass(member("a", API), member("b", BASE), waiting);

    Pass pass = pass(leaving(member("a", API)), member("b", BASE), waiting);

    assertThat(registry.configuration).contains("ap-south-1").doesNotContain("api/");
    assertThat(reasons(pass, "c")).isEmpty();
  }

  @Test
  void whoTurnsOutToBeGoneIsNotWritten() {
    records.gone.add("b");

    pass(member("a", API), member("b", WEB));

    assertThat(registry.configuration).contains("api/").doesNotContain("web/");
  }

  @Test
  void whereAShareCouldNotBeJudgedNoOtherIsRefused() {
    registry.refusedRegion = "nowhere-1";
    registry.fail("put", Failure.Kind.INVALID);
    registry.fail("put", Failure.Kind.THROTTLED);

    Pass pass = pass(member("a", contribution("nowhere-1", "x/")), member("b", WEB));

    assertThat(reasons(pass, "a")).containsExactly(Reason.THROTTLED);
    assertThat(reasons(pass, "b")).containsExactly(Reason.THROTTLED);
    assertThat(refused).isEmpty();
    assertThat(registry.count("put")).isEqualTo(2);
  }

  @Test
  void theLastAttemptCountsToo() {
    registry.race(ours -> "{\"rules\":[]}");
    registry.race(ours -> "{\"rules\":[]}");

    Pass pass = pass(member("a", API));

    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(registry.count("put")).isEqualTo(3);
    assertThat(standings).containsEntry("a", new Standing(List.of(API), null));
  }

  @Test
  void whoTurnsOutToBeGoneCostsNoAttempt() {
    records.gone.add("b");
    registry.race(ours -> "{\"rules\":[]}");
    registry.race(ours -> "{\"rules\":[]}");

    Pass pass = pass(member("a", API), member("b", WEB));

    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(registry.configuration).contains("api/");
  }

  @Test
  void aRefusedShareIsNotSentWhereARuleOfOthersSaysWhatStands() {
    pass(member("a", API));
    Member wrong = member("a", contribution("nowhere-1", "x/"));
    registry.refusedRegion = "nowhere-1";
    refused.put("a", new Failure(Failure.Kind.INVALID, "ecr:Put", "no such region"));
    registry.configuration = registry.configuration.replace(":[{\"d", ":[" + EVERYTHING + ",{\"d");
    registry.calls.clear();

    Pass pass = pass(wrong);

    assertThat(registry.count("put")).isZero();
    assertThat(reasons(pass, "a")).containsExactly(Reason.INVALID_SPEC);
  }

  private static List<String> rules(String configuration) {
    return ReplicationDocument.read(configuration).rules().stream()
        .map(rule -> Oracle.plain(rule.text()))
        .toList();
  }

  /** The rule of others that says all goes again, in whichever words it stands there. */
  private void removeEverything() {
    ReplicationDocument document = ReplicationDocument.read(registry.configuration);
    List<ReplicationDocument.Rule> others = new ArrayList<>(document.rules());
    assertThat(others.removeIf(rule -> Oracle.plain(rule.text()).equals(Oracle.plain(EVERYTHING))))
        .isTrue();
    registry.configuration = document.with(others).text();
  }

  @Test
  void whatIsHeldStillIsSaidWhateverOthersSayForAWhile() {
    Member a = member("a", API);
    Member b = member("b", WEB);
    pass(a, b);
    Member suspended =
        new Member(
            "a", 2, a.createdAt(), Presence.STAYING, a.desired().heldStill(), Standing.NOTHING);
    Member wrong = member("b", contribution("nowhere-1", "x/"));
    registry.refusedRegion = "nowhere-1";
    String ours = registry.configuration;
    registry.configuration = ours.replace(":[{\"d", ":[" + EVERYTHING + ",{\"d");

    pass(suspended, wrong);
    removeEverything();
    pass(suspended, wrong);

    assertThat(rules(registry.configuration))
        .containsExactlyInAnyOrderElementsOf(rules(ours))
        .hasSize(1);
    assertThat(standings)
        .containsEntry("a", new Standing(List.of(API), null))
        .containsEntry("b", new Standing(List.of(WEB), null));
  }

  @Test
  void whatWasWrittenStaysKnownWhereTheRecordsFailLater() {
    registry.refusedRegion = "nowhere-1";
    Contribution wrong = contribution("nowhere-1", "x/");
    Map<String, Member> known =
        all(member("a", API), member("b", wrong), member("c", WEB), member("d", BASE));
    known.forEach((id, member) -> standings.put(id, member.standing()));
    // All are refused together, and "a" with "b"; "a" goes in alone, and the records of "b" fail.
    records.beforeRecord =
        id -> {
          if (id.equals("b") && registry.configuration.contains("api/")) {
            throw new IllegalStateException("the API server is away");
          }
        };

    assertThatThrownBy(() -> run(known)).hasMessage("the API server is away");

    assertThat(registry.configuration).contains("api/").doesNotContain("x/", "web/", "base/");
    assertThat(standings)
        .containsEntry("a", new Standing(List.of(API), null))
        .containsEntry("b", Standing.NOTHING)
        .containsEntry("c", Standing.NOTHING)
        .containsEntry("d", Standing.NOTHING);
  }

  /** Has a rule stand that ECR refuses from now on. */
  private Member standingOneThatIsRefused() {
    Member culprit = member("a", contribution("nowhere-1", "x/"));
    pass(culprit);
    registry.refusedRegion = "nowhere-1";
    registry.calls.clear();
    return culprit;
  }

  @Test
  void whatSomebodyWroteSinceIsKeptWhereWhatStandsIsSentAlone() {
    pass(member("a", API));
    registry.refusedRegion = "nowhere-1";
    registry.during(
        "put",
        () ->
            registry.configuration =
                registry.configuration.replace(":[{\"d", ":[" + FOREIGN + ",{\"d"));

    Pass pass = pass(member("a", API), member("b", contribution("nowhere-1", "x/")));

    assertThat(registry.configuration).contains(FOREIGN, "api/");
    assertThat(registry.count("put")).isEqualTo(3);
    assertThat(reasons(pass, "b")).containsExactly(Reason.INVALID_SPEC);
  }

  @Test
  void whatIsToStandIsSentAtOnceWhereSomebodyRemovedItSince() {
    pass(member("a", API));
    registry.refusedRegion = "nowhere-1";
    registry.calls.clear();
    registry.during("put", () -> registry.configuration = "{\"rules\":[" + FOREIGN + "]}");

    Pass pass = pass(member("a", API), member("b", contribution("nowhere-1", "x/")));

    assertThat(registry.configuration).contains(FOREIGN, "api/");
    assertThat(registry.count("put")).isEqualTo(2);
    assertThat(reasons(pass, "b")).containsExactly(Reason.INVALID_SPEC);
  }

  @Test
  void whereNothingStandsNothingIsSentToTellWhetherEcrAcceptsIt() {
    registry.refusedRegion = "nowhere-1";

    Pass pass = pass(member("b", contribution("nowhere-1", "x/")));

    assertThat(registry.count("put")).isEqualTo(1);
    assertThat(reasons(pass, "b")).containsExactly(Reason.INVALID_SPEC);
  }

  @Test
  void whereWhatStandsIsRefusedNoNewcomerIsBlamed() {
    Member culprit = standingOneThatIsRefused();

    Pass pass = pass(culprit, member("b", WEB));

    assertThat(reasons(pass, "b")).containsExactly(Reason.FOREIGN_RULE_UNREADABLE);
    assertThat(result(pass, "b").findings().getFirst().message())
        .contains("ecr:put: INVALID")
        .doesNotContain("spec");
    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(refused).isEmpty();
    assertThat(registry.configuration).contains("nowhere-1");
    registry.refusedRegion = null;

    assertThat(reasons(pass(culprit, member("b", WEB)), "b")).isEmpty();
    assertThat(registry.configuration).contains("web/");
  }

  @Test
  void whereWhatStandsIsRefusedWhoOnlyAddsIsNotTriedOneByOne() {
    List<Member> members = new ArrayList<>(List.of(standingOneThatIsRefused()));
    for (int i = 0; i < 50; i++) {
      members.add(member("m" + i, contribution("eu-central-1", "team" + i + "/")));
    }

    pass(members.toArray(Member[]::new));

    assertThat(registry.count("put")).isEqualTo(2);
  }

  @Test
  void whoMendsWhatStandsGoesFirstAndTheOthersAreJudgedByWhatStandsThen() {
    Member culprit = standingOneThatIsRefused();
    Member wrong = member("c", contribution("nowhere-1", "y/"));

    Pass pass = pass(leaving(culprit), member("b", WEB), wrong);

    assertThat(registry.configuration).contains("web/").doesNotContain("nowhere-1");
    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(reasons(pass, "b")).isEmpty();
    assertThat(reasons(pass, "c")).containsExactly(Reason.INVALID_SPEC);
    assertThat(refused).containsOnlyKeys("c");
  }

  @Test
  void oneOfThoseWhoLetGoIsEnoughToMendWhatStands() {
    pass(member("a", contribution("nowhere-1", "x/")), member("b", WEB));
    registry.refusedRegion = "nowhere-1";

    Pass pass =
        pass(
            leaving(member("a", contribution("nowhere-1", "x/"))),
            member("b", contribution("nowhere-1", "y/")));

    assertThat(registry.configuration).contains("web/").doesNotContain("nowhere-1");
    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(reasons(pass, "b")).containsExactly(Reason.INVALID_SPEC);
  }

  @Test
  void whoLeavesIsNotAccusedOfARuleOfAnother() {
    pass(member("a", contribution("nowhere-1", "x/")), member("b", WEB));
    registry.refusedRegion = "nowhere-1";

    Pass pass = pass(member("a", contribution("nowhere-1", "x/")), leaving(member("b", WEB)));

    assertThat(reasons(pass, "b")).containsExactly(Reason.FOREIGN_RULE_UNREADABLE);
    assertThat(registry.configuration).contains("web/");
  }

  @Test
  void whatIsToStandAgainAndIsRefusedBlamesNoNewcomer() {
    Member culprit = standingOneThatIsRefused();
    registry.configuration = "{\"rules\":[]}";

    Pass pass = pass(culprit, member("b", WEB));

    assertThat(reasons(pass, "a")).containsExactly(Reason.FOREIGN_RULE_UNREADABLE);
    assertThat(reasons(pass, "b")).containsExactly(Reason.FOREIGN_RULE_UNREADABLE);
    assertThat(refused).isEmpty();
  }

  @Test
  void whereItCannotBeAskedWhetherWhatStandsIsRefusedNobodyIs() {
    pass(member("a", API));
    registry.fail("put", Failure.Kind.INVALID);
    registry.fail("put", Failure.Kind.THROTTLED);

    Pass pass = pass(member("a", API), member("b", WEB), member("c", BASE));

    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(reasons(pass, "b")).containsExactly(Reason.THROTTLED);
    assertThat(reasons(pass, "c")).containsExactly(Reason.THROTTLED);
    assertThat(refused).isEmpty();
  }

  @Test
  void whatAWriteWithoutAnAnswerReplacedIsNotTakenForWhatStands() {
    pass(member("a", API));
    String before = registry.configuration;
    registry.loseAnswer();
    pass(member("a", WEB));
    passAtOnce(member("a", WEB));
    assertThat(registry.configuration).contains("web/");
    assertTakenForLate(before);
  }

  @Test
  void whatAWriteWithoutAnAnswerWroteAndALaterOneReplacedIsNotTakenForWhatStands() {
    pass(member("a", API));
    String before = registry.configuration;
    registry.loseAnswer();
    pass(member("a", WEB));
    String lost = registry.configuration;
    registry.configuration = before;
    passAtOnce(member("a", BASE));
    assertThat(registry.configuration).contains("base/");
    registry.configuration = lost;

    assertThat(passAtOnce(member("a", BASE)).failure()).isNotNull();
  }

  @Test
  void whoLeavesAndIsRefusedIsNotSentToItsSpec() {
    pass(member("a", API));
    registry.fail("put", Failure.Kind.INVALID);

    Pass pass = pass(leaving(member("a", API)));

    assertThat(result(pass, "a").findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).doesNotContain("spec"));
    assertThat(registry.configuration).contains("api/");
  }

  @Test
  void whoWasToBeTriedNextIsToldWhyItWasNot() {
    registry.refusedRegion = "nowhere-1";
    // Of "c" it is on record that it is about to say something, and that cannot be taken back.
    records.beforeRecord =
        id -> {
          if (id.equals("c") && registry.count("put") > 0) {
            throw new RecordRefusedException("a webhook says no", new IllegalStateException());
          }
        };

    Pass pass = pass(member("b", contribution("nowhere-1", "x/")), member("c", WEB));

    assertThat(reasons(pass, "b")).containsExactly(Reason.UNAVAILABLE);
    assertThat(reasons(pass, "c")).containsExactly(Reason.UNAVAILABLE);
    assertThat(registry.configuration).isEqualTo("{\"rules\":[]}");
  }

  @Test
  void whatIsEditedWhileItsRulesAreMissingIsNotRestored() {
    pass(member("a", API));
    registry.configuration = "{\"rules\":[]}";

    assertThat(result(pass(member("a", WEB)), "a").restored()).isFalse();
  }

  @Test
  void whoFindsNoRoomAnyMoreSinceAnotherWroteMeanwhileIsTold() {
    limits = new Limits(1, 100, 100);
    registry.race(ours -> "{\"rules\":[" + FOREIGN + "]}");

    Pass pass = pass(member("a", API));

    assertThat(reasons(pass, "a")).containsExactly(Reason.QUOTA_EXCEEDED);
    assertThat(registry.configuration).isEqualTo("{\"rules\":[" + FOREIGN + "]}");
  }

  @Test
  void whoGetsTheRoomOfOneThatTurnsOutToBeGoneIsNotOverTheLimit() {
    limits = new Limits(1, 100, 100);
    records.gone.add("a");

    Pass pass = pass(member("a", API), member("b", BASE));

    assertThat(reasons(pass, "b")).isEmpty();
    assertThat(registry.configuration).contains("base/").doesNotContain("api/");
  }

  @Test
  void theFailureOfAWriteThatNobodyWantedIsToldToAll() {
    limits = new Limits(25, 100, 1);
    pass(member("a", contribution("eu-central-1", "api/", "web/")));
    limits = Limits.DEFAULT;
    configuration = new RegistryConfiguration(registry, () -> now);
    registry.fail("put", Failure.Kind.DENIED);

    Pass pass = pass(member("a", contribution("eu-central-1", "api/", "web/")));

    assertThat(reasons(pass, "a")).containsExactly(Reason.ACCESS_DENIED);
  }

  @Test
  void onceARuleThatEcrAddedToIsGoneWritingGoesOn() {
    registry.race(ours -> ours.replace("{\"region\"", "{\"since\":0,\"region\""));
    pass(member("a", API));
    registry.configuration = "{\"rules\":[]}";

    Pass pass = pass(member("a", API));

    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(registry.configuration).contains("api/").doesNotContain("since");
  }

  @Test
  void aRuleOfOthersThatSaysTheSameAndMoreHoldsNothingBack() {
    registry.configuration =
        "{\"rules\":["
            + ReplicationDocument.Rule.of(API).text().replaceFirst("}$", ",\"x\":1}")
            + "]}";
    pass(member("a", API));

    Pass pass = pass(member("a", API), member("b", BASE));

    assertThat(reasons(pass, "b")).isEmpty();
    assertThat(registry.configuration).contains("\"x\":1", "base/");
  }

  @Test
  void whatTheSecondWriteOfAPassReplacedIsNotTakenForWhatStands() {
    String theirs = "{\"rules\":[" + FOREIGN + "]}";
    registry.race(ours -> theirs);
    pass(member("a", API));

    registry.configuration = theirs;

    assertThat(passAtOnce(member("a", API)).failure()).isNotNull();
  }

  @Test
  void whatSomebodyWroteAndWeReplacedIsNotTakenForWhatStands() {
    pass(member("a", API));
    registry.configuration = registry.configuration.replace("[{\"d", "[" + FOREIGN + ",{\"d");
    String theirs = registry.configuration;
    pass(member("a", WEB));

    registry.configuration = theirs;

    assertThat(passAtOnce(member("a", WEB)).failure()).isNotNull();
  }

  @Test
  void aDocumentThatSomebodyMakesUnreadableMeanwhileIsToldToAll() {
    registry.race(ours -> "{\"rules\":[7]}");

    Pass pass = pass(member("a", API));

    assertThat(reasons(pass, "a")).containsExactly(Reason.FOREIGN_RULE_UNREADABLE);
    assertThat(registry.configuration).isEqualTo("{\"rules\":[7]}");
  }

  @Test
  void whoseRulesAreBackSharesNoLaterFailure() {
    pass(member("a", API));
    registry.configuration = "{\"rules\":[]}";
    registry.fail("put", Failure.Kind.INVALID);
    registry.fail("put", null);
    registry.fail("put", Failure.Kind.THROTTLED);

    Pass pass = pass(member("a", API), member("b", WEB), member("c", BASE));

    assertThat(registry.configuration).contains("api/");
    assertThat(reasons(pass, "a")).isEmpty();
    assertThat(result(pass, "a").restored()).isTrue();
    assertThat(reasons(pass, "b")).containsExactly(Reason.THROTTLED);
  }

  @Test
  void theRefusalOfAWriteDoesNotTellThatTheSameOneBeforeWasNotDone() {
    pass(member("a", API));
    String before = registry.configuration;
    registry.loseAnswer();
    pass(member("a", WEB));
    String after = registry.configuration;
    registry.configuration = before;
    registry.fail("put", Failure.Kind.DENIED);
    passAtOnce(member("a", WEB));
    registry.configuration = after;
    passAtOnce(member("a", WEB));

    assertTakenForLate(before);
  }
}
