package dev.ecroperator.replication.progress;

import dev.ecroperator.convergence.Finding;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A look at a repository.
 *
 * @param at when it was taken
 * @param depth how many of the newest images are known: as many as were asked for, unless the
 *     budget ended every look so far
 * @param images what was seen, by this look or, as far as it failed, by an earlier one
 * @param unseen why it failed; null where it did not
 */
record Look(Instant at, int depth, List<SampledImage> images, @Nullable Finding unseen) {
  /** None yet. */
  static final Look NONE = new Look(Instant.MIN, 0, List.of(), null);

  /** The same, but of long ago where it is of a time to come: the clock was set back since. */
  Look asOf(Instant now) {
    return at.isAfter(now) ? new Look(Instant.MIN, depth, images, unseen) : this;
  }

  /** Whether one of its images had not come to an end. */
  boolean isUnderWay() {
    return unseen == null && images.stream().anyMatch(SampledImage::isUnderWay);
  }

  /** What was seen of an image; empty where it was not looked at. */
  Stream<SampledImage> of(PushedImage image) {
    return images.stream().filter(each -> each.image().equals(image));
  }
}
