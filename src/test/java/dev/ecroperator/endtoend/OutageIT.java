package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.ecr.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** AWS as a whole, or the credentials for it, are not there. */
@Execution(ExecutionMode.CONCURRENT)
class OutageIT {

  @Test
  void whileAwsIsUnreachableRetainGoesAndDeleteWaits() {
    try (Scene scene = Scene.withResync("2s").open()) {
      scene.startOperator(Map.of());
      RepositoryObject retained = scene.repository("retained").create("{}");
      RepositoryObject deleted = scene.repository("deleted").create("{deletionPolicy: Delete}");
      retained.awaitInSync();
      deleted.awaitInSync();
      Fault outage = scene.faultOfAny().loseRequest().always();

      deleted.delete();
      deleted.awaitReason("Unavailable");
      retained.delete();
      retained.awaitGone();
      RepositoryObject fresh = scene.repository("fresh").create("{}");
      fresh.awaitReason("Unavailable");
      outage.clear();

      deleted.awaitGone();
      fresh.awaitInSync();
      assertThat(deleted.find()).isEmpty();
      assertThat(retained.find()).isPresent();
      assertThat(scene.operator().isAlive()).isTrue();
    }
  }

  @Test
  void expiredCredentialsThatComeBackHealEverything() {
    try (Scene scene = Scene.withResync("2s").open()) {
      scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("expiring").create(EditIT.EVERYTHING);
      object.awaitInSync();
      Fault expired =
          scene
              .faultOfAny()
              .error(400, "ExpiredTokenException", "The security token is expired")
              .always();

      object.awaitReason("Unavailable");
      assertThat(object.managed()).contains("lifecyclePolicy");
      expired.clear();

      object.awaitInSync();
      assertThat(object.events()).containsOnlyOnce("Unavailable!");
    }
  }

  @Test
  void withoutCredentialsTheProcessStaysAndGoesOnWhenTheyCome() throws IOException {
    try (Scene scene = Scene.withResync("2s").open()) {
      Path credentials = scene.directory().resolve("credentials");
      Map<String, String> environment = new HashMap<>(scene.environment());
      environment.remove("AWS_ACCESS_KEY_ID");
      environment.remove("AWS_SECRET_ACCESS_KEY");
      environment.put("AWS_SHARED_CREDENTIALS_FILE", credentials.toString());
      environment.put("AWS_CONFIG_FILE", scene.directory().resolve("config").toString());
      try (OperatorProcess operator =
          OperatorProcess.start(environment, scene.directory().resolve("waiting.log"))) {
        RepositoryObject object = scene.repository("waiting").create(EditIT.EVERYTHING);
        RepositoryObject retained = scene.repository("never-seen").create("{}");
        assertThat(object.awaitMessage("Unavailable")).contains("credentials");
        retained.awaitReason("Unavailable");
        retained.delete();
        retained.awaitGone();

        Files.writeString(
            credentials,
            """
            [default]
            aws_access_key_id = %s
            aws_secret_access_key = %s
            """
                .formatted(OperatorProcess.ACCOUNT, OperatorProcess.SECRET));

        object.awaitInSync();
        assertThat(operator.isAlive()).isTrue();
      }
    }
  }

  @Test
  void whereStsIsBlockedTheAccountIsLearntFromTheRegistry() {
    try (Scene scene = Scene.withResync("24h").open()) {
      scene.fault("GetCallerIdentity").accessDenied().always();
      scene.startOperator(Map.of());
      RepositoryObject object = scene.repository("without-sts").create("{}");

      object.awaitInSync();

      assertThat(object.status().path("registryId").asText()).isEqualTo(OperatorProcess.ACCOUNT);
    }
  }
}
