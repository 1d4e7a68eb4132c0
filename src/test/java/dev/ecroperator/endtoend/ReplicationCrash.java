package dev.ecroperator.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.endtoend.CutLine.CrashPoint;
import dev.ecroperator.endtoend.CutLine.Effect;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stories of {@link ReplicationCrashStory}, told. */
final class ReplicationCrash {
  private ReplicationCrash() {}

  /**
   * All that two runs must have in common.
   *
   * @param document what the replication configuration says
   * @param foreignStands whether somebody's own rule stands in it, to the byte
   * @param object what is stored of the story's object; empty where it is gone
   * @param neighbour what is stored of the other one
   */
  record EndState(
      String document,
      boolean foreignStands,
      Optional<JsonNode> object,
      Optional<JsonNode> neighbour) {}

  /** Tells the story; at the point, if there is one, the operator is killed and started again. */
  static CrashRun<EndState> tell(ReplicationCrashStory story, @Nullable CrashPoint point)
      throws InterruptedException {
    try (CrashScene stage = new CrashScene()) {
      SourceRegistry source = stage.scene().source(Scene.REGION);
      source.edit("{\"rules\": [" + ReplicationCrashStory.FOREIGN_RULE + " ]}");
      ReplicationManifest neighbour = stage.scene().replication("neighbour");
      ReplicationManifest object = stage.scene().replication(story.object());
      List<Effect> effects =
          stage.tell(
              () -> {
                neighbour.create(ReplicationCrashStory.NEIGHBOUR).awaitInSync();
                story.prepare(object);
              },
              () -> story.ask(object),
              point,
              () -> CrashScene.awaitEnd(object, story.endsGone()));
      // Passes of the last operator have looked, and found nothing more to do.
      neighbour.look("at-the-end");
      if (!story.endsGone()) {
        object.look("at-the-end");
        object.awaitInSync();
      }
      neighbour.awaitInSync();
      return new CrashRun<>(
          effects,
          new EndState(
              source.document(),
              source.text().contains(ReplicationCrashStory.FOREIGN_RULE),
              stage.comparable(object.stored()),
              stage.comparable(neighbour.stored())));
    }
  }
}
