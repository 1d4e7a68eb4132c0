package dev.ecroperator.simulator.proxy;

import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Set;

/** A request on its way through a proxy. */
public final class Forwarding {
  /** What Java's client and server set themselves, each for its own connection. */
  private static final Set<String> OF_A_CONNECTION =
      Set.of("connection", "content-length", "expect", "transfer-encoding", "upgrade");

  private Forwarding() {}

  /** Whether the header is about the message, and not about the connection it came by. */
  static boolean isPassedOn(String header) {
    return !OF_A_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
  }

  /**
   * The same request, for the server. The host is passed on, too: AWS's is signed. The JDK's client
   * allows that with {@code -Djdk.httpclient.allowRestrictedHeaders=host}.
   */
  public static HttpRequest to(URI server, HttpExchange exchange, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (header, values) -> {
              if (isPassedOn(header)) {
                values.forEach(value -> request.header(header, value));
              }
            });
    return request.build();
  }
}
