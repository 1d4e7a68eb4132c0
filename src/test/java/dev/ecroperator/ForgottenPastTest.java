package dev.ecroperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.aws.AwsRegistries;
import dev.ecroperator.aws.CallRates;
import dev.ecroperator.aws.ProxySettings;
import dev.ecroperator.cluster.ScriptedCluster;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.endtoend.Opened;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The API server remembers no more what a watch wants to go on from: 410, in either of two ways.
 */
class ForgottenPastTest {
  private static final Status GONE = ScriptedCluster.refusal(410, "Expired");

  /** Lists nothing, ends the watch from there and refuses to continue it; lists the object then. */
  private static final class ForgetfulServer extends Dispatcher {
    final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<MockResponse> refusals;

    ForgetfulServer(MockResponse... refusals) {
      this.refusals = new ConcurrentLinkedQueue<>(List.of(refusals));
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String path = request.getPath();
      if (!path.contains("/repositories")) {
        return json(200, Map.of()); // the version, an event
      }
      if (request.getMethod().equals("PUT")) {
        requests.add("status");
        return new MockResponse().setResponseCode(200).setBody(request.getUtf8Body());
      }
      if (path.contains("watch=true")) {
        requests.add("watch");
        if (count("watch") == 1) {
          return stream(socket -> socket.close(1000, "for today"));
        }
        MockResponse refusal = refusals.poll();
        return refusal == null ? stream(socket -> {}) : refusal;
      }
      requests.add("list");
      boolean isFirst = count("list") == 1;
      return json(
          200,
          Map.of(
              "apiVersion",
              "ecroperator.dev/v1alpha1",
              "kind",
              "RepositoryList",
              "metadata",
              Map.of("resourceVersion", isFirst ? "5" : "15"),
              "items",
              isFirst ? List.of() : List.of(ScriptedCluster.object("{suspend: true}"))));
    }

    long count(String request) {
      return requests.stream().filter(request::equals).count();
    }
  }

  private static MockResponse json(int code, Object body) {
    return new MockResponse().setResponseCode(code).setBody(Serialization.asJson(body));
  }

  /** A watch that begins so; nothing comes after it. */
  private static MockResponse stream(Consumer<WebSocket> beginning) {
    return new MockResponse()
        .withWebSocketUpgrade(
            new WebSocketListener() {
              @Override
              public void onOpen(WebSocket socket, Response response) {
                beginning.accept(socket);
              }
            });
  }

  private static MockResponse gone() {
    String event = Serialization.asJson(Map.of("type", "ERROR", "object", GONE));
    return stream(socket -> socket.send(event));
  }

  @Test
  void asAnEventOfTheWatch() {
    assertListsAnew(new ForgetfulServer(gone()), "list", "watch", "watch", "list");
  }

  /**
   * The API server itself tells it by an event only. Fabric8 7.5 takes such an answer for an
   * outage: it asks again, ever rarer, and lists when it gets the event.
   */
  @Test
  void asTheAnswerToTheWatch() {
    assertListsAnew(
        new ForgetfulServer(json(410, GONE), gone()), "list", "watch", "watch", "watch", "list");
  }

  /** An object that came meanwhile is seen: a suspended one is told so, without a call to AWS. */
  private static void assertListsAnew(ForgetfulServer server, String... requests) {
    Queue<Throwable> blind = new ConcurrentLinkedQueue<>();
    try (var opened = new Opened()) {
      MockWebServer web = opened.add(new MockWebServer());
      web.setDispatcher(server);
      web.start(InetAddress.getLoopbackAddress(), 0);
      Config config =
          new ConfigBuilder(Config.empty()).withMasterUrl(web.url("/").toString()).build();
      KubernetesClient client =
          opened.add(Cluster.answering(config, new WatchRefusals(System::nanoTime)));
      Operator operator = operator(client, opened, blind);
      opened.add(operator::stop);

      operator.start();

      await().atMost(Duration.ofMinutes(2)).until(() -> server.count("status") > 0);
      assertThat(server.requests).startsWith(requests);
      assertThat(server.count("list")).isEqualTo(2);
      assertThat(Watches.down(operator.getRuntimeInfo())).isEmpty();
    }
    assertThat(blind).isEmpty();
  }

  private static Operator operator(KubernetesClient client, Opened opened, Queue<Throwable> blind) {
    Fence fence = Fence.withoutDeadline();
    Clock clock = Clock.systemUTC();
    var meters = new SimpleMeterRegistry();
    AwsRegistries registries =
        opened.add(
            new AwsRegistries(
                "eu-west-1",
                CallRates.BUILT_IN,
                1,
                1,
                fence,
                ProxySettings.NONE,
                new AwsCallMetrics(meters),
                System::nanoTime));
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    opened.add(threads::shutdownNow);
    return Controllers.of(
        OperatorConfig.from(Map.of("OPERATOR_KINDS", "Repository")),
        new Controllers.Surroundings(
            "blue", client, registries, fence, threads, meters, clock, blind::add));
  }
}
