package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.endtoend.CutLine.CrashPoint;
import dev.ecroperator.endtoend.CutLine.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fresh simulators, and an operator between them that can be killed at any of its effects. */
final class CrashScene implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Scene scene =
      Scene.withResync("24h", "JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
          .withFaultsOfTheApiServer()
          .open();
  private final CutLine line = new CutLine();

  Scene scene() {
    return scene;
  }

  /**
   * Tells a story; at the point, if there is one, the operator is killed and started again.
   *
   * @param prepare brings all to where the story begins
   * @param ask what the user does then
   * @param ended waits for the end
   * @return the operator's effects from the user's request on, in their order
   */
  List<Effect> tell(Runnable prepare, Runnable ask, @Nullable CrashPoint point, Runnable ended)
      throws InterruptedException {
    scene.ecrSimulator().faults().over(line);
    scene.apiServerFaults().over(line);
    OperatorProcess operator = scene.startOperator(Map.of());
    prepare.run();
    operator.awaitPort();
    line.awaitRest();

    line.begin(point);
    ask.run();
    if (point != null) {
      assertThat(line.awaitCut()).as("the operator came to the point %s", point).isTrue();
      operator.kill();
      line.mend();
      scene.startOperator(Map.of()).awaitPort();
    }
    ended.run();
    line.awaitRest();
    return line.committed();
  }

  /** Waits until an object is gone, or in sync. */
  static void awaitEnd(ClusterObject<?> object, boolean gone) {
    if (gone) {
      object.awaitGone();
    } else {
      object.awaitInSync();
    }
  }

  /** What two runs have in common of an object: what is unique to a run is left out. */
  Optional<JsonNode> comparable(JsonNode stored) {
    if (stored.isMissingNode()) {
      return Optional.empty();
    }
    ObjectNode object = withoutNamespace(stored.toString());
    ((ObjectNode) object.path("metadata"))
        .remove(List.of("uid", "resourceVersion", "creationTimestamp", "managedFields"));
    ObjectNode status = (ObjectNode) object.path("status");
    status.remove("createdAt");
    status
        .path("conditions")
        .forEach(condition -> ((ObjectNode) condition).remove("lastTransitionTime"));
    return Optional.of(object);
  }

  /** A namespace of the real API server is a run's own. */
  private ObjectNode withoutNamespace(String object) {
    try {
      return (ObjectNode) JSON.readTree(anyNamespace(object));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text with one name for the namespace, whichever the run had. */
  String anyNamespace(String text) {
    return text.replaceAll("\\b" + scene.cluster().namespace() + "\\b", "NAMESPACE");
  }

  @Override
  public void close() {
    scene.close();
  }
}
