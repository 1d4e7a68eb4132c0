package dev.ecroperator.replication.progress;

import java.time.Instant;

/**
 * An image of a repository.
 *
 * @param digest its digest, {@code sha256:…}
 * @param pushedAt when it was pushed
 */
public record PushedImage(String digest, Instant pushedAt) {}
