package dev.ecroperator.replication.progress;

import static dev.ecroperator.replication.Members.registry;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RegistrySamplerTest {
  private static final Duration SHARED = Duration.ofMinutes(5);
  private static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

  private final FakeImageRegistry registry = new FakeImageRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final RegistrySampler sampler = new RegistrySampler(registry, FAILURE_KEPT, now::get);

  private RegistrySampler.Sample sample(Collection<String> repositories, Duration maxAge) {
    return sampler.sample(new TreeSet<>(repositories), Set.of(), maxAge);
  }

  private void push(String repository, int images, Arrival.State state) {
    List<PushedImage> pushed = new ArrayList<>();
    for (int i = images; i > 0; i--) {
      String digest = "sha256:" + repository + i;
      pushed.add(new PushedImage(digest, Instant.ofEpochSecond(i)));
      registry.arrivals.put(digest, List.of(new Arrival(registry("eu-central-1"), state, null)));
    }
    registry.images.put(repository, pushed);
  }

  @Test
  void aSampleIsOfTheNewestImagesAndOfABoundedNumber() {
    push("api", 50, Arrival.State.COMPLETE);

    RegistrySampler.Sample sample = sample(Set.of("api"), SHARED);

    assertThat(sample.images()).hasSize(RegistrySampler.IMAGES);
    assertThat(sample.images().getFirst().image().digest()).isEqualTo("sha256:api50");
    assertThat(registry.count("arrivals")).isEqualTo(RegistrySampler.IMAGES);
  }

  @Test
  void ofManyRepositoriesEachGivesOneImageAndOthersComeNext() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      push("r" + i, 3, Arrival.State.COMPLETE);
      names.add("r" + i);
    }

    assertThat(sample(names, Duration.ZERO).images()).hasSize(RegistrySampler.IMAGES);
    now.set(now.get().plusSeconds(1));
    registry.calls.clear();

    assertThat(sample(names, Duration.ZERO).images()).hasSize(30);
    assertThat(registry.count("newestImages")).isEqualTo(RegistrySampler.IMAGES);
  }

  @Test
  void whatMayNotBeLookedAtNowIsNoNews() {
    push("api", 1, Arrival.State.COMPLETE);
    registry.budget = 0;

    assertThat(sample(Set.of("api"), SHARED).isFresh()).isFalse();
  }

  @Test
  void aYoungLookIsShared() {
    push("api", 1, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);
    registry.calls.clear();

    assertThat(sample(Set.of("api"), SHARED).images()).hasSize(1);
    assertThat(registry.calls).isEmpty();
  }

  @Test
  void whatIsUnderWayIsLookedAtAgainSoon() {
    push("api", 1, Arrival.State.IN_PROGRESS);
    sample(Set.of("api"), SHARED);
    push("api", 1, Arrival.State.COMPLETE);

    now.set(now.get().plus(RegistrySampler.UNDER_WAY));

    assertThat(sample(Set.of("api"), SHARED).images()).noneMatch(SampledImage::isUnderWay);
  }

  @Test
  void aUsedUpBudgetEndsTheLookAndWhatWasSeenCounts() {
    push("api", 10, Arrival.State.COMPLETE);
    registry.budget = 4;

    RegistrySampler.Sample sample = sample(Set.of("api"), SHARED);

    assertThat(sample.complete()).isFalse();
    assertThat(sample.images()).hasSize(3);
    registry.budget = 100;
    assertThat(sample(Set.of("api"), SHARED).images()).hasSize(10);
  }

  /** When somebody asks for a repository. */
  private record Visit(Instant at, String repository) {}

  @Test
  void whereManyShareAShortBudgetEachIsSeenWhole() {
    int repositories = 200;
    var random = new Random(1);
    var visits = new PriorityQueue<>(Comparator.comparing(Visit::at));
    for (int i = 0; i < repositories; i++) {
      push("r" + i, 3, Arrival.State.COMPLETE);
      visits.add(new Visit(Instant.EPOCH.plusMillis(random.nextInt(10_000)), "r" + i));
    }
    registry.budget = 0;
    Set<String> whole = new HashSet<>();
    Instant end = Instant.EPOCH.plus(Duration.ofMinutes(30));
    long refilled = 0;
    for (Visit visit = visits.remove(); visit.at().isBefore(end); visit = visits.remove()) {
      now.set(visit.at());
      long due = visit.at().toEpochMilli() / 500; // two calls a second
      registry.budget += Math.toIntExact(due - refilled);
      refilled = due;
      RegistrySampler.Sample sample = sample(Set.of(visit.repository()), SHARED);
      if (sample.isWhole()) {
        whole.add(visit.repository());
      }
      int wait = sample.complete() ? random.nextInt(300_000) : 15_000 + random.nextInt(30_000);
      visits.add(new Visit(visit.at().plusMillis(wait), visit.repository()));
    }

    assertThat(whole).hasSize(repositories);
  }

  @Test
  void aLookIsOnlyBegunWhereAnImageCanBeSeenToo() {
    push("api", 1, Arrival.State.COMPLETE);
    registry.budget = 1;

    assertThat(sample(Set.of("api"), SHARED).complete()).isFalse();
    assertThat(registry.calls).isEmpty();
  }

  @Test
  void whatWasTakenOfTheBudgetAndNotUsedIsForTheNextLook() {
    registry.images.put("empty", List.of());
    push("web", 1, Arrival.State.COMPLETE);
    registry.budget = 3;
    sample(Set.of("empty"), SHARED);

    assertThat(sample(Set.of("web"), SHARED).images()).hasSize(1);
  }

  @Test
  void whatWasNeverSeenGoesBeforeWhatIsToBeSeenAgain() {
    push("api", 1, Arrival.State.COMPLETE);
    push("web", 1, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);
    later(SHARED);
    registry.budget = 2;

    assertThat(sample(Set.of("api"), SHARED).complete()).isFalse();
    assertThat(sample(Set.of("web"), SHARED).complete()).isTrue();
  }

  @Test
  void aLookThatTheBudgetEndsGoesOnWithWhatWasNotSeen() {
    push("api", 6, Arrival.State.COMPLETE);
    registry.budget = 4;
    sample(Set.of("api"), SHARED);
    registry.budget = 4;

    RegistrySampler.Sample sample = sample(Set.of("api"), SHARED);

    assertThat(sample.images()).hasSize(6);
    assertThat(sample.isWhole()).isTrue();
  }

  @Test
  void whatIsMerelyToBeSeenAgainStaysWholeWhereTheBudgetEndsTheLook() {
    push("api", 6, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);
    later(SHARED);
    push("api", 10, Arrival.State.COMPLETE);
    registry.budget = 4;

    assertThat(sample(Set.of("api"), SHARED).isWhole()).isTrue();
  }

  @Test
  void whatMayNotBeSeenIsTold() {
    push("api", 1, Arrival.State.COMPLETE);
    registry.fail("newestImages", Failure.Kind.DENIED);

    RegistrySampler.Sample sample = sample(Set.of("api"), SHARED);

    assertThat(sample.images()).isEmpty();
    assertThat(sample.unseen()).isNotNull();
  }

  @Test
  void aRepositoryThatWentMeanwhileIsNoFailure() {
    registry.fail("newestImages", Failure.Kind.ABSENT);

    RegistrySampler.Sample sample = sample(Set.of("api"), SHARED);

    assertThat(sample.unseen()).isNull();
    assertThat(sample.complete()).isTrue();
  }

  private void later(Duration wait) {
    now.set(now.get().plus(wait));
  }

  /** So many repositories with an image each; one of them failed to replicate the last one. */
  private List<String> many(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "r%02d".formatted(i);
      push(name, 1, i == count - 1 ? Arrival.State.FAILED : Arrival.State.COMPLETE);
      names.add(name);
    }
    return names;
  }

  private static List<String> repositories(RegistrySampler.Sample sample) {
    return sample.images().stream().map(SampledImage::repository).toList();
  }

  @Test
  void whatWasSeenOnceCountsUntilItIsSeenAgain() {
    List<String> names = many(50);
    Set<String> seen = new HashSet<>();
    for (int resync = 0; resync < 6; resync++) {
      RegistrySampler.Sample sample = sample(names, SHARED);
      assertThat(repositories(sample)).containsAll(seen);
      seen.addAll(repositories(sample));
      later(SHARED);
    }

    assertThat(seen).containsExactlyInAnyOrderElementsOf(names);
    registry.calls.clear();
    sample(names, SHARED);
    assertThat(registry.count("newestImages")).isEqualTo(RegistrySampler.IMAGES);
  }

  @Test
  void whatIsKnownToHaveFailedIsLookedAtFirst() {
    List<String> names = many(50);

    RegistrySampler.Sample sample = sampler.sample(new TreeSet<>(names), Set.of("r49"), SHARED);

    assertThat(repositories(sample)).contains("r49");
    assertThat(sample.isWhole()).isFalse();
  }

  @Test
  void manyThatFailedLeaveRoomForOthers() {
    List<String> names = many(50);
    Set<String> failing = new HashSet<>(names.subList(10, 50));

    assertThat(repositories(sampler.sample(new TreeSet<>(names), failing, SHARED)))
        .containsAll(names.subList(0, 10));
  }

  @Test
  void aLookThatFailsEndsTheSampleAndIsTheLastToBeMadeAgain() {
    List<String> names = many(3);
    registry.fail("newestImages", Failure.Kind.DENIED);
    RegistrySampler.Sample sample = sample(names, SHARED);
    assertThat(registry.count("newestImages")).isOne();
    assertThat(requireNonNull(sample.unseen()).reason()).isEqualTo(Reason.ACCESS_DENIED);
    registry.fail("newestImages", null);
    registry.fail("newestImages", null);
    registry.fail("newestImages", Failure.Kind.DENIED);

    RegistrySampler.Sample next = sample(names, SHARED);

    assertThat(repositories(next)).containsExactly("r01", "r02");
    assertThat(next.unseen()).isEqualTo(sample.unseen());
    assertThat(next.isWhole()).isFalse();
    assertThat(next.complete()).isTrue();
    later(SHARED);
    assertThat(repositories(sample(names, SHARED))).isEqualTo(names);
  }

  @Test
  void aLookThatFailsLeavesWhatWasSeen() {
    push("api", 1, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);
    later(SHARED);
    registry.fail("arrivals", Failure.Kind.THROTTLED);

    assertThat(sample(Set.of("api"), SHARED).images()).hasSize(1);
  }

  @Test
  void aBudgetThatIsUsedUpInTheMidstLeavesWhatWasSeen() {
    push("api", 10, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);
    later(SHARED);
    registry.budget = 4;

    assertThat(sample(Set.of("api"), SHARED).images()).hasSize(10);
  }

  @Test
  void anImageThatWentMeanwhileHidesNoOther() {
    push("api", 3, Arrival.State.COMPLETE);
    registry.fail("arrivals", Failure.Kind.ABSENT);

    RegistrySampler.Sample sample = sample(Set.of("api"), SHARED);

    assertThat(sample.images().stream().filter(each -> !each.arrivals().isEmpty())).hasSize(2);
    assertThat(sample.unseen()).isNull();
  }

  @Test
  void aRegistryThatDoesNotAnswerIsLeftAloneForAWhileByAll() {
    List<String> names = many(3);
    registry.fail("newestImages", Failure.Kind.UNAVAILABLE);
    registry.during("newestImages", () -> later(Duration.ofSeconds(15)));
    sample(names, SHARED);

    RegistrySampler.Sample others = sample(Set.of("web"), SHARED);

    assertThat(registry.count("newestImages")).isOne();
    assertThat(others.complete()).isFalse();
    assertThat(requireNonNull(others.unseen()).reason()).isEqualTo(Reason.UNAVAILABLE);
    later(FAILURE_KEPT);
    assertThat(sample(names, SHARED).images()).hasSize(3);
  }

  @Test
  void whileALookHangsOthersAreServedWhatIsRemembered() {
    push("api", 1, Arrival.State.COMPLETE);
    push("web", 1, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);
    later(SHARED);
    var others = new AtomicReference<RegistrySampler.Sample>();
    registry.during(
        "newestImages",
        () ->
            CompletableFuture.runAsync(() -> others.set(sample(Set.of("api"), SHARED)))
                .orTimeout(30, TimeUnit.SECONDS)
                .join());

    sample(Set.of("web"), SHARED);

    assertThat(others.get().images()).hasSize(1);
    assertThat(others.get().complete()).isFalse();
  }

  @Test
  void whoNeedsFewImagesOfARepositoryLeavesThoseThatAnotherNeeds() {
    push("api", 10, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);
    later(SHARED);
    List<String> names = many(5);
    names.add("api");

    assertThat(repositories(sample(names, SHARED))).filteredOn("api"::equals).hasSize(10);
  }

  @Test
  void repositoriesThatAreGoneAreForgotten() {
    push("api", 1, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);

    sampler.keepOnly("web"::equals);

    assertThat(sampler.seen()).isEmpty();
  }

  @Test
  void aLookOfATimeThatIsYetToComeIsTakenAgain() {
    push("api", 1, Arrival.State.COMPLETE);
    sample(Set.of("api"), SHARED);
    registry.calls.clear();

    later(Duration.ofHours(-1));
    sample(Set.of("api"), SHARED);

    assertThat(registry.calls).contains("newestImages");
  }

  @Test
  void anOutageOfATimeThatIsYetToComeIsOver() {
    push("api", 1, Arrival.State.COMPLETE);
    registry.fail("newestImages", Failure.Kind.UNAVAILABLE);
    sample(Set.of("api"), SHARED);

    later(Duration.ofHours(-1));

    assertThat(sample(Set.of("api"), SHARED).unseen()).isNull();
  }
}
