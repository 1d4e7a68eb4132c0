package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.simulator.ecr.Fault;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The credentials of a pod come late, change, and go. */
@Execution(ExecutionMode.CONCURRENT)
class CredentialsIT {
  /** Many times as long as a call takes, so that none ends under way. */
  private static final Duration SESSION = Duration.ofSeconds(20);

  private static final String ROLE = "arn:aws:iam::111122223333:role/ecr-operator";

  /** The environment of a pod: no credentials but those that {@code more} leads to. */
  private static Map<String, String> pod(Scene scene, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(scene.environment());
    environment.remove("AWS_ACCESS_KEY_ID");
    environment.remove("AWS_SECRET_ACCESS_KEY");
    environment.put(
        "AWS_SHARED_CREDENTIALS_FILE", scene.directory().resolve("no-credentials").toString());
    environment.put("AWS_CONFIG_FILE", scene.directory().resolve("no-config").toString());
    environment.putAll(more);
    return environment;
  }

  /** Replaces a token as the kubelet does: the file is another from one moment to the next. */
  private static void write(Path file, String token) throws IOException {
    Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), token);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Waits until every session that was given so far has ended, and new ones are in use. */
  private static void awaitSessionsToEnd(Scene scene) {
    Instant ended = Instant.now().plus(SESSION);
    Patience.await("sessions to end", Instant::now, now -> now.isAfter(ended));
    long used = sessions(scene);
    Patience.await("new sessions", () -> sessions(scene), now -> now > used + 2);
  }

  private static long sessions(Scene scene) {
    return scene.calls().stream()
        .filter(call -> !call.service().equals("sts"))
        .map(Call::accessKeyId)
        .distinct()
        .count();
  }

  @Test
  void aPodIdentityAssociationThatComesLateIsWaitedForAndFollowed() throws IOException {
    try (Scene scene = Scene.withResync("1s").open();
        PodIdentityAgent agent = new PodIdentityAgent(scene.ecrSimulator())) {
      EcrSimulator aws = scene.ecrSimulator();
      Path token = scene.directory().resolve("eks-pod-identity-token");
      Map<String, String> environment =
          pod(
              scene,
              Map.of(
                  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                  agent.uri(),
                  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                  token.toString()));
      try (OperatorProcess operator =
          OperatorProcess.start(environment, scene.directory().resolve("pod-identity.log"))) {
        RepositoryObject object = scene.repository("late").create(EditIT.EVERYTHING);

        // The token is not mounted yet, then there is no association, then the agent is ill.
        assertThat(object.awaitMessage("Unavailable"))
            .contains("no AWS credentials", "Pod Identity");
        assertThat(ready(operator)).isEqualTo(200);
        write(token, "first");
        Patience.await("the agent to be asked", agent::refusals, asked -> asked > 1);
        agent.refuse(500);
        int before = agent.refusals();
        Patience.await("the agent to be asked", agent::refusals, asked -> asked > before + 1);
        assertThat(object.find()).isEmpty();
        assertThat(operator.isAlive()).isTrue();
        aws.sessionsLast(SESSION);
        agent.associate("first");

        object.awaitInSync();
        assertThat(object.inEcr().policy()).isNotNull();

        // Sessions end, and the token is replaced: new ones come, and nobody sees it.
        object.forgetThePast();
        awaitSessionsToEnd(scene);
        write(token, "second");
        agent.associate("second");
        int given = agent.given();
        Patience.await("sessions by the new token", agent::given, now -> now > given + 2);
        object.awaitLooks(3);
        object.awaitInSync();
        assertThat(object.events()).containsOnlyOnce("Unavailable!");

        // The association is taken away, and given back.
        agent.refuse(404);
        assertThat(object.awaitMessage("Unavailable"))
            .contains("no AWS credentials", "not found at " + agent.uri());
        agent.associate("second");
        object.awaitInSync();
        assertThat(operator.isAlive()).isTrue();
      }
    }
  }

  @Test
  void aWebIdentityThatIsTrustedLateIsWaitedForAndFollowed() throws IOException {
    try (Scene scene = Scene.withResync("1s").open()) {
      EcrSimulator aws = scene.ecrSimulator();
      Path token = scene.directory().resolve("web-identity-token");
      write(token, "first");
      Fault untrusted =
          aws.faults()
              .on("AssumeRoleWithWebIdentity")
              .error(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
              .always();
      Map<String, String> environment =
          pod(scene, Map.of("AWS_ROLE_ARN", ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE", token.toString()));
      try (OperatorProcess operator =
          OperatorProcess.start(environment, scene.directory().resolve("irsa.log"))) {
        RepositoryObject object = scene.repository("trusted").create(EditIT.EVERYTHING);

        assertThat(object.awaitMessage("Unavailable"))
            .contains(
                "no AWS credentials",
                "Not authorized to perform sts:AssumeRoleWithWebIdentity",
                "IRSA");
        Patience.await("another try", untrusted::hits, hits -> hits > 1);
        assertThat(object.find()).isEmpty();
        aws.sessionsLast(SESSION);
        aws.webIdentityToken("first");
        untrusted.clear();

        object.awaitInSync();
        awaitSessionsToEnd(scene);

        // An old token is refused until the new one is there; then it goes on by that.
        aws.webIdentityToken("second");
        assertThat(object.awaitMessage("Unavailable"))
            .contains("no AWS credentials", "Token expired");
        write(token, "second");
        object.awaitInSync();
        object.awaitLooks(3);
        object.awaitInSync();
        assertThat(operator.isAlive()).isTrue();
        assertThat(callers(scene)).allMatch(key -> key.startsWith(OperatorProcess.ACCOUNT));
      }
    }
  }

  /** What the kubelet is answered: without credentials the process does its work all the same. */
  private static int ready(OperatorProcess operator) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + operator.awaitPort() + "/readyz");
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private static List<String> callers(Scene scene) {
    return scene.calls().stream()
        .filter(call -> !call.service().equals("sts"))
        .map(Call::accessKeyId)
        .distinct()
        .toList();
  }
}
