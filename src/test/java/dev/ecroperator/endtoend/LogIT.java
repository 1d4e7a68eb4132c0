package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

/** What the process logs where it is looked for by machines, and what it keeps to itself. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(MotoDifferences.class)
class LogIT {
  /** In a document or a tag of a user. */
  private static final String PRIVATE = "hush-hush-7281";

  /** docs/observability.md lists them. */
  private static final Set<String> FIELDS =
      Set.of(
          "time",
          "level",
          "logger",
          "message",
          "resource",
          "generation",
          "reason",
          "operation",
          "code",
          "requestId",
          "region",
          "ownerId",
          "port",
          "setting",
          "exceptions",
          "frames");

  private static List<JsonNode> lines(OperatorProcess operator) {
    return operator.output().stream().map(LogIT::parsed).toList();
  }

  private static JsonNode parsed(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  private static Scene scene(String resync) {
    return Scene.withResync(resync, "OPERATOR_LOG_FORMAT", "json").open();
  }

  private static void awaitRunning(Scene scene) {
    scene.awaitLine(line -> line.contains(" is running\""));
  }

  @Test
  void noDocumentTagOrSecretIsLoggedAndEachLineHasListedFieldsOnly() {
    try (Scene scene = scene("2s")) {
      OperatorProcess operator = scene.startOperator(Map.of("OPERATOR_LOG_LEVEL", "debug"));
      awaitRunning(scene);
      String policy =
          ("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"%s\",\"Effect\":\"Allow\","
                  + "\"Principal\":\"*\",\"Action\":\"ecr:BatchGetImage\"}]}")
              .formatted(PRIVATE.replace("-", ""));
      String spec =
          """
          tags: {team: %s}
          accessPolicy: {json: '%s'}
          lifecyclePolicy: {rules: [{rulePriority: 1, description: %s, selection: {tagStatus: untagged, countType: imageCountMoreThan, countNumber: 7}, action: {type: expire}}]}
          """
              .formatted(PRIVATE, policy, PRIVATE);
      // AWS quotes what it refuses.
      RepositoryObject refused = scene.repository("refused");
      refused
          .fault("PutLifecyclePolicy")
          .error(400, "InvalidParameterException", "Value '" + PRIVATE + "' is not valid")
          .always();
      RepositoryObject denied = scene.repository("denied");
      denied.fault("SetRepositoryPolicy").accessDenied().always();
      RepositoryObject malformed = scene.repository("malformed");
      refused.create(spec).awaitReason("InvalidSpec");
      denied.create(spec).awaitReason("AccessDenied");
      malformed
          .create("accessPolicy: {json: '{\"" + PRIVATE + "\": '}\ntags: {a: " + PRIVATE + "}")
          .awaitReason("InvalidSpec");
      RepositoryObject drifted = scene.repository("drifted").create(spec);
      drifted.awaitInSync();
      scene.outsider().setMutability("drifted", ImageTagMutability.IMMUTABLE);
      drifted.set("imageTagMutability", "{mode: MUTABLE}").awaitInSync();
      scene.outsider().setMutability("drifted", ImageTagMutability.IMMUTABLE);
      drifted.awaitEvent("DriftCorrected");
      assertThat(refused.stored().toString()).contains(PRIVATE); // its owner sees it

      List<JsonNode> lines = lines(operator);

      assertThat(lines).isNotEmpty();
      for (JsonNode line : lines) {
        line.fieldNames().forEachRemaining(field -> assertThat(FIELDS).contains(field));
      }
      assertThat(String.join("\n", operator.output()))
          .doesNotContain(PRIVATE, PRIVATE.replace("-", ""), OperatorProcess.SECRET, "Signature=");
    }
  }

  @Test
  void aFailureIsToldWithOperationCodeAndRequestId() {
    try (Scene scene = scene("24h")) {
      OperatorProcess operator = scene.startOperator(Map.of());
      awaitRunning(scene);
      RepositoryObject object = scene.repository("traced");
      object.fault("PutLifecyclePolicy").accessDenied().always();
      object.create(EditIT.EVERYTHING).awaitReason("AccessDenied");

      scene.awaitLine(line -> line.contains("Repository is AccessDenied"));
      JsonNode line =
          lines(operator).stream()
              .filter(l -> l.path("message").asText().equals("Repository is AccessDenied"))
              .findFirst()
              .orElseThrow();

      assertThat(line.path("level").asText()).isEqualTo("WARN");
      assertThat(line.path("resource").asText()).isEqualTo(scene.cluster().namespace() + "/traced");
      assertThat(line.path("generation").asInt()).isEqualTo(1);
      assertThat(line.path("reason").asText()).isEqualTo("AccessDenied");
      assertThat(line.path("operation").asText()).isEqualTo("PutLifecyclePolicy");
      assertThat(line.path("code").asText()).isEqualTo("AccessDeniedException");
      assertThat(line.path("requestId").asText()).isNotEmpty();
    }
  }

  @Test
  void whatStaysAsItIsIsNotLogged() {
    try (Scene scene = scene("1s")) {
      OperatorProcess operator = scene.startOperator(Map.of());
      awaitRunning(scene);
      RepositoryObject ready = scene.repository("ready").create(EditIT.EVERYTHING);
      RepositoryObject refused = scene.repository("refused");
      refused.create("{registry: {accountId: \"999999999999\"}}").awaitReason("NotPermitted");
      RepositoryObject broken = scene.repository("broken").create("lifecyclePolicy: {json: '{'}");
      broken.awaitReason("InvalidSpec");
      ready.awaitInSync();
      ready.awaitLooks(1);
      broken.awaitLooks(1);
      List<String> before = Patience.atRest(Duration.ofSeconds(1), operator::output);

      ready.awaitLooks(5);
      broken.awaitLooks(5);

      assertThat(operator.output()).isEqualTo(before);
      assertThat(before)
          .anyMatch(line -> line.contains("Repository is InSync"))
          .anyMatch(line -> line.contains("Repository is InvalidSpec"));
    }
  }
}
