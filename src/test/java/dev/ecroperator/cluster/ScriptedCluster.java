package dev.ecroperator.cluster;

import dev.ecroperator.api.Repository;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.dsl.ReturnOrWebsocketable;
import io.fabric8.mockwebserver.dsl.TimesOnceableOrHttpHeaderable;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An API server that gives the answers it was told to, and says what it was asked. */
public final class ScriptedCluster implements AutoCloseable {
  /** Where the sample object is. */
  public static final String OBJECT =
      "/apis/ecroperator.dev/v1alpha1/namespaces/payments/repositories/api";

  /** Where its status is written. */
  public static final String STATUS = OBJECT + "/status";

  /** Where its events are written. */
  public static final String EVENTS = "/api/v1/namespaces/payments/events";

  /** One request. */
  public record Request(String line, String body) {}

  /** How often the operator's client asks again, within a call. */
  private static final int RETRIES = 2;

  /** An hour: who keeps to it is not seen again by a test. */
  private static final String RETRY_AFTER = "3600";

  private final KubernetesMockServer server = new KubernetesMockServer(false);
  private final KubernetesClient client;

  /** Starts listening. */
  public ScriptedCluster() {
    server.init();
    client =
        server.createClient(
            builder ->
                builder
                    .editOrNewConfig()
                    .withRequestRetryBackoffLimit(RETRIES)
                    .endConfig()
                    .withKubernetesSerialization(LenientReading.serialization()));
  }

  /** A client of this cluster. */
  public KubernetesClient client() {
    return client;
  }

  /** The next PATCH of {@code path} is answered so. */
  public void onPatch(String path, int code, Object body) {
    server.expect().patch().withPath(path).andReturn(code, body).once();
  }

  /** The next PUT of {@code path} is answered so. */
  public void onPut(String path, int code, Object body) {
    server.expect().put().withPath(path).andReturn(code, body).once();
  }

  /**
   * A PATCH of {@code path} is answered, however often the client asks, with the wish for a rest of
   * an hour.
   */
  public void throttlePatch(String path) {
    throttled(server.expect().patch().withPath(path));
  }

  /**
   * A PUT of {@code path} is answered, however often the client asks, with the wish for a rest of
   * an hour.
   */
  public void throttlePut(String path) {
    throttled(server.expect().put().withPath(path));
  }

  private static void throttled(ReturnOrWebsocketable<TimesOnceableOrHttpHeaderable<Void>> call) {
    call.andReturn(429, refusal(429, "TooManyRequests"))
        .withHeader("Retry-After", RETRY_AFTER)
        .times(1 + RETRIES);
  }

  /** The next GET of {@code path} is answered so. */
  public void onGet(String path, int code, Object body) {
    server.expect().get().withPath(path).andReturn(code, body).once();
  }

  /** A GET of {@code path} fails, however often the client asks. */
  public void failGet(String path) {
    server
        .expect()
        .get()
        .withPath(path)
        .andReturn(500, refusal(500, "InternalError"))
        .times(1 + RETRIES);
  }

  /** The next POST of {@code path} is answered so. */
  public void onPost(String path, int code, Object body) {
    server.expect().post().withPath(path).andReturn(code, body).once();
  }

  /** What the API server says when it refuses. */
  public static Status refusal(int code, String reason) {
    return new StatusBuilder()
        .withStatus("Failure")
        .withCode(code)
        .withReason(reason)
        .withMessage("refused: " + reason)
        .build();
  }

  /** All requests since the last time that this was asked. */
  public List<Request> takeRequests() throws InterruptedException {
    List<Request> all = new ArrayList<>();
    for (RecordedRequest request = next(); request != null; request = next()) {
      all.add(new Request(request.getMethod() + " " + request.getPath(), request.getUtf8Body()));
    }
    return all;
  }

  private @Nullable RecordedRequest next() throws InterruptedException {
    return server.takeRequest(10, TimeUnit.MILLISECONDS);
  }

  /** The sample object with this spec, in YAML on one line. */
  public static Repository object(String spec) {
    return new KubernetesSerialization()
        .unmarshal(
            """
            apiVersion: ecroperator.dev/v1alpha1
            kind: Repository
            metadata:
              name: api
              namespace: payments
              uid: uid-1
              generation: 1
              resourceVersion: "10"
              creationTimestamp: "2026-11-01T11:59:59Z"
              annotations: {theirs: stays}
              finalizers: [their/finalizer]
            status: {observedGeneration: -1}
            spec: %s
            """
                .formatted(spec),
            Repository.class);
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
