package dev.ecroperator.replication.progress;

import static dev.ecroperator.replication.Members.registry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.DestinationStatus;
import dev.ecroperator.api.SampledImages;
import dev.ecroperator.replication.merge.Registry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DestinationProgressTest {
  private static final Registry THERE = registry("eu-central-1");

  private static SampledImage image(int second, Arrival.State state, @Nullable String failureCode) {
    return new SampledImage(
        "api",
        new PushedImage("sha256:" + second, Instant.ofEpochSecond(second)),
        List.of(
            new Arrival(registry("us-east-1"), Arrival.State.FAILED, "elsewhere"),
            new Arrival(THERE, state, failureCode)));
  }

  private static DestinationProgress of(SampledImage... images) {
    return DestinationProgress.of(THERE, List.of(images));
  }

  @Test
  void withoutAnImageThatGoesThereNothingIsKnown() {
    var elsewhere =
        new SampledImage(
            "api",
            new PushedImage("sha256:1", Instant.EPOCH),
            List.of(new Arrival(registry("us-east-1"), Arrival.State.COMPLETE, null)));

    assertThat(of(elsewhere).state()).isEqualTo(DestinationState.UNVERIFIED);
    assertThat(of().state()).isEqualTo(DestinationState.UNVERIFIED);
  }

  @Test
  void allThatArrivedIsSynced() {
    DestinationProgress progress =
        of(image(1, Arrival.State.COMPLETE, null), image(2, Arrival.State.COMPLETE, null));

    assertThat(progress.state()).isEqualTo(DestinationState.SYNCED);
    assertThat(progress.complete()).isEqualTo(2);
    assertThat(progress.sampled()).isEqualTo(2);
    assertThat(progress.oldestPendingAt()).isNull();
  }

  @Test
  void oneUnderWayIsReplicatingAndTheOldestGivesTheLag() {
    DestinationProgress progress =
        of(
            image(3, Arrival.State.IN_PROGRESS, null),
            image(1, Arrival.State.COMPLETE, null),
            image(2, Arrival.State.IN_PROGRESS, null));

    assertThat(progress.state()).isEqualTo(DestinationState.REPLICATING);
    assertThat(progress.oldestPendingAt()).isEqualTo(Instant.ofEpochSecond(2));
  }

  @Test
  void oneThatFailedIsDegraded() {
    DestinationProgress progress =
        of(image(1, Arrival.State.FAILED, "ImageTooLarge"), image(2, Arrival.State.COMPLETE, null));

    assertThat(progress.state()).isEqualTo(DestinationState.DEGRADED);
    assertThat(progress.failed()).isOne();
    assertThat(progress.failures())
        .singleElement()
        .extracting(DestinationProgress.Failed::code)
        .isEqualTo("ImageTooLarge");
  }

  @Test
  void theNewestRefusedIsUnauthorized() {
    assertThat(of(image(1, Arrival.State.FAILED, "AccessDenied")).state())
        .isEqualTo(DestinationState.UNAUTHORIZED);
  }

  @Test
  void onceTheNewestIsLetInTheEarlierOnesAreMerelyMissing() {
    DestinationProgress progress =
        of(image(1, Arrival.State.FAILED, "AccessDenied"), image(2, Arrival.State.COMPLETE, null));

    assertThat(progress.state()).isEqualTo(DestinationState.DEGRADED);
  }

  @Test
  void whatAStatusRecordsIsReadBack() {
    List<SampledImage> images = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      images.add(image(i, Arrival.State.FAILED, "KMS"));
    }
    images.add(image(13, Arrival.State.IN_PROGRESS, null));
    DestinationProgress progress = DestinationProgress.of(THERE, images);

    assertThat(progress.record().failures()).hasSize(10);
    assertThat(DestinationProgress.read(progress.record())).contains(progress);
  }

  @Test
  void whatNoStatusOfOursSaysIsNotRead() {
    assertThat(
            DestinationProgress.read(
                new DestinationStatus(
                    "eu-central-1",
                    "111122223333",
                    "Odd",
                    new SampledImages(0, 0, 0, 0),
                    null,
                    null)))
        .isEmpty();
  }
}
