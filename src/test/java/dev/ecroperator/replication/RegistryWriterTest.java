package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.contribution;
import static dev.ecroperator.replication.Members.member;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.replication.Member.Presence;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Respelling.class)
class RegistryWriterTest {
  private static final Duration SHARED = Duration.ofMinutes(5);
  private static final Contribution API = contribution("eu-central-1", "api/");
  private static final Contribution WEB = contribution("eu-central-1", "web/");

  private final FakeReplicationRegistry registry = new FakeReplicationRegistry();
  private final Map<String, Member> cluster = new ConcurrentHashMap<>();
  private final List<String> news = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final InstantSource clock = now::get;
  private final FakeStandingRecords records = new FakeStandingRecords();
  private final RegistryWriter writer =
      new RegistryWriter(registry, records, Limits.DEFAULT, clock, news::add);

  RegistryWriterTest(Respelling respelling) {
    registry.reading = respelling.reading(0);
  }

  private Pass settle(Member member, Duration maxAge) {
    cluster.put(member.id(), member);
    return writer.settle(member, () -> Map.copyOf(cluster), maxAge);
  }

  private Pass settle(Member member) {
    return settle(member, SHARED);
  }

  private static Member edited(Member member, Contribution... contributions) {
    return new Member(
        member.id(),
        member.generation() + 1,
        member.createdAt(),
        Presence.STAYING,
        Members.desired(contributions),
        member.standing());
  }

  private void later(Duration wait) {
    now.set(now.get().plus(wait));
  }

  @Test
  void onePassServesAllThatItWasAbout() {
    cluster.put("b", member("b", WEB));
    settle(member("a", API));

    Pass pass = settle(member("b", WEB));

    assertThat(pass.resultFor(member("b", WEB))).isPresent();
    assertThat(registry.count("read")).isEqualTo(2);
    assertThat(registry.count("put")).isOne();
  }

  @Test
  void aPassThatIsTooOldServesNobody() {
    settle(member("a", API));
    later(SHARED.plusSeconds(1));

    settle(member("a", API));

    assertThat(registry.calls).containsExactly("read", "put", "read", "read");
  }

  @Test
  void whoAsksForALookAtOnceGetsOne() {
    settle(member("a", API));

    settle(member("a", API), Duration.ZERO);

    assertThat(registry.count("read")).isEqualTo(3);
  }

  @Test
  void anEditIsNotServedByAnEarlierPass() {
    Member before = member("a", API);
    settle(before);

    settle(edited(before, WEB));

    assertThat(registry.configuration).contains("web/").doesNotContain("api/");
  }

  @Test
  void aLateAskerDoesNotTakeBackANewerEdit() {
    Member old = member("a", API);
    Member edited = edited(old, WEB);
    settle(edited);

    Pass pass = writer.settle(old, () -> Map.copyOf(cluster), Duration.ZERO);

    assertThat(registry.configuration).contains("web/").doesNotContain("api/");
    assertThat(pass.resultFor(old)).isPresent();
  }

  @Test
  void aBurstOfFiftyEditsMakesAHandfulOfWrites() throws Exception {
    List<Member> edits = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      edits.add(member("m" + i, contribution("eu-central-1", "team" + i + "/")));
    }
    edits.forEach(edit -> cluster.put(edit.id(), edit));
    var start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Pass>> passes = new ArrayList<>();
      for (Member edit : edits) {
        passes.add(
            threads.submit(
                () -> {
                  start.await();
                  return settle(edit);
                }));
      }
      start.countDown();
      for (Future<Pass> pass : passes) {
        assertThat(pass.get().failure()).isNull();
      }
    }

    assertThat(registry.count("put")).isLessThanOrEqualTo(2);
    assertThat(registry.configuration).contains("team0/", "team49/");
  }

  @Test
  void aRegistryThatIsAwayIsNotAskedByEachOfMany() {
    registry.fail("read", Failure.Kind.UNAVAILABLE);
    cluster.put("b", member("b", WEB));
    settle(member("a", API));

    Pass pass = settle(member("b", WEB));

    assertThat(requireNonNull(pass.failure()).reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(registry.count("read")).isOne();
    later(RegistryWriter.FAILURE_KEPT);
    assertThat(settle(member("b", WEB)).failure()).isNull();
  }

  @Test
  void aWriteThatFailedIsTriedAgain() {
    registry.fail("put", Failure.Kind.THROTTLED);
    settle(member("a", API));

    later(RegistryWriter.FAILURE_KEPT);
    settle(member("a", API));

    assertThat(registry.configuration).contains("api/");
  }

  @Test
  void whoseResultChangesByAnothersEditIsToldOf() {
    Member a = member("a", API);
    settle(a);
    settle(member("b", WEB));
    news.clear();
    registry.configuration = covering("eu-central-1");

    settle(edited(a, contribution("us-east-1", "api/")));

    assertThat(news).containsExactly("b");
  }

  @Test
  void anEditThatConcernsNobodyElseIsNoNews() {
    Member a = member("a", API);
    settle(a);
    settle(member("b", WEB));
    news.clear();

    settle(edited(a, contribution("us-east-1", "api/")));

    assertThat(news).isEmpty();
  }

  @Test
  void whoLeftIsForgotten() {
    settle(member("a", API));
    settle(member("b", WEB));
    settle(member("a", API).gone());
    assertThat(registry.configuration).contains("web/").doesNotContain("api/");

    cluster.remove("a");
    writer.gone("a", false);

    assertThat(settle(member("b", WEB), Duration.ZERO).members()).containsOnlyKeys("b");
  }

  @Test
  void whoseResultChangesAfterAReadThatFailedIsToldOf() {
    registry.refusedRegion = "nowhere-1";
    settle(member("b", WEB));
    settle(member("a", API));
    registry.fail("read", Failure.Kind.THROTTLED);
    settle(edited(member("b", WEB), WEB));
    registry.configuration = covering("eu-central-1");
    later(SHARED);
    news.clear();

    settle(edited(member("b", WEB), WEB));

    assertThat(news).containsExactly("a");
  }

  @Test
  void aPassOfATimeThatIsYetToComeServesNobody() {
    settle(member("a", API));
    registry.calls.clear();

    later(Duration.ofHours(-1));
    settle(member("a", API));

    assertThat(registry.calls).contains("read");
  }

  @Test
  void theRulesOfOneThatIsGoneWithoutAWordAreRemoved() {
    settle(member("a", API));
    settle(member("b", WEB));

    cluster.remove("a");
    writer.gone("a", false);
    settle(member("b", WEB), Duration.ZERO);

    assertThat(registry.configuration).contains("web/").doesNotContain("api/");
  }

  @Test
  void theRulesOfOneThatIsGoneAndCouldNotBeReadStay() {
    settle(member("a", API));
    settle(member("b", WEB));

    cluster.remove("a");
    writer.gone("a", true);
    settle(member("b", WEB), Duration.ZERO);

    assertThat(registry.configuration).contains("web/", "api/");
  }

  @Test
  void whatACacheLacksForAMomentStays() {
    settle(member("a", API));
    settle(member("b", WEB));

    cluster.remove("a");
    settle(member("b", WEB), Duration.ZERO);

    assertThat(registry.configuration).contains("web/", "api/");
  }

  /** A rule of somebody else that says all that is said of the region. */
  private static String covering(String region) {
    return "{\"rules\":[{\"destinations\":[{\"region\":\"%s\",\"registryId\":\"111122223333\"}]}]}"
        .formatted(region);
  }

  /** Asks in a thread of its own, and returns once that has its answer or waits for it. */
  private FutureTask<Pass> ask(Member member) {
    var answer = new FutureTask<>(() -> settle(member));
    Thread asking = Thread.ofPlatform().start(answer);
    await().until(() -> answer.isDone() || asking.getState() == Thread.State.WAITING);
    return answer;
  }

  @Test
  void whileAPassIsUnderWayNoEarlierOneAnswers() throws Exception {
    Member x = member("x", API);
    registry.configuration = covering("eu-central-1");
    settle(x);
    Member y = member("y", contribution("us-east-1", "y/"));
    registry.configuration = "{\"rules\":[]}";
    var answer = new AtomicReference<FutureTask<Pass>>();
    registry.during("put", () -> answer.set(ask(x)));

    Pass pass = settle(y);

    // By the earlier pass x would have nothing to say, and what was recorded for it would be lost.
    assertThat(answer.get().get()).isSameAs(pass);
    assertThat(pass.resultFor(x).orElseThrow().standing().contribution()).containsExactly(API);
  }

  @Test
  void afterAPassThatCouldNotRecordNoEarlierOneAnswers() {
    Member x = member("x", API);
    registry.configuration = covering("eu-central-1");
    settle(x);
    registry.configuration = "{\"rules\":[]}";
    records.beforeRecord =
        id -> {
          if (id.equals("y")) {
            throw new IllegalStateException("the API server is away");
          }
        };
    assertThatThrownBy(() -> settle(member("y", contribution("us-east-1", "y/"))))
        .hasMessage("the API server is away");
    records.beforeRecord = id -> {};

    assertThat(settle(x).resultFor(x).orElseThrow().standing().contribution()).containsExactly(API);
  }

  @Test
  void aFailureThatTookLongAnswersAllThatWaitedForIt() throws Exception {
    cluster.put("b", member("b", WEB));
    registry.fail("read", Failure.Kind.UNAVAILABLE);
    var answer = new AtomicReference<FutureTask<Pass>>();
    registry.during(
        "read",
        () -> {
          answer.set(ask(member("b", WEB)));
          later(Duration.ofSeconds(15));
        });

    Pass pass = settle(member("a", API));

    assertThat(answer.get().get()).isSameAs(pass);
    assertThat(registry.count("read")).isOne();
  }

  @Test
  void aFailureIsKeptFromItsEndOn() {
    cluster.put("b", member("b", WEB));
    registry.fail("read", Failure.Kind.UNAVAILABLE);
    registry.during("read", () -> later(Duration.ofSeconds(15)));
    settle(member("a", API));

    settle(member("b", WEB));

    assertThat(registry.count("read")).isOne();
  }

  @Test
  void whatWasRefusedIsTriedAgainWhereItsOwnerAsksForALook() {
    registry.refusedRegion = "nowhere-1";
    Member wrong = member("a", contribution("nowhere-1", "api/"));
    settle(wrong);
    registry.refusedRegion = null;

    settle(wrong, Duration.ZERO);

    assertThat(registry.configuration).contains("nowhere-1");
  }

  @Test
  void whatWasRefusedIsNotTriedAgainWhereAnotherAsksForALook() {
    registry.refusedRegion = "nowhere-1";
    settle(member("a", contribution("nowhere-1", "api/")));
    registry.calls.clear();

    settle(member("b", WEB), Duration.ZERO);

    assertThat(registry.count("put")).isOne();
  }

  @Test
  void whatWasRefusedIsTriedAgainWhereAnotherMakesRoom() {
    settle(member("a", API));
    registry.refusedRegion = "nowhere-1";
    settle(member("b", contribution("nowhere-1", "x/")));
    assertThat(registry.configuration).doesNotContain("nowhere");
    registry.refusedRegion = null;

    settle(leaving(member("a", API)));

    assertThat(registry.configuration).contains("nowhere-1").doesNotContain("api/");
  }

  private static Member leaving(Member member) {
    return new Member(
        member.id(), 2, member.createdAt(), Presence.LEAVING, member.desired(), member.standing());
  }

  @Test
  void whatWasRefusedIsTriedAgainOnceItIsEdited() {
    registry.refusedRegion = "nowhere-1";
    Member wrong = member("a", contribution("nowhere-1", "api/"));
    settle(wrong);
    registry.calls.clear();
    later(SHARED);
    settle(wrong);
    assertThat(registry.count("put")).isZero();

    settle(edited(wrong, API));

    assertThat(registry.configuration).contains("api/");
  }

  @Test
  void whatWasRefusedIsTriedAgainWhereAnEditMakesRoom() {
    settle(member("a", API, WEB));
    registry.refusedRegion = "nowhere-1";
    settle(member("b", contribution("nowhere-1", "x/")));
    registry.refusedRegion = null;

    settle(edited(member("a", API, WEB), API));

    assertThat(registry.configuration).contains("nowhere-1").doesNotContain("web/");
  }

  @Test
  void whatWasRefusedIsNotTriedAgainWhereAnEditMakesNoRoom() {
    settle(member("a", API));
    registry.refusedRegion = "nowhere-1";
    settle(member("b", contribution("nowhere-1", "x/")));
    registry.calls.clear();

    settle(edited(member("a", API), WEB));

    assertThat(registry.count("put")).isOne();
  }

  @Test
  void anEditThatIsRefusedMakesRoomForNobody() {
    settle(member("a", API, WEB));
    registry.refusedRegion = "nowhere-1";
    settle(member("b", contribution("nowhere-1", "x/")));
    Member wrong = edited(member("a", API, WEB), contribution("nowhere-1", "y/"));
    settle(wrong);
    later(SHARED);
    registry.calls.clear();

    settle(wrong);

    assertThat(registry.count("put")).isZero();
  }

  @Test
  void aCacheThatIsRewoundTakesNoEditOfAnotherBack() {
    Member before = member("a", API);
    settle(before);
    settle(edited(before, WEB));
    cluster.put("a", before);

    settle(member("b", contribution("us-east-1", "b/")));

    assertThat(registry.configuration).contains("web/", "b/").doesNotContain("api/");
  }

  @Test
  void whatFailsAgainInTheSameWordsIsNoNews() {
    registry.traced = true;
    cluster.put("b", member("b", WEB));
    registry.fail("put", Failure.Kind.DENIED);
    registry.fail("put", Failure.Kind.DENIED);
    settle(member("a", API));

    later(SHARED);
    settle(member("a", API));

    assertThat(registry.count("put")).isEqualTo(2);
    assertThat(news).isEmpty();
  }

  @Test
  void whatIsDeniedIsTriedMoreAndMoreRarelyHoweverManyWaitForIt() {
    int members = 50;
    for (int i = 0; i < members; i++) {
      cluster.put("m" + i, member("m" + i, contribution("eu-central-1", "team" + i + "/")));
    }
    for (int second = 0; second < 600; second++) {
      registry.fail("put", Failure.Kind.DENIED);
      settle(requireNonNull(cluster.get("m" + second % members)));
      later(Duration.ofSeconds(1));
    }

    assertThat(registry.count("put")).isBetween(5L, 15L);
  }

  @Test
  void whoWaitsAloneForAPermissionIsServedAtEachOfItsTries() {
    var schedule = new Schedule(SHARED, new SplittableRandom(1));
    for (int failures = 1; failures < 20; failures++) {
      registry.fail("put", Failure.Kind.DENIED);
      settle(member("a", API));
      assertThat(registry.count("put")).isEqualTo(failures);
      later(schedule.next(Reason.ACCESS_DENIED, failures, "a", now.get()));
    }
  }

  @Test
  void whomARuleThatStandsHeldBackGoesInOnceThatIsMended() {
    settle(member("a", contribution("nowhere-1", "api/")));
    registry.refusedRegion = "nowhere-1";
    settle(member("b", WEB));
    registry.refusedRegion = null;

    later(SHARED.plusSeconds(1));
    settle(member("b", WEB));

    assertThat(registry.configuration).contains("nowhere-1", "web/");
  }
}
