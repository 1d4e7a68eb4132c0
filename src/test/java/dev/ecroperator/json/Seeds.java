package dev.ecroperator.json;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;

/**
 * Seeds of the property tests: always the same, as many as {@code -Dseeds=<count>} says, or the one
 * of {@code -Dseed=<seed>}.
 */
public final class Seeds {
  private static final long COUNT = Long.getLong("seeds", 400);

  private Seeds() {}

  public static LongStream all() {
    Long replayed = Long.getLong("seed");
    return replayed == null ? LongStream.range(0, COUNT) : LongStream.of(replayed);
  }

  public static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  public static String replay(long seed, Object... shown) {
    StringBuilder text = new StringBuilder("replay with -Dseed=" + seed);
    for (Object each : shown) {
      text.append('\n').append(each);
    }
    return text.append('\n').toString();
  }
}
