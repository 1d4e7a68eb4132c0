package dev.ecroperator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has a replica that stood by act on nothing older than what there was when it began to act: its
 * cache may lag behind what another one wrote last. It is over once the cache has all of that, and
 * after a while in any case, such as where the watch brings nothing any more.
 *
 * @param <T> the kind
 */
final class CatchUp<T extends HasMetadata> {
  private final Supplier<Stream<KubernetesResourceList<T>>> pages;
  private final LongSupplier nanoTime;

  private @Nullable Begun begun;
  private volatile boolean over;

  private record Begun(Takeover takeover, long at) {}

  /**
   * One that begins when it is first asked about.
   *
   * @param pages all objects as the API server has them
   */
  CatchUp(Supplier<Stream<KubernetesResourceList<T>>> pages, LongSupplier nanoTime) {
    this.pages = pages;
    this.nanoTime = nanoTime;
  }

  /** Whether an object in the cache is older than what there was, or was gone by then. */
  boolean isBehind(T cached) {
    Takeover takeover = takeover();
    return takeover != null && takeover.isBehind(cached);
  }

  /** Whether the cache has all that there was, or has had it before. */
  boolean isOver(Stream<T> cache) {
    Takeover takeover = takeover();
    if (takeover != null && takeover.isIn(cache)) {
      end();
    }
    return over;
  }

  /** What there was, for which one asks for all that wait; null once it is over. */
  private @Nullable Takeover takeover() {
    return over ? null : takeoverNow();
  }

  private synchronized @Nullable Takeover takeoverNow() {
    if (begun == null && !over) {
      begun = new Begun(Takeover.of(pages.get()), nanoTime.getAsLong());
    } else if (begun != null
        && nanoTime.getAsLong() - begun.at() >= OwnWrites.LONGEST_LAG.toNanos()) {
      end();
    }
    return begun == null ? null : begun.takeover();
  }

  private synchronized void end() {
    over = true;
    begun = null;
  }
}
