package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An object is deleted, and made anew before the operator has ended the pass that let it go. */
class RebirthIT {
  @RegisterExtension static final Scene scene = Scene.withResync("3s").withFaultsOfTheApiServer();

  @Test
  void anObjectMadeAnewDuringTheLastPassOfItsPredecessorIsReconciled() throws Exception {
    RepositoryObject object = scene.repository("reborn").create("{}");
    object.awaitInSync();
    // The event of the deletion is written after the finalizer is gone: the pass waits there.
    var held = scene.apiServerFaults().on("create", "events").hold();
    object.delete();
    assertThat(held.awaitArrival(Patience.LONG)).isTrue();
    object.awaitGone();

    object.create("{scanning: {scanOnPush: true}}");
    // The watch brings the deletion and the new object; an object has one pass at a time.
    int before = object.calls().size();
    Patience.throughout(Duration.ofSeconds(2), () -> assertThat(object.calls()).hasSize(before));
    held.release();

    object.awaitInSync();
    assertThat(object.inEcr().scanOnPush()).isTrue();
  }
}
