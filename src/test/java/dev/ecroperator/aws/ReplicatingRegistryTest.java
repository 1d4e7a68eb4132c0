package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.progress.PushedImage;
import io.github.bucket4j.Bucket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;

/** What the port makes of answers that no simulator gives: it is told each byte. */
class ReplicatingRegistryTest {
  private static final String ACCOUNT = "111122223333";
  private static final String DOCUMENT = "{\"rules\": [ ] }";
  private static final String ANSWER =
      "{\"registryId\":\"111122223333\",\"replicationConfiguration\":" + DOCUMENT + "}";

  private final HttpServer server;
  private final EcrClient ecr;
  private final Bucket looks =
      Bucket.builder()
          .addLimit(limit -> limit.capacity(10).refillGreedy(1, Duration.ofDays(1)))
          .build();
  private final ReplicatingRegistry registry;
  private final AtomicInteger requests = new AtomicInteger();

  /** Answers to come; those that are cut first. */
  private final Deque<String> answers = new ArrayDeque<>();

  private int cut;

  /** The HTTP status of those that are not cut. */
  private int status = 200;

  ReplicatingRegistryTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ecr =
        LoopbackClients.of(
                EcrClient.builder(),
                URI.create("http://localhost:" + server.getAddress().getPort()),
                Region.EU_WEST_1)
            .overrideConfiguration(
                o ->
                    o.addExecutionInterceptor(new RawJson())
                        .addExecutionInterceptor(new UnclearAttempts()))
            .build();
    AwsCalls calls = LoopbackClients.calls(Region.EU_WEST_1, CallRates.BUILT_IN, new Turns(10));
    registry =
        new ReplicatingRegistry(
            ACCOUNT,
            ecr,
            calls,
            new RepositoryInventory(ecr, calls, ACCOUNT, System::nanoTime),
            looks);
  }

  @BeforeEach
  void listen() {
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void close() {
    ecr.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      boolean isCut = requests.incrementAndGet() <= cut;
      byte[] body = (isCut ? ANSWER : answers.removeFirst()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(isCut ? 200 : status, body.length);
      exchange.getResponseBody().write(body, 0, isCut ? body.length / 2 : body.length);
      exchange.getResponseBody().flush();
    }
  }

  @Test
  void anAnswerThatIsCutIsAskedForAgain() {
    cut = 1;
    answers.add(ANSWER);

    assertThat(registry.read().text()).isEqualTo(DOCUMENT);
    assertThat(requests).hasValue(2);
  }

  @Test
  void aRegistryWhoseConfigurationIsNotToldHasNone() {
    answers.add("{\"registryId\":\"111122223333\"}");

    assertThat(registry.read().text()).isEqualTo(ReplicationDocument.read(null).text());
  }

  @Test
  void theRegistryOfAnotherAccountIsNotTakenForThisOne() {
    answers.add(ANSWER.replace(ACCOUNT, "999900001111"));

    assertThatThrownBy(registry::read)
        .isInstanceOf(CallFailedException.class)
        .hasMessageContaining("999900001111")
        .hasMessageContaining(ACCOUNT);
  }

  @Test
  void whereEveryAnswerIsCutTheRegistryIsUnavailable() {
    cut = Integer.MAX_VALUE;

    assertThatThrownBy(registry::read)
        .isInstanceOfSatisfying(
            CallFailedException.class,
            e -> assertThat(e.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
  }

  private Failure failureOfAPut() {
    return catchThrowableOfType(
            CallFailedException.class, () -> registry.put(ReplicationDocument.read(DOCUMENT)))
        .failure();
  }

  @Test
  void aWriteThatWasAcceptedIsInDoubtThoughItsAnswerWasCutAndALaterAttemptDenied() {
    cut = 1;
    status = 400;
    answers.add("{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}");

    assertThat(failureOfAPut().kind()).isEqualTo(Failure.Kind.AMBIGUOUS);
    assertThat(requests).hasValue(2);
  }

  @Test
  void aWriteThatIsDeniedTellsWhatElseItMayNeed() {
    status = 400;
    answers.add("{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}");

    Failure failure = failureOfAPut();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.DENIED);
    assertThat(failure.message()).contains("iam:CreateServiceLinkedRole");
  }

  @Test
  void everyPageOfImagesIsPaidFor() {
    for (String token : List.of(",\"nextToken\":\"2\"", ",\"nextToken\":\"3\"", "")) {
      answers.add(
          "{\"imageDetails\":[{\"imageDigest\":\"sha256:%d\",\"imagePushedAt\":%d}]%s}"
              .formatted(answers.size(), answers.size(), token));
    }

    assertThat(registry.mayLook(1)).isTrue();
    assertThat(registry.newestImages("api", 2))
        .containsExactly(
            new PushedImage("sha256:2", Instant.ofEpochSecond(2)),
            new PushedImage("sha256:1", Instant.ofEpochSecond(1)));

    assertThat(looks.getAvailableTokens()).isEqualTo(7);
  }
}
