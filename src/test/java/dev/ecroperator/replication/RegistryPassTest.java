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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

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
  private final Set<String> gone = new HashSet<>();
  private Limits limits = Limits.DEFAULT;

  private Pass pass(Member... members) {
    Map<String, Member> known = all(members);
    known.forEach((id, member) -> standings.putIfAbsent(id, member.standing()));
    known.replaceAll((id, member) -> member.standing(standing(id)));
    return RegistryPass.run(
        registry, this::record, limits, known, standings, refused, Instant.EPOCH);
  }

  private boolean record(String id, Standing standing) {
    recorded.add(id + " at " + registry.configuration);
    return !gone.contains(id);
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
    return member.gone();
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
    recorded.clear();

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
    recorded.clear();

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
    assertThat(standings).containsEntry("b", Members.NOTHING);
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
  void whatAWriteInDoubtHasComeToIsRecordedBeforeTheNextIsBegun() {
    pass(member("a", API));
    standings.put("a", new Standing(List.of(WEB), List.of(API)));
    recorded.clear();

    pass(member("a", BASE));

    assertThat(recorded).hasSize(2);
    assertThat(registry.configuration).contains("base/").doesNotContain("api/", "web/");
    assertThat(standings).containsEntry("a", new Standing(List.of(BASE), null));
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
    gone.add("b");

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
    gone.add("b");
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

  @Test
  void whatIsHeldStillIsSaidWhateverOthersSayForAWhile() {
    Member a = member("a", API);
    Member b = member("b", WEB);
    pass(a, b);
    Member suspended = new Member("a", 2, a.age(), false, a.desired().heldStill(), Members.NOTHING);
    Member wrong = member("b", contribution("nowhere-1", "x/"));
    registry.refusedRegion = "nowhere-1";
    String ours = registry.configuration;
    registry.configuration = ours.replace(":[{\"d", ":[" + EVERYTHING + ",{\"d");

    pass(suspended, wrong);
    registry.configuration = registry.configuration.replace(EVERYTHING + ",", "");
    pass(suspended, wrong);

    assertThat(registry.configuration).isEqualTo(ours);
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
    int[] records = {0};
    StandingRecords failing =
        (id, standing) -> {
          records[0]++;
          if (id.equals("b") && records[0] > 6) {
            throw new IllegalStateException("the API server is away");
          }
          return true;
        };

    assertThatThrownBy(
            () ->
                RegistryPass.run(
                    registry, failing, limits, known, standings, refused, Instant.EPOCH))
        .hasMessage("the API server is away");

    assertThat(registry.configuration).contains("api/").doesNotContain("x/", "web/", "base/");
    assertThat(standings)
        .containsEntry("a", new Standing(List.of(API), null))
        .containsEntry("b", Members.NOTHING)
        .containsEntry("c", Members.NOTHING)
        .containsEntry("d", Members.NOTHING);
  }
}
