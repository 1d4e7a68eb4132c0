package dev.ecroperator.simulator.ecr;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of whom; the service is "" where the header names none that is known.
 *
 * @param service {@code ecr}, {@code ecr-public} or {@code sts}
 */
record Target(String service, String operation) {
  private static final Map<String, String> SERVICES =
      Map.of("AmazonEC2ContainerRegistry_V20150921", "ecr", "SpencerFrontendService", "ecr-public");

  /** Reads the header X-Amz-Target; a request without it is one of the query protocol. */
  static Target of(@Nullable String header, byte[] body) {
    if (header == null) {
      try {
        return new Target("sts", Protocol.QUERY.input(body).path("Action").asText());
      } catch (IOException | IllegalArgumentException notForm) {
        return new Target("sts", "");
      }
    }
    int dot = header.indexOf('.');
    String service = dot < 0 ? null : SERVICES.get(header.substring(0, dot));
    return service == null
        ? new Target("", header)
        : new Target(service, header.substring(dot + 1));
  }
}
