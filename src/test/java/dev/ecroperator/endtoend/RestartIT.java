package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.simulator.ecr.Fault;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The process ends at a bad moment, or comes back with other settings. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class RestartIT {

  @Test
  void killedBetweenTheCreationAndTheStatusItGoesOnWithTheSameRepository()
      throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").withFaultsOfTheApiServer().open()) {
      var status = scene.apiServerFaults().on("update", "repositories/status").always().answer(500);
      OperatorProcess first = scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("half-done").create(EditIT.EVERYTHING);
      assertThat(status.awaitArrival(Patience.LONG)).isTrue();
      first.kill();
      scene.apiServerFaults().clear();
      assertThat(object.status().has("arn")).isFalse();
      object.forgetThePast();

      scene.startOperator(Map.of());
      JsonNode stored = object.awaitInSync();

      assertThat(stored.at("/status/origin").asText()).isEqualTo("Created");
      assertThat(object.mutations()).isSubsetOf("CreateRepository");
      assertThat(object.inEcr().lifecycle()).isNotNull();
    }
  }

  @Test
  void killedBeforeTheAnswerOfTheCreationItKnowsItsOwn() throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").open()) {
      Fault hanging = scene.fault("CreateRepository").hangAfterCommit().times(1);
      OperatorProcess first = scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("unanswered").create(EditIT.EVERYTHING);
      Patience.await("the repository", object::find, found -> found.isPresent());
      first.kill();
      hanging.clear();

      scene.startOperator(Map.of());
      JsonNode stored = object.awaitInSync();

      assertThat(stored.at("/status/origin").asText()).isEqualTo("Created");
      assertThat(object.inEcr().policy()).isNotNull();
    }
  }

  @Test
  void restartedInAnotherRegionItKeepsThePinnedTarget() throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").open()) {
      OperatorProcess first = scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("pinned").create("{tags: {a: b}}");
      object.awaitInSync();
      assertThat(first.stop()).isZero();

      scene.startOperator(Map.of("AWS_REGION", "us-west-2"));
      object.set("imageTagMutability", "{mode: IMMUTABLE}");
      JsonNode stored = object.awaitInSync();

      assertThat(stored.at("/status/region").asText()).isEqualTo("eu-west-1");
      assertThat(object.inEcr().mutability()).isEqualTo("IMMUTABLE");
      try (var elsewhere = new Outsider(scene.ecr().endpoint(), "us-west-2")) {
        assertThat(elsewhere.find("pinned")).isEmpty();
      }
    }
  }

  @Test
  void restartedInAnotherAccountItTouchesNothing() throws InterruptedException {
    try (Scene scene = Scene.withResync("2s").open()) {
      OperatorProcess first = scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("moved").create("{tags: {a: b}}");
      object.awaitInSync();
      first.kill();

      OperatorProcess second = scene.startOperator(Map.of("AWS_ACCESS_KEY_ID", "999999999999"));
      assertThat(object.awaitMessage("ImmutableConflict")).contains("111122223333", "999999999999");
      assertThat(scene.ecrSimulator().repositories("999999999999", "eu-west-1")).isEmpty();
      second.kill();

      scene.startOperator(Map.of());
      object.awaitInSync();
    }
  }

  @Test
  void afterARestartAnUnchangedObjectIsReadAndNotWritten() throws InterruptedException {
    try (Scene scene = Scene.withResync("24h").open()) {
      OperatorProcess first = scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("unchanged").create(EditIT.EVERYTHING);
      object.awaitInSync();
      assertThat(first.stop()).isZero();
      object.forgetThePast();

      scene.startOperator(Map.of()).awaitPort();
      Patience.await("a look", object::calls, calls -> calls.size() >= 5);

      Patience.throughout(
          Duration.ofSeconds(2),
          () -> {
            assertThat(object.mutations()).isEmpty();
            assertThat(object.writes()).isEmpty();
          });
    }
  }
}
