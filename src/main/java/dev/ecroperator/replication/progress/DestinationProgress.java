package dev.ecroperator.replication.progress;

import dev.ecroperator.api.DestinationStatus;
import dev.ecroperator.api.ReplicationFailure;
import dev.ecroperator.api.SampledImages;
import dev.ecroperator.api.Times;
import dev.ecroperator.replication.merge.Registry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far replication to one destination is, as a sample tells.
 *
 * @param destination where to
 * @param state the sample in one word
 * @param complete how many of its images have arrived
 * @param inProgress how many are under way
 * @param failed how many did not arrive
 * @param oldestPendingAt when the oldest that is under way was pushed; null for none
 * @param failures the newest of those that did not arrive, the newest first
 */
public record DestinationProgress(
    Registry destination,
    DestinationState state,
    int complete,
    int inProgress,
    int failed,
    @Nullable Instant oldestPendingAt,
    List<Failed> failures) {
  /** How many failed images are named. */
  private static final int FAILURES = 10;

  /** An image that did not arrive, and ECR's word on why. */
  public record Failed(String repository, String digest, String code) {}

  /**
   * ECR's failureCode is free in form. Where it speaks of permission, it is the destination's
   * registry policy that lacks the statement.
   */
  private static final Pattern PERMISSION =
      Pattern.compile(
          "denied|unauthorized|not.?authorized|forbidden|permission", Pattern.CASE_INSENSITIVE);

  private static final Comparator<SampledImage> NEWEST_FIRST =
      Comparator.comparing((SampledImage sampled) -> sampled.image().pushedAt()).reversed();

  /** How many images the sample has that go there. */
  int sampled() {
    return complete + inProgress + failed;
  }

  /** What the sample says of a destination. */
  static DestinationProgress of(Registry destination, List<SampledImage> sample) {
    int complete = 0;
    int inProgress = 0;
    Instant oldestPendingAt = null;
    List<Failed> failed = new ArrayList<>();
    Arrival newest = null;
    for (SampledImage sampled : sample.stream().sorted(NEWEST_FIRST).toList()) {
      Arrival arrival =
          sampled.arrivals().stream()
              .filter(a -> a.destination().equals(destination))
              .findFirst()
              .orElse(null);
      if (arrival == null) {
        continue;
      }
      newest = newest == null ? arrival : newest;
      switch (arrival.state()) {
        case COMPLETE -> complete++;
        case IN_PROGRESS -> {
          inProgress++;
          oldestPendingAt = sampled.image().pushedAt();
        }
        case FAILED ->
            failed.add(
                new Failed(
                    sampled.repository(),
                    sampled.image().digest(),
                    Objects.requireNonNullElse(arrival.failureCode(), "")));
      }
    }
    return new DestinationProgress(
        destination,
        state(newest, inProgress, failed),
        complete,
        inProgress,
        failed.size(),
        oldestPendingAt,
        failed.stream().limit(FAILURES).toList());
  }

  private static DestinationState state(
      @Nullable Arrival newest, int inProgress, List<Failed> failed) {
    if (newest == null) {
      return DestinationState.UNVERIFIED;
    }
    // What is let in now was refused earlier: that is not to be mended any more, only replicated.
    if (newest.state() == Arrival.State.FAILED
        && PERMISSION.matcher("" + newest.failureCode()).find()) {
      return DestinationState.UNAUTHORIZED;
    }
    if (!failed.isEmpty()) {
      return DestinationState.DEGRADED;
    }
    return inProgress > 0 ? DestinationState.REPLICATING : DestinationState.SYNCED;
  }

  /** What is to be recorded in a status. */
  public DestinationStatus record() {
    return new DestinationStatus(
        destination.region(),
        destination.accountId(),
        state.text(),
        new SampledImages(sampled(), complete, inProgress, failed),
        oldestPendingAt == null ? null : Times.text(oldestPendingAt),
        failures.isEmpty()
            ? null
            : failures.stream()
                .map(each -> new ReplicationFailure(each.repository, each.digest, each.code))
                .toList());
  }

  /** Reads what a status has recorded; empty where it lacks what every record has. */
  public static Optional<DestinationProgress> read(DestinationStatus recorded) {
    SampledImages images = recorded.images();
    DestinationState state = DestinationState.of(recorded.state()).orElse(null);
    List<Failed> failures =
        recorded.failures() == null
            ? List.of()
            : recorded.failures().stream()
                .map(
                    each ->
                        new Failed(
                            Objects.requireNonNullElse(each.repository(), ""),
                            Objects.requireNonNullElse(each.digest(), ""),
                            Objects.requireNonNullElse(each.code(), "")))
                .toList();
    if (recorded.registryId() == null
        || recorded.region() == null
        || state == null
        || images == null
        || images.complete() == null
        || images.inProgress() == null
        || images.failed() == null
        || (images.failed() > 0 && failures.isEmpty())) {
      return Optional.empty();
    }
    String pending = recorded.oldestPendingAt();
    return Optional.of(
        new DestinationProgress(
            new Registry(recorded.registryId(), recorded.region()),
            state,
            images.complete(),
            images.inProgress(),
            images.failed(),
            pending == null ? null : Instant.parse(pending),
            failures));
  }
}
