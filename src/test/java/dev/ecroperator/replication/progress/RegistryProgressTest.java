package dev.ecroperator.replication.progress;

import static dev.ecroperator.replication.Members.registry;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RegistryProgressTest {
  private static final Duration SHARED = Duration.ofMinutes(5);
  private static final Selection API = prefix("api/");
  private static final DestinationProgress DEGRADED =
      new DestinationProgress(
          registry("eu-central-1"),
          DestinationState.DEGRADED,
          30,
          0,
          1,
          null,
          List.of(new DestinationProgress.Failed("api/a", "sha256:1", "KMS")));

  private final FakeImageRegistry registry = new FakeImageRegistry();
  private final RegistryProgress progress =
      new RegistryProgress(registry, Duration.ofSeconds(5), () -> Instant.EPOCH);

  private void push(String repository, Arrival.State state) {
    String digest = "sha256:" + repository;
    registry.images.put(repository, List.of(new PushedImage(digest, Instant.EPOCH)));
    registry.arrivals.put(digest, List.of(new Arrival(registry("eu-central-1"), state, null)));
  }

  private static Selection prefix(String prefix) {
    return new Selection(new TreeSet<>(List.of(prefix)), new TreeSet<>());
  }

  private RegistryProgress.Seen look() {
    return look(API, List.of(DEGRADED));
  }

  private RegistryProgress.Seen look(Selection selection, List<DestinationProgress> known) {
    var destinations = new TreeSet<>(List.of(registry("eu-central-1")));
    return progress.look(selection, destinations, known, SHARED);
  }

  @Test
  void whatIsSeenCountsThoughItIsNotAll() {
    push("api/a", Arrival.State.COMPLETE);
    push("api/b", Arrival.State.COMPLETE);
    registry.fail("newestImages", null);
    registry.fail("newestImages", Failure.Kind.DENIED);

    assertThat(look().destinations())
        .singleElement()
        .extracting(DestinationProgress::state)
        .isEqualTo(DestinationState.SYNCED);
  }

  @Test
  void whereTheRepositoriesCannotBeListedWhatWasKnownStays() {
    registry.fail("repositoryNames", Failure.Kind.THROTTLED);

    RegistryProgress.Seen seen = look();

    assertThat(seen.destinations()).containsExactly(DEGRADED);
    assertThat(requireNonNull(seen.unseen()).reason()).isEqualTo(Reason.THROTTLED);
    assertThat(seen.complete()).isFalse();
  }

  @Test
  void whereALookFailsWhatWasKnownStays() {
    push("api/a", Arrival.State.COMPLETE);
    registry.fail("newestImages", Failure.Kind.DENIED);

    assertThat(look().destinations()).containsExactly(DEGRADED);
  }

  @Test
  void whereTheBudgetIsUsedUpWhatWasKnownStays() {
    push("api/a", Arrival.State.COMPLETE);
    registry.budget = 0;

    assertThat(look().destinations()).containsExactly(DEGRADED);
  }

  @Test
  void whereAllWasLookedAtWhatWasKnownIsOver() {
    registry.images.put("api/a", List.of());

    assertThat(look().destinations())
        .singleElement()
        .extracting(DestinationProgress::state)
        .isEqualTo(DestinationState.UNVERIFIED);
  }

  @Test
  void whatNobodyReplicatesAnyMoreDoesNotCount() {
    push("api/a", Arrival.State.COMPLETE);
    push("web/a", Arrival.State.FAILED);
    Selection web = prefix("web/");
    look(API, List.of());
    look(web, List.of());
    assertThat(progress.all(List.of(API, web)))
        .singleElement()
        .satisfies(all -> assertThat(all.failed()).isOne());

    assertThat(progress.all(List.of(API)))
        .singleElement()
        .satisfies(
            all -> {
              assertThat(all.failed()).isZero();
              assertThat(all.complete()).isOne();
            });
  }

  @Test
  void thereIsNewsOnceARepositoryIsGone() {
    push("api/a", Arrival.State.COMPLETE);
    push("web/a", Arrival.State.FAILED);
    look(prefix("web/"), List.of());
    assertThat(look().isFresh()).isTrue();
    assertThat(look().isFresh()).isFalse();

    registry.images.remove("web/a");

    assertThat(look().isFresh()).isTrue();
    assertThat(look().isFresh()).isFalse();
  }

  @Test
  void whoReachesNothingMayBeTheOnlyOneLeftToTellThat() {
    push("web/a", Arrival.State.FAILED);

    assertThat(look().isFresh()).isTrue();
  }
}
