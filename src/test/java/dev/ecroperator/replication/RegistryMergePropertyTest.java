package dev.ecroperator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.json.RandomJson;
import dev.ecroperator.json.Seeds;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.MergedDocument;
import dev.ecroperator.replication.merge.RegistryMerge;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.merge.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegistryMergePropertyTest {
  private static final Limits ROOMY = new Limits(1_000, 100, 100);

  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyWayToTheSameRulesAndObjectsEndsInTheSameDocument(long seed) {
    RandomReplications random = new RandomReplications(Seeds.random(seed));
    RandomJson draw = random.draw();
    Respelling respelling = Respelling.of(seed);
    List<String> foreign = new ArrayList<>();
    ReplicationWorld world =
        new ReplicationWorld(
            random.document(List.of()), new Limits(1_000, 2, 2 + draw.upTo(3)), respelling, seed);
    boolean removed = false;
    for (int step = 0; step < 25; step++) {
      int count = foreign.size();
      String id = "object" + draw.upTo(5);
      int edit = draw.upTo(8);
      // Whoever takes a rule of ours away and writes one that says the same at once takes it over.
      if (removed && edit < 2) {
        world.converge();
      }
      removed = edit == 2 || (removed && edit > 2);
      switch (edit) {
        case 0 -> {
          String text = random.foreign();
          foreign.add(respelling.kept(text));
          world.addForeign(draw.upTo(100), text);
        }
        case 1 -> {
          // Somebody says what we say already.
          List<Contribution> said = own(world, respelling, foreign);
          if (!said.isEmpty()) {
            String text = random.foreign(draw.oneOf(said), false);
            foreign.add(respelling.kept(text));
            world.addForeign(draw.upTo(100), text);
          }
        }
        case 2 -> {
          if (!world.rules().isEmpty()) {
            foreign.remove(respelling.kept(world.removeRule(draw.upTo(world.rules().size()))));
          }
        }
        case 3 -> {
          if (world.objects.containsKey(id)) {
            world.delete(id, false);
          }
        }
        default -> world.apply(id, draw.upTo(3), random.desired());
      }
      if (foreign.size() > count || draw.coin()) {
        world.converge();
      }
    }
    world.converge();

    List<String> found = world.rules();
    String context = Seeds.replay(seed, world.document(), world.objects);
    List<String> kept =
        found.stream().filter(rule -> foreign.contains(respelling.kept(rule))).toList();
    assertThat(respelling.kept(kept))
        .as(context)
        .containsExactlyInAnyOrderElementsOf(respelling.kept(foreign));
    ReplicationWorld fresh = world.with(random.document(kept));
    world.objects.forEach(
        (id, member) -> fresh.apply(id, member.createdAt(), member.desired().contributions()));
    fresh.converge();
    // A rule that somebody put behind ours is no reason to write.
    List<String> foreignFirst = new ArrayList<>(kept);
    found.stream().filter(rule -> !kept.contains(rule)).forEach(foreignFirst::add);
    assertThat(respelling.kept(foreignFirst)).as(context).isEqualTo(respelling.kept(fresh.rules()));

    Set<String> all = Oracle.replicated(kept);
    all.addAll(
        Oracle.desired(
            world.objects.values().stream()
                .flatMap(it -> it.desired().contributions().stream())
                .toList()));
    assertThat(Oracle.replicated(found)).as(context).isEqualTo(all);
  }

  private static List<Contribution> own(
      ReplicationWorld world, Respelling respelling, List<String> foreign) {
    return world.read().rules().stream()
        .filter(rule -> !foreign.contains(respelling.kept(rule.text())))
        .map(ReplicationDocument.Rule::meaning)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void mergingTwiceChangesNothingNorDoesTheOrderOfShares(long seed) {
    RandomReplications random = new RandomReplications(Seeds.random(seed));
    RandomJson draw = random.draw();
    // Tight, so that some are refused.
    ReplicationWorld world =
        new ReplicationWorld(
            random.document(List.of(random.foreign(), random.foreign())),
            new Limits(2 + draw.upTo(8), 1 + draw.upTo(3), 1 + draw.upTo(3)),
            Respelling.of(seed),
            seed);
    for (int step = 0; step < 10; step++) {
      String id = "object" + draw.upTo(8);
      if (draw.upTo(4) == 0 && world.objects.containsKey(id)) {
        world.delete(id, draw.coin());
      } else {
        world.apply(id, draw.upTo(3), random.desired());
      }
      List<Share> shuffled = draw.shuffled(world.shares());
      MergedDocument other = RegistryMerge.of(world.read(), shuffled, world.limits, true);
      assertThat(other.document())
          .as(Seeds.replay(seed))
          .hasToString("" + world.merge().document());
      assertThat(other.rulings()).as(Seeds.replay(seed)).isEqualTo(world.merge().rulings());
      if (draw.coin()) {
        world.converge();
        String once = world.document();
        long puts = world.puts();
        world.converge(); // records what became of an object that may not leave yet
        var objects = world.objects.toString();
        world.converge();
        assertThat(world.document()).as(Seeds.replay(seed)).isEqualTo(once);
        assertThat(world.puts()).as(Seeds.replay(seed)).isEqualTo(puts);
        assertThat(world.objects).as(Seeds.replay(seed)).hasToString(objects);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void applyingAndRemovingAllIsTheIdentity(long seed) {
    RandomReplications random = new RandomReplications(Seeds.random(seed));
    RandomJson draw = random.draw();
    List<String> foreign = new ArrayList<>();
    for (int count = draw.upTo(4); count > 0; count--) {
      foreign.add(random.foreign());
    }
    Respelling respelling = Respelling.of(seed);
    ReplicationWorld world =
        new ReplicationWorld(random.document(foreign), ROOMY, respelling, seed);
    String before = world.document();
    for (int i = 0; i < 5; i++) {
      world.apply("object" + i, i, random.desired());
      if (draw.coin()) {
        world.converge();
      }
    }
    assertThat(world.converge().results()).hasSize(5);
    List<Integer> numbers = draw.shuffled(List.of(0, 1, 2, 3, 4));
    for (int number : numbers) {
      world.delete("object" + number, false);
      if (draw.coin()) {
        world.converge();
      }
    }
    world.converge();
    String context = Seeds.replay(seed, foreign);
    assertThat(respelling.kept(world.rules())).as(context).isEqualTo(respelling.kept(foreign));
    assertThat(world.read().with(List.of()))
        .as(context)
        .hasToString("" + ReplicationDocument.read(before).with(List.of()));
    if (respelling == Respelling.NONE) {
      assertThat(world.document()).as(context).isEqualTo(before);
    }
    assertThat(world.objects).as(Seeds.replay(seed)).isEmpty();
  }
}
