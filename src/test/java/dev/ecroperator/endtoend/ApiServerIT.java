package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.proxy.Fault;
import dev.ecroperator.simulator.proxy.Faults;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API server has its moods too. */
class ApiServerIT {
  @RegisterExtension static final Scene scene = Scene.withResync("3s").withFaultsOfTheApiServer();

  private static Faults faults() {
    return scene.apiServerFaults();
  }

  @AfterEach
  void allIsWell() {
    List<Fault> outstanding = faults().outstanding();
    faults().clear();
    assertThat(outstanding).as("what went wrong nowhere shows nothing").isEmpty();
    assertThat(scene.operator().isAlive()).isTrue();
  }

  @Test
  void whatHappensWhileItIsAwayIsCaughtUpWith() {
    RepositoryObject object = scene.repository("before").create(EditIT.EVERYTHING);
    object.awaitInSync();

    Away away = new Away();
    faults().over(away);
    faults().dropWatches();
    Patience.await("more than one attempt", away.attempts::get, attempts -> attempts > 1);
    object.set("imageTagMutability", "{mode: MUTABLE}");
    faults().over(Line.WHOLE);

    object.awaitInSync();
    assertThat(object.inEcr().mutability()).isEqualTo("MUTABLE");
    RepositoryObject after = scene.repository("after").create("{}");
    after.awaitInSync();
  }

  /** A line that nothing arrives by. */
  private static final class Away implements Line {
    final AtomicInteger attempts = new AtomicInteger();

    @Override
    public boolean carries(Request request) {
      attempts.incrementAndGet();
      return false;
    }

    @Override
    public boolean returns(Request request) {
      return false;
    }
  }

  @Test
  void aDroppedWatchIsOpenedAgain() {
    faults().dropWatches();
    RepositoryObject object = scene.repository("dropped").create("{}");
    object.awaitInSync();

    faults().dropWatches();
    object.set("scanning", "{scanOnPush: true}").awaitInSync();
    assertThat(object.inEcr().scanOnPush()).isTrue();
  }

  @Test
  void aWatchThatIsNotPermittedAnyMoreIsToldInTheLog() {
    faults().on("watch", "repositories").always().answer(403);
    faults().dropWatches();

    Patience.await(
        "a line on the watch",
        () -> scene.operator().output(),
        lines ->
            lines.stream().anyMatch(line -> line.contains("watch repositories.ecroperator.dev")));
    faults().clear();
    scene.repository("watched-again").create("{}").awaitInSync();
  }

  @Test
  void aPastThatIsForgottenIsListedAnew() {
    RepositoryObject object = scene.repository("forgotten").create("{}");
    object.awaitInSync();

    faults().expireHistory();
    faults().dropWatches();
    object.set("scanning", "{scanOnPush: true}").awaitInSync();
    faults().expireHistory();
    faults().dropWatches();
    object.delete();
    object.awaitGone();
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 429, 500, 503})
  void aRefusedWriteIsMadeAgain(int status) {
    faults().on("patch", "repositories").times(2).answer(status);
    faults().on("update", "repositories/status").times(2).answer(status);
    RepositoryObject object = scene.repository("refused-" + status).create(EditIT.EVERYTHING);

    object.awaitInSync();

    assertThat(object.stored().at("/status/origin").asText()).isEqualTo("Created");
    assertThat(object.mutations().stream().filter(c -> !c.equals("CreateRepository")))
        .containsExactlyInAnyOrder("PutLifecyclePolicy", "SetRepositoryPolicy");
  }

  @Test
  void noRuleOfALivingObjectGoesForAConflict() {
    SourceRegistry source = scene.source("eu-west-2");
    ReplicationManifest object =
        source
            .replication("conflict")
            .create("repositories: [{prefix: a/}]\ndestinations: [{region: eu-central-1}]\n");
    object.awaitInSync();
    assertThat(source.puts()).isOne();

    faults().on("patch", "imagereplications/status").times(2).answer(409);
    object.set("repositories", "[{prefix: a/}, {prefix: b/}]").awaitInSync();

    assertThat(source.document())
        .isEqualTo(SourceRegistry.rules(SourceRegistry.rule("eu-central-1", "a/", "b/")));
    assertThat(source.puts()).isEqualTo(2);
  }

  @Test
  void aLostAnswerOfAWriteDoesNoHarm() {
    faults().on("patch", "repositories").loseAnswer();
    faults().on("update", "repositories/status").loseAnswer();
    RepositoryObject object = scene.repository("lost-write").create(EditIT.EVERYTHING);

    object.awaitInSync();
    object.set("deletionPolicy", "Delete").awaitInSync();
    faults().on("patch", "repositories").loseAnswer();
    // The test's own patches are over: the next is the finalizer's.
    object.delete();
    object.awaitGone();

    assertThat(object.find()).isEmpty();
  }

  @Test
  void withoutEventsTheWorkGoesOn() {
    faults().on("create", "events").always().answer(403);
    RepositoryObject object = scene.repository("untold").create("{}");

    object.awaitInSync();

    assertThat(object.events()).isEmpty();
  }

  @Test
  void anEditDuringAPassIsNotLost() {
    RepositoryObject object = scene.repository("overtaken");
    var hanging = object.fault("CreateRepository").hang().times(1);
    object.create("{tags: {a: one}}");
    Patience.await("the creation", object::calls, calls -> !calls.isEmpty());

    object.set("tags", "{a: two}");
    hanging.clear();
    object.awaitInSync();

    assertThat(object.tags()).containsEntry("a", "two");
  }
}
