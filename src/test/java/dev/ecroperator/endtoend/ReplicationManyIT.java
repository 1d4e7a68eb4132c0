package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many objects, and the one document of their registry. */
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
    Patience.throughout(
        RESYNC.multipliedBy(resyncs), () -> assertThat(source.puts()).isEqualTo(puts));
    long looks = source.calls("DescribeRegistry") - reads;
    System.out.printf("%d resyncs of %d objects: %d DescribeRegistry%n", resyncs, MANY, looks);
    assertThat(looks).isBetween(resyncs - 1L, resyncs + 2L);
    assertThat(scene.cluster().writes()).hasSize(writes);
  }

  private static String spec(String prefix) {
    return "repositories: [{prefix: " + prefix + "}]\ndestinations: [{region: eu-central-1}]\n";
  }
}
