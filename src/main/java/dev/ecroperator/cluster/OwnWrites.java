package dev.ecroperator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What this process wrote last of each object: a cache may lag behind it. */
final class OwnWrites {
  /** After so long what the cache has counts again, such as after a restored backup of etcd. */
  static final Duration LONGEST_LAG = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private final Map<String, Write> last = new ConcurrentHashMap<>();

  /** What a write left, and when by the monotonic clock. */
  private record Write(String version, long at) {}

  /**
   * None yet.
   *
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  OwnWrites(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Notes an object as a write of ours has left it, and returns it. */
  <T extends HasMetadata> T noted(T stored) {
    ObjectMeta metadata = stored.getMetadata();
    last.put(metadata.getUid(), new Write(metadata.getResourceVersion(), nanoTime.getAsLong()));
    return stored;
  }

  /** Whether an object from a cache is known to be older than what we wrote. */
  boolean areNewerThan(HasMetadata cached) {
    Write write = last.get(cached.getMetadata().getUid());
    return write != null
        && nanoTime.getAsLong() - write.at < LONGEST_LAG.toNanos()
        && ResourceVersions.isOlder(cached.getMetadata().getResourceVersion(), write.version);
  }

  /** Forgets what was written of an object that is gone. */
  void forget(String uid) {
    last.remove(uid);
  }
}
