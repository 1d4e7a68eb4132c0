package dev.ecroperator.simulator.ecr;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A token bucket for each operation of a service, account and region; unlimited until set. */
final class RateLimit {
  private record Key(String account, String region, String service, String operation) {}

  private record Limit(double perSecond, int burst, Map<Key, Bucket> buckets) {
    Bucket full(Key key) {
      return Bucket.builder()
          .addLimit(
              limit ->
                  limit
                      .capacity(burst)
                      .refillGreedy(1, Duration.ofNanos((long) (1_000_000_000 / perSecond))))
          .build();
    }
  }

  private volatile @Nullable Limit limit;

  void set(double perSecond, int burst) {
    limit = new Limit(perSecond, burst, new ConcurrentHashMap<>());
  }

  void remove() {
    limit = null;
  }

  void take(Call call) {
    Limit current = limit;
    if (current == null) {
      return;
    }
    Key key = new Key(call.account(), call.region(), call.service(), call.operation());
    if (!current.buckets().computeIfAbsent(key, current::full).tryConsume(1)) {
      throw AwsError.refused("ThrottlingException", "Rate exceeded");
    }
  }
}
