package dev.ecroperator.telemetry;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Whether the process does its work, and in what way, or why not: what {@code /readyz} answers. AWS
 * has no part in it: where AWS is away, the objects say so, and another pod would see it no better.
 */
public final class Readiness {

  /**
   * An answer.
   *
   * @param ready whether it is 200, and not 503
   * @param text why, in one line
   */
  record Answer(boolean ready, String text) {}

  private final AtomicReference<Supplier<Answer>> phase =
      new AtomicReference<>(() -> new Answer(false, "starting: it has no cluster yet"));

  private final AtomicReference<Supplier<List<String>>> obstacles = new AtomicReference<>(List::of);

  /**
   * From now on it is ready, unless something else stands in its way.
   *
   * @param as what it does, asked at each answer
   */
  public void ready(Supplier<String> as) {
    phase.set(() -> new Answer(true, as.get()));
  }

  /** From now on it is not ready. */
  public void notReady(String because) {
    phase.set(() -> new Answer(false, because));
  }

  /**
   * What to ask, at each answer, for what stands in the way of a ready process.
   *
   * @param now each a reason in a few words, such as {@code a watch has ended}
   */
  public void unless(Supplier<List<String>> now) {
    obstacles.set(now);
  }

  /** The answer at this moment. */
  Answer answer() {
    Answer answer = phase.get().get();
    List<String> inTheWay = answer.ready() ? obstacles.get().get() : List.of();
    return inTheWay.isEmpty() ? answer : new Answer(false, String.join("; ", inTheWay));
  }
}
