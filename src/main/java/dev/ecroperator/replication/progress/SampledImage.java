package dev.ecroperator.replication.progress;

import java.util.List;

/**
 * An image that was looked at.
 *
 * @param repository its repository's name
 * @param image the image
 * @param arrivals how far it is, by destination; empty where it is not replicated
 */
record SampledImage(String repository, PushedImage image, List<Arrival> arrivals) {

  /** Whether it is on its way somewhere. */
  boolean isUnderWay() {
    return arrivals.stream().anyMatch(a -> a.state() == Arrival.State.IN_PROGRESS);
  }
}
