package dev.ecroperator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.sun.net.httpserver.HttpExchange;
import dev.ecroperator.convergence.Turns;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.progress.Arrival;
import dev.ecroperator.replication.progress.ImageRegistry;
import dev.ecroperator.replication.progress.PushedImage;
import io.github.bucket4j.Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;

/** What is made of ECR's word on images, also of a later ECR's. */
class ReplicatedImagesTest {
  private static final String ACCOUNT = LoopbackClients.ACCOUNT;

  private final Loopback loopback = new Loopback();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private String body = "";
  private final EcrClient ecr =
      LoopbackClients.of(
              EcrClient.builder(), URI.create(loopback.serve(this::answer)), Region.EU_WEST_1)
          .build();
  private final AwsCalls calls =
      LoopbackClients.calls(Region.EU_WEST_1, CallRates.BUILT_IN, new Turns(1));
  private final ImageRegistry registry =
      new ReplicatingRegistry(
          ACCOUNT,
          ecr,
          calls,
          new RepositoryInventory(ecr, calls, ACCOUNT, System::nanoTime),
          Bucket.builder()
              .addLimit(limit -> limit.capacity(10).refillGreedy(1, Duration.ofDays(1)))
              .build());

  private Loopback.Answer answer(HttpExchange asked) {
    try {
      requests.add(new String(asked.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Loopback.Answer.ok(body.formatted(requests.size()));
  }

  @AfterEach
  void close() {
    ecr.close();
    loopback.close();
  }

  private static String status(String region, String status) {
    return "{\"region\":\"%s\",\"registryId\":\"%s\",\"status\":\"%s\"}"
        .formatted(region, ACCOUNT, status);
  }

  private static Arrival arrival(String region, Arrival.State state) {
    return new Arrival(new Registry(ACCOUNT, region), state, null);
  }

  @Test
  void onlyWhatEcrCallsCompleteHasArrived() {
    body =
        "{\"replicationStatuses\":[%s,%s,%s,%s]}"
            .formatted(
                status("eu-west-2", "COMPLETE"),
                status("eu-west-3", "IN_PROGRESS"),
                status("eu-north-1", "ON_ITS_WAY"),
                status("eu-south-1", "FAILED").replace("}", ",\"failureCode\":\"NO_ROOM\"}"));

    assertThat(registry.arrivals("api", "sha256:1"))
        .containsExactly(
            arrival("eu-west-2", Arrival.State.COMPLETE),
            arrival("eu-west-3", Arrival.State.IN_PROGRESS),
            arrival("eu-north-1", Arrival.State.IN_PROGRESS),
            new Arrival(new Registry(ACCOUNT, "eu-south-1"), Arrival.State.FAILED, "NO_ROOM"));
    assertThat(requests).singleElement(STRING).contains("\"imageDigest\":\"sha256:1\"");
  }

  @Test
  void ofARepositoryWithoutEndSomePagesAreRead() {
    body =
        "{\"imageDetails\":[{\"imageDigest\":\"sha256:%1$d\",\"imagePushedAt\":%1$d}],"
            + "\"nextToken\":\"%1$d\"}";

    assertThat(registry.newestImages("api", 2))
        .extracting(PushedImage::digest)
        .containsExactly("sha256:10", "sha256:9");
    assertThat(requests).hasSize(10);
    assertThat(requests).last(STRING).contains("\"nextToken\":\"9\"");
  }

  @Test
  void whoHasSpentItsLooksMayNotLook() {
    assertThat(registry.mayLook(9)).isTrue();
    assertThat(registry.mayLook(2)).isFalse();
    assertThat(registry.mayLook(1)).isTrue();
  }
}
