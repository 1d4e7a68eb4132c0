package dev.ecroperator.replication;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far replication to one destination is, as a sample tells.
 *
 * @param destination where to
 * @param state the sample in one word
 * @param complete how many of its images have arrived
 * @param inProgress how many are under way
 * @param oldestPendingAt when the oldest that is under way was pushed; null for none
 * @param failed those that did not arrive, the newest first
 */
record DestinationProgress(
    Registry destination,
    DestinationState state,
    int complete,
    int inProgress,
    @Nullable Instant oldestPendingAt,
    List<Failed> failed) {

  /** An image that did not arrive, and ECR's word on why. */
  record Failed(SampledImage image, String code) {}

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
    return complete + inProgress + failed.size();
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
                new Failed(sampled, arrival.failureCode() == null ? "" : arrival.failureCode()));
      }
    }
    return new DestinationProgress(
        destination,
        state(newest, inProgress, failed),
        complete,
        inProgress,
        oldestPendingAt,
        List.copyOf(failed));
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
}
