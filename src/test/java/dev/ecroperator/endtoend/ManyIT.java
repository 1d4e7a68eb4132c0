package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Repository;
import dev.ecroperator.simulator.ecr.Call;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many repositories at once. */
class ManyIT {
  private static final int MANY = 300;
  private static final Duration RESYNC = Duration.ofSeconds(30);

  @RegisterExtension
  static final Scene scene =
      Scene.withResync(
          RESYNC.toSeconds() + "s",
          "OPERATOR_AWS_RATES",
          "CreateRepository=100/300,PutLifecyclePolicy=100/300,SetRepositoryPolicy=100/300,"
              + "DescribeRepositories=100/300,ListTagsForResource=100/300,"
              + "GetLifecyclePolicy=100/300,GetRepositoryPolicy=100/300,"
              + "BatchGetRepositoryScanningConfiguration=100/300");

  @Test
  void eachTakesThreeCallsAndTheirResyncsAreSpread() {
    List<RepositoryObject> all =
        IntStream.range(0, MANY).mapToObj(i -> scene.repository("many-" + i)).toList();
    all.parallelStream().forEach(object -> object.create(EditIT.EVERYTHING));
    Patience.await(
        Duration.ofMinutes(4), "all to be in sync", ManyIT::ready, ready -> ready == MANY);

    // The fastest have been looked at again by now: creations and documents are not repeated.
    for (String operation :
        List.of("CreateRepository", "PutLifecyclePolicy", "SetRepositoryPolicy")) {
      assertThat(calls(operation)).as(operation).isEqualTo(MANY);
    }
    assertThat(scene.calls().stream().filter(Call::isMutation)).hasSize(3 * MANY);

    // Looks go on, one of each in an interval, and never most of them in one moment. After the
    // machine stood still they come all at once, and are spread again in the next interval.
    long begun = System.nanoTime();
    long before = looks();
    var windows = new Windows();
    Patience.await(
        "the looks of more than an interval to be spread", windows::spread, spread -> spread > 10);
    Patience.await("all to be looked at again", () -> looks() - before, came -> came >= MANY);
    // In an interval each is looked at once; at either end a part of one is seen.
    assertThat(looks() - before).isLessThanOrEqualTo(MANY * (since(begun).dividedBy(RESYNC) + 2));
    assertThat(scene.calls().stream().filter(Call::isMutation)).hasSize(3 * MANY);
  }

  /** The looks by tenths of an interval. */
  private static final class Windows {
    private long begun = System.nanoTime();
    private long before = looks();
    private int spread;

    /** How many windows in a row, up to now, had no more than two fifths of all looks. */
    int spread() {
      if (since(begun).compareTo(RESYNC.dividedBy(10)) >= 0) {
        begun = System.nanoTime();
        long came = looks() - before;
        before += came;
        spread = came <= MANY * 2 / 5 ? spread + 1 : 0;
      }
      return spread;
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static long ready() {
    return scene
        .cluster()
        .client()
        .resources(Repository.class)
        .inNamespace(scene.cluster().namespace())
        .list()
        .getItems()
        .stream()
        .filter(ManyIT::isInSync)
        .count();
  }

  private static boolean isInSync(Repository object) {
    var status = object.getStatus();
    var conditions = status == null ? null : status.conditions();
    return conditions != null && conditions.stream().anyMatch(c -> "InSync".equals(c.reason()));
  }

  private static long looks() {
    return calls("GetRepositoryPolicy");
  }

  private static long calls(String operation) {
    return scene.calls().stream().filter(c -> c.operation().equals(operation)).count();
  }
}
