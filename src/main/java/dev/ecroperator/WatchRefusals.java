package dev.ecroperator;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;

import dev.ecroperator.cluster.WatchText;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watches that the API server does not permit. The client asks again for ever, and says nothing
 * of it, while the operator sees no change any more: so it is told here, at once and then rarely.
 */
final class WatchRefusals implements Interceptor {
  /** How often a refusal that lasts is told. */
  static final Duration TOLD_EVERY = Duration.ofMinutes(10);

  private static final int SWITCHED_TO_WEBSOCKET = 101;

  private static final Logger log = LoggerFactory.getLogger(WatchRefusals.class);

  private final LongSupplier nanoTime;

  /** When those that are refused were told last; null for not yet. */
  private final Map<String, @Nullable Long> refused = new TreeMap<>();

  private boolean telling;

  /** Tells nothing yet: a start that is refused its watches fails, and says so itself. */
  WatchRefusals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Tells of refusals in the log from now on. */
  synchronized void tell() {
    telling = true;
    refused.keySet().forEach(this::tellUnlessToldLately);
  }

  /** What may not be watched now, such as {@code repositories.ecroperator.dev}. */
  synchronized List<String> refused() {
    return List.copyOf(refused.keySet());
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    answered(request.uri(), response.code());
  }

  /** Takes notice of an answer of the API server. */
  void answered(URI uri, int code) {
    if (WatchText.isWatch(uri)) {
      answered(watched(uri.getPath()), code);
    }
  }

  private synchronized void answered(String watched, int code) {
    if (code == HTTP_FORBIDDEN) {
      refused.putIfAbsent(watched, null);
      tellUnlessToldLately(watched);
    } else if (HttpResponse.isSuccessful(code) || code == SWITCHED_TO_WEBSOCKET) {
      if (refused.remove(watched) != null) {
        log.info("{} may be watched again", watched);
      }
    }
  }

  private void tellUnlessToldLately(String watched) {
    long now = nanoTime.getAsLong();
    Long told = refused.get(watched);
    if (telling && (told == null || now - told >= TOLD_EVERY.toNanos())) {
      refused.put(watched, now);
      log.warn(
          "the API server does not permit to watch {}: no change there is seen until it does; grant"
              + " 'list' and 'watch' of it, as examples/install/rbac.yaml does",
          watched);
    }
  }

  /** The resource of a path, as roles of Kubernetes name it, and its namespace. */
  private static String watched(String path) {
    List<String> parts = new ArrayList<>(List.of(path.split("/", -1)));
    int at = parts.indexOf("apis");
    if (at < 0 || parts.size() < at + 4) {
      return path;
    }
    String group = parts.get(at + 1);
    List<String> rest = parts.subList(at + 3, parts.size());
    return rest.size() > 2 && rest.getFirst().equals("namespaces")
        ? rest.get(2) + "." + group + " in the namespace " + rest.get(1)
        : rest.getFirst() + "." + group;
  }
}
