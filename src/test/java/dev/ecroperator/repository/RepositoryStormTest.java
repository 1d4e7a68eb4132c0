package dev.ecroperator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Conditions;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.RepositoryStatus;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Reason;
import dev.ecroperator.json.RandomJson;
import dev.ecroperator.json.Seeds;
import dev.ecroperator.simulator.proxy.ConnectedSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Edits, crashes, refusals, lost answers, stale views and other people's doings, in any order: when
 * they are over ECR is as declared, and what belongs to others is as they left it.
 */
class RepositoryStormTest {
  private static final String RESUMED = "suspend: false\nadoption: IfExists\n";
  private static final String SUSPENDED = "suspend: true\nadoption: IfExists\n";

  private static ConnectedSimulator cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = ConnectedSimulator.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyStormEndsAsDeclared(long seed) {
    var draw = new RandomJson(Seeds.random(seed));
    Visibility visibility = draw.upTo(3) == 0 ? Visibility.PUBLIC : Visibility.PRIVATE;
    var world = new RepositoryWorld(cluster, visibility, draw);
    try {
      if (draw.upTo(4) == 0) {
        world.replace(Map.of("theirs-0", "a"));
      }
      world.create("uid-" + seed, RandomManifest.draw(visibility, draw), RESUMED);
      for (int round = 0; round < 4; round++) {
        storm(world, draw);
        settle(world);
        for (int i = draw.upTo(4); i > 0; i--) {
          world.meddle();
        }
        if (draw.upTo(4) == 0) {
          world.restartWithoutAws();
          settle(world);
        }
        if (draw.upTo(4) == 0) {
          world.replace(draw.coin() ? Map.of() : Map.of(Owner.TAG, "green/payments/api"));
        }
        world.edit(RandomManifest.draw(visibility, draw), RESUMED);
      }
      leave(world, draw);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(Seeds.replay(seed, String.join("\n", world.history)), e);
    } finally {
      cluster.faults().clear();
      cluster.server().delete("repositories", Samples.OWNER.namespace(), Samples.OWNER.name());
    }
  }

  private static void storm(RepositoryWorld world, RandomJson draw) {
    for (int i = draw.upTo(8); i > 0; i--) {
      switch (draw.upTo(12)) {
        case 0 -> world.restart();
        case 1 -> world.editAnew(RESUMED);
        case 2 -> suspend(world);
        case 3 -> world.driftOfWhatIsDeclared();
        case 4 -> world.remove();
        case 5 -> world.pass(Duration.ofMinutes(6));
        default -> world.pass(Duration.ofSeconds(2));
      }
      world.reconcileInStorm();
    }
  }

  private static void suspend(RepositoryWorld world) {
    world.edit(world.manifest(), SUSPENDED);
    world.catchUp();
    int before = world.registry.mutations;
    world.reconcileInStorm();
    assertThat(world.registry.mutations).as("changes while suspended").isEqualTo(before);
    world.edit(world.manifest(), RESUMED);
  }

  /** What follows a storm: all is as declared, and then nothing is written any more. */
  private static void settle(RepositoryWorld world) {
    world.calm();
    if (world.belongsToAnother()) {
      ObservedRepository theirs = world.ecr.now();
      world.calm();
      assertThat(world.ecr.now()).as("what belongs to another").isEqualTo(theirs);
      assertThat(reason(status(world))).isEqualTo(Reason.CONFLICT);
      world.remove();
      world.calm();
    }
    assertThat(world.ecr.settings()).isEqualTo(world.expected());
    RepositoryStatus status = status(world);
    assertThat(reason(status)).isEqualTo(Reason.IN_SYNC);
    assertThat(status.observedGeneration()).isEqualTo(generation(world));
    assertThat(status.managed())
        .containsExactlyElementsOf(Managed.fieldsOf(world.manifest().settings()));

    int before = world.registry.mutations;
    cluster.server().requests().clear();
    world.calm();
    assertThat(world.registry.mutations).as("changes where there is no drift").isEqualTo(before);
    assertThat(cluster.server().requests().writes()).as("writes where nothing is new").isEmpty();
  }

  private static RepositoryStatus status(RepositoryWorld world) {
    return world.live().orElseThrow().getStatus();
  }

  private static Long generation(RepositoryWorld world) {
    return world.live().orElseThrow().getMetadata().getGeneration();
  }

  private static Reason reason(RepositoryStatus status) {
    return Conditions.reason(status.conditions()).orElseThrow();
  }

  /** Deletes the object in a storm: what becomes of the repository is as its policy says. */
  private static void leave(RepositoryWorld world, RandomJson draw) {
    String policy = draw.oneOf("Retain", "Delete", "ForceDelete");
    boolean suspended = draw.upTo(4) == 0;
    world.ecr.images = draw.upTo(2);
    world.edit(
        world.manifest(), (suspended ? SUSPENDED : RESUMED) + "deletionPolicy: " + policy + "\n");
    if (draw.coin()) {
      world.reconcileInStorm();
    }
    world.delete();
    if (!world.isOurs()) {
      // Who does not see the deletion yet may adopt it still.
      world.catchUp();
    }
    boolean there = !world.ecr.isEmpty();
    boolean goes = world.isOurs() && !policy.equals("Retain") && !suspended;
    for (int i = draw.upTo(5); i > 0; i--) {
      world.pass(Duration.ofSeconds(draw.oneOf(List.of(2, 60))));
      world.reconcileInStorm();
    }
    world.calm();
    if (goes && policy.equals("Delete") && world.ecr.images > 0) {
      assertThat(reason(status(world))).isEqualTo(Reason.REPOSITORY_NOT_EMPTY);
      assertThat(world.ecr.isEmpty()).as("the repository with images").isFalse();
      world.ecr.images = 0;
      world.calm();
    }
    assertThat(world.live().map(Repository::getMetadata)).as("the object").isEmpty();
    assertThat(!world.ecr.isEmpty()).as("the repository is there").isEqualTo(there && !goes);
  }
}
