package dev.ecroperator.replication;

import static dev.ecroperator.replication.Members.registry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RegistrySamplerTest {
  private static final Duration SHARED = Duration.ofMinutes(5);

  private final FakeReplicationRegistry registry = new FakeReplicationRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final RegistrySampler sampler = new RegistrySampler(registry, now::get);

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

    RegistrySampler.Sample sample = sampler.sample(Set.of("api"), SHARED);

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

    List<SampledImage> first = sampler.sample(names, Duration.ZERO).images();
    now.set(now.get().plusSeconds(1));
    List<SampledImage> second = sampler.sample(names, Duration.ZERO).images();

    assertThat(first).hasSize(RegistrySampler.IMAGES);
    assertThat(second)
        .extracting(SampledImage::repository)
        .containsAll(
            names.stream()
                .filter(n -> first.stream().noneMatch(i -> i.repository().equals(n)))
                .toList());
  }

  @Test
  void aYoungLookIsShared() {
    push("api", 1, Arrival.State.COMPLETE);
    sampler.sample(Set.of("api"), SHARED);
    registry.calls.clear();

    assertThat(sampler.sample(Set.of("api"), SHARED).images()).hasSize(1);
    assertThat(registry.calls).isEmpty();
  }

  @Test
  void whatIsUnderWayIsLookedAtAgainSoon() {
    push("api", 1, Arrival.State.IN_PROGRESS);
    sampler.sample(Set.of("api"), SHARED);
    push("api", 1, Arrival.State.COMPLETE);

    now.set(now.get().plus(RegistrySampler.UNDER_WAY));

    assertThat(sampler.sample(Set.of("api"), SHARED).images()).noneMatch(SampledImage::isUnderWay);
  }

  @Test
  void aUsedUpBudgetEndsTheLookAndWhatWasSeenCounts() {
    push("api", 10, Arrival.State.COMPLETE);
    registry.budget = 4;

    RegistrySampler.Sample sample = sampler.sample(Set.of("api"), SHARED);

    assertThat(sample.complete()).isFalse();
    assertThat(sample.images()).hasSize(3);
    registry.budget = 100;
    assertThat(sampler.sample(Set.of("api"), SHARED).images()).hasSize(10);
  }

  @Test
  void whatMayNotBeSeenIsTold() {
    push("api", 1, Arrival.State.COMPLETE);
    registry.fail("newestImages", Failure.Kind.DENIED);

    RegistrySampler.Sample sample = sampler.sample(Set.of("api"), SHARED);

    assertThat(sample.images()).isEmpty();
    assertThat(sample.unseen()).isNotNull();
  }

  @Test
  void aRepositoryThatWentMeanwhileIsNoFailure() {
    registry.fail("newestImages", Failure.Kind.ABSENT);

    RegistrySampler.Sample sample = sampler.sample(Set.of("api"), SHARED);

    assertThat(sample.unseen()).isNull();
    assertThat(sample.complete()).isTrue();
  }

  @Test
  void repositoriesThatAreGoneAreForgotten() {
    push("api", 1, Arrival.State.COMPLETE);
    sampler.sample(Set.of("api"), SHARED);

    sampler.keepOnly(Set.of("web"));

    assertThat(sampler.seen()).isEmpty();
  }
}
