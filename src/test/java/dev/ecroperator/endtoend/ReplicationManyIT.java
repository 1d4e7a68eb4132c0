package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many objects, and the one document of their registry. */
@ExtendWith(MotoDifferences.class)
class ReplicationManyIT {
  private static final int MANY = 100;
  private static final int EDITS = 50;
  private static final Duration RESYNC = Duration.ofSeconds(15);

  @RegisterExtension static final Scene scene = Scene.withResync(RESYNC.toSeconds() + "s");

  @Test
  void aBurstOfEditsTakesAHandfulOfWritesAndAResyncOneRead() {
    SourceRegistry source = scene.source("eu-west-2");
    List<ReplicationManifest> all =
        IntStream.range(0, MANY).mapToObj(i -> source.replication("many-" + i)).toList();
    IntStream.range(0, MANY).parallel().forEach(i -> all.get(i).create(spec("team-" + i + "/")));
    all.forEach(ReplicationManifest::awaitInSync);
    long created = source.puts();

    all.subList(0, EDITS).parallelStream()
        .forEach(object -> object.edit(spec(object.name() + "-edited/")));
    all.forEach(ReplicationManifest::awaitInSync);
    long burst = source.puts() - created;
    System.out.printf(
        "%d creations: %d puts; a burst of %d edits over %d objects: %d puts%n",
        MANY, created, EDITS, MANY, burst);
    assertThat(created).isLessThanOrEqualTo(30);
    assertThat(burst).isLessThanOrEqualTo(15);
    for (int i = 0; i < MANY; i++) {
      assertThat(source.document())
          .contains("\"" + (i < EDITS ? "many-" + i + "-edited/" : "team-" + i + "/") + "\"");
    }
    assertThat(source.document()).doesNotContain("\"team-0/\"");

    // Statuses that the burst left to tell are told.
    source.awaitLooks(1);
    Patience.atRest(RESYNC.dividedBy(3), scene.cluster()::writes);
    long reads = source.calls("DescribeRegistry");
    long puts = source.puts();
    int writes = scene.cluster().writes().size();
    int resyncs = 4;
    long begun = System.nanoTime();
    source.awaitLooks(resyncs);
    Duration taken = Duration.ofNanos(System.nanoTime() - begun);
    long looks = source.calls("DescribeRegistry") - reads;
    System.out.printf("%d DescribeRegistry for %d objects in %s%n", looks, MANY, taken);
    // One read serves all for nine tenths of an interval; the first of these may have been due.
    Duration apart = RESYNC.multipliedBy(9).dividedBy(10);
    assertThat(taken).isGreaterThan(apart.multipliedBy(resyncs - 2));
    assertThat(source.puts()).isEqualTo(puts);
    assertThat(scene.cluster().writes()).hasSize(writes);
  }

  private static String spec(String prefix) {
    return "repositories: [{prefix: " + prefix + "}]\ndestinations: [{region: eu-central-1}]\n";
  }
}
