package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.aws.Loopback.Answer;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure.Kind;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the calls to AWS get of a role by IRSA, for which STS is asked. */
class WebIdentityTest {
  private static final String ACCOUNT = "111122223333";

  @TempDir Path directory;
  private final Loopback loopback = new Loopback();
  private final Map<String, String> settings = new HashMap<>();

  @BeforeEach
  void aPodWithARole() throws IOException {
    set("aws.sharedCredentialsFile", directory.resolve("no-credentials").toString());
    set("aws.configFile", directory.resolve("no-config").toString());
    set("aws.roleArn", "arn:aws:iam::111122223333:role/ecr-operator");
    set(
        "aws.webIdentityTokenFile",
        Files.writeString(directory.resolve("token"), "token").toString());
  }

  @AfterEach
  void close() {
    settings.keySet().forEach(System::clearProperty);
    loopback.close();
  }

  private void set(String setting, String value) {
    settings.put(setting, value);
    System.setProperty(setting, value);
  }

  private static AwsRegistries registries(ProxySettings proxy) {
    return new AwsRegistries(
        "eu-west-1",
        CallRates.BUILT_IN,
        1,
        1,
        Fence.withoutDeadline(),
        proxy,
        new AwsCallMetrics(new SimpleMeterRegistry()),
        System::nanoTime);
  }

  private static RepositoryTarget target(Visibility visibility, String region) {
    return new RepositoryTarget(visibility, ACCOUNT, region, "app");
  }

  private void stsAnswersUpon(CountDownLatch release) {
    set(
        "aws.endpointUrl",
        loopback.serve(
            asked -> {
              release.await();
              return Loopback.denied();
            }));
  }

  @Test
  void anStsThatDoesNotAnswerIsWhatIsTold() {
    var release = new CountDownLatch(1);
    stsAnswersUpon(release);
    try (var registries = registries(ProxySettings.NONE)) {
      assertThatThrownBy(registries::ownAccount)
          .isInstanceOfSatisfying(
              CallFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
          .hasMessageContaining("no AWS credentials")
          .hasMessageNotContaining("interrupted");
    } finally {
      release.countDown();
    }
  }

  /** The SDK of ECR Public asks for credentials before the time of a call begins. */
  @Test
  void anStsThatDoesNotAnswerHoldsNoTurnForLong() throws Exception {
    var release = new CountDownLatch(1);
    stsAnswersUpon(release);
    try (var registries = registries(ProxySettings.NONE)) {
      var failure = new CompletableFuture<Throwable>();
      RepositoryTarget target = target(Visibility.PUBLIC, "us-east-1");
      Thread.startVirtualThread(
          () -> failure.complete(catchThrowable(() -> registries.holding(target).tags(target))));
      // Far more than we wait for credentials, and half of what the SDK does by itself.
      assertThat(failure).succeedsWithin(Duration.ofMinutes(1));
      assertThat(failure.get()).hasMessageContaining("no AWS credentials");
    } finally {
      release.countDown();
    }
  }

  @Test
  void stsIsAskedByTheProxyToAws() {
    set("aws.endpointUrlSts", "http://sts.example.com");
    set("aws.endpointUrlEcr", "http://ecr.example.com");
    String proxy =
        loopback.serve(
            asked ->
                asked.getRequestHeaders().getFirst("Host").startsWith("sts.")
                    ? Loopback.xml("IRSA")
                    : asked.getRequestHeaders().getFirst("Authorization").contains("IRSA")
                        ? Answer.ok("{\"tags\": []}")
                        : Loopback.denied());
    try (var registries = registries(new ProxySettings(Optional.of(URI.create(proxy)), Set.of()))) {
      RepositoryTarget target = target(Visibility.PRIVATE, "eu-west-1");
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .until(() -> registries.holding(target).tags(target).isPresent());
    }
  }
}
