package dev.ecroperator.endtoend;

import static java.util.Objects.requireNonNull;

import dev.ecroperator.endtoend.CutLine.CrashPoint;
import dev.ecroperator.endtoend.CutLine.Effect;
import dev.ecroperator.endtoend.CutLine.Moment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The undisturbed runs of all stories, and the points at which the operator may crash in them.
 *
 * @param <S> the stories
 * @param <E> how they end
 */
final class CrashRuns<S extends Enum<S>, E> {
  private final Map<S, CrashRun<E>> undisturbed;

  private CrashRuns(Map<S, CrashRun<E>> undisturbed) {
    this.undisturbed = undisturbed;
  }

  /**
   * Tells a story; at the point, if there is one, the operator is killed and started again.
   *
   * @param <S> the stories
   * @param <E> how they end
   */
  @FunctionalInterface
  interface Telling<S, E> {
    CrashRun<E> tell(S story, @Nullable CrashPoint point) throws InterruptedException;
  }

  /** Tells all stories undisturbed. */
  static <S extends Enum<S>, E> CrashRuns<S, E> record(Class<S> stories, Telling<S, E> telling)
      throws InterruptedException {
    Map<S, CrashRun<E>> undisturbed = new EnumMap<>(stories);
    for (S story : stories.getEnumConstants()) {
      undisturbed.put(story, telling.tell(story, null));
    }
    var runs = new CrashRuns<S, E>(undisturbed);
    List<Arguments> points = runs.crashPoints();
    points.forEach(point -> System.out.println("crash point: " + List.of(point.get())));
    System.out.println(points.size() + " crash points");
    return runs;
  }

  CrashRun<E> undisturbed(S story) {
    return requireNonNull(undisturbed.get(story));
  }

  /** Each story with each of its points: before and after every effect. */
  List<Arguments> crashPoints() {
    List<Arguments> points = new ArrayList<>();
    undisturbed.forEach(
        (story, run) -> {
          for (Effect effect : run.effects()) {
            for (Moment moment : Moment.values()) {
              points.add(Arguments.of(story, new CrashPoint(effect, moment)));
            }
          }
        });
    return points;
  }

  /** The effects of the undisturbed run. */
  List<String> effects(S story) {
    return undisturbed(story).effects().stream().map(Effect::toString).toList();
  }
}
