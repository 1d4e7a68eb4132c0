package dev.ecroperator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.json.RandomJson;
import dev.ecroperator.json.Seeds;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pass is stopped anywhere: between the records of statuses, the put, and what follows. */
class RegistryMergeCrashTest {
  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void goingOnAfterCrashesEndsWhereTheUndisturbedEnd(long seed) {
    RandomReplications random = new RandomReplications(Seeds.random(seed));
    RandomJson draw = random.draw();
    boolean retaining = draw.coin();
    List<String> foreign = new ArrayList<>();
    for (int count = draw.upTo(4); count > 0; count--) {
      foreign.add(random.foreign());
    }
    Respelling respelling = Respelling.of(seed);
    ReplicationWorld crashing =
        new ReplicationWorld(random.document(foreign), new Limits(1_000, 2, 3), respelling, seed);
    ReplicationWorld undisturbed = crashing.copy();
    for (int round = 0; round < 6; round++) {
      for (int edit = draw.upTo(3); edit >= 0; edit--) {
        edit(crashing, undisturbed, random, retaining);
      }
      for (int crashes = draw.upTo(3); crashes > 0; crashes--) {
        crashing.convergeUntil(draw.upTo(8));
        // What was written in between would be retained, too, which the other never wrote.
        if (!retaining && draw.coin()) {
          edit(crashing, undisturbed, random, retaining);
        }
      }
      crashing.converge();
      undisturbed.converge();
      assertSame(crashing, undisturbed, respelling, Seeds.replay(seed, round));
    }

    // Neither left a rule of ours behind: without objects only those of others are there.
    List.copyOf(crashing.objects.keySet()).forEach(id -> crashing.delete(id, false));
    crashing.convergeUntil(draw.upTo(8));
    crashing.converge();
    List<String> left = respelling.kept(crashing.rules());
    List<String> kept = respelling.kept(foreign);
    if (retaining) {
      List<String> found = new ArrayList<>(left);
      assertThat(kept).as(Seeds.replay(seed)).allMatch(found::remove);
    } else {
      assertThat(left).as(Seeds.replay(seed)).isEqualTo(kept);
    }
  }

  private static void assertSame(
      ReplicationWorld crashed,
      ReplicationWorld undisturbed,
      Respelling respelling,
      String context) {
    assertThat(respelling.kept(crashed.rules()))
        .as(context)
        .isEqualTo(respelling.kept(undisturbed.rules()));
    if (respelling == Respelling.NONE) {
      assertThat(crashed.document()).as(context).isEqualTo(undisturbed.document());
    }
    assertThat(crashed.objects).as(context).isEqualTo(undisturbed.objects);
  }

  /** The same edit of both. Half of the seeds retain nothing. */
  private static void edit(
      ReplicationWorld one, ReplicationWorld other, RandomReplications random, boolean retaining) {
    RandomJson draw = random.draw();
    String id = "object" + draw.upTo(5);
    boolean there = one.objects.containsKey(id);
    if (there && draw.upTo(3) == 0) {
      boolean retain = retaining && draw.coin();
      one.delete(id, retain);
      other.delete(id, retain);
    } else if (!there || !one.object(id).leaving()) {
      List<Contribution> desired = random.desired();
      one.apply(id, 7, desired);
      other.apply(id, 7, desired);
    }
  }
}
