package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.aws.Loopback.Answer;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A role's session may be ended before its time: the SDK would use it for as long as that was. */
class RefusedCredentialsTest {
  @TempDir Path directory;
  private final Loopback loopback = new Loopback();
  private Set<String> settings = Set.of();

  @AfterEach
  void close() {
    settings.forEach(System::clearProperty);
    loopback.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "UnrecognizedClientException"
      })
  void credentialsThatAwsRefusesAreReplaced(String code) {
    var given = new AtomicInteger();
    String agent = loopback.serve(asked -> Loopback.json("KEY" + given.incrementAndGet()));
    String ecr =
        loopback.serve(
            asked ->
                asked.getRequestHeaders().getFirst("Authorization").contains("KEY1/")
                    ? new Answer(400, "{\"__type\": \"" + code + "\", \"message\": \"no\"}")
                    : Answer.ok("{\"tags\": []}"));
    Map<String, String> all =
        Map.of(
            "aws.endpointUrl",
            ecr,
            "aws.containerCredentialsFullUri",
            agent,
            "aws.sharedCredentialsFile",
            directory.resolve("no-credentials").toString(),
            "aws.configFile",
            directory.resolve("no-config").toString());
    settings = all.keySet();
    all.forEach(System::setProperty);
    var target = new RepositoryTarget(Visibility.PRIVATE, "111122223333", "eu-west-1", "app");
    try (var registries =
        new AwsRegistries(
            "eu-west-1",
            CallRates.BUILT_IN,
            1,
            1,
            Fence.withoutDeadline(),
            ProxySettings.NONE,
            new AwsCallMetrics(new SimpleMeterRegistry()),
            System::nanoTime)) {
      assertThatThrownBy(() -> registries.holding(target).tags(target))
          .isInstanceOf(CallFailedException.class);
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .until(() -> registries.holding(target).tags(target).isPresent());
    }
    assertThat(given).hasValue(2);
  }
}
