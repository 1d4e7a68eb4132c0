package dev.ecroperator.simulator.ecr;

import java.time.Instant;
import java.util.List;

/**
 * An image as it is at one moment.
 *
 * @param tags in their order; none for an untagged image
 * @param pushedAt when it was pushed, or came by replication
 */
public record ImageSnapshot(String digest, List<String> tags, Instant pushedAt) {
  static ImageSnapshot of(Image image) {
    return new ImageSnapshot(image.digest(), List.copyOf(image.tags()), image.pushedAt());
  }
}
