package dev.ecroperator.simulator.ecr;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests that AWS's own clients would not send. */
record Wire(URI endpoint) {
  private static final AwsCredentialsIdentity ANYBODY =
      AwsCredentialsIdentity.create("AKIA", EcrSimulator.SECRET_ACCESS_KEY);

  /** A request as it is before somebody signs it. */
  SdkHttpRequest unsigned(String target, Map<String, String> headers) {
    var request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create(endpoint + "/"))
            .putHeader("X-Amz-Target", target);
    headers.forEach(request::putHeader);
    return request.build();
  }

  /** A request to this service in eu-west-1. */
  SdkHttpRequest signed(String target, String body, AwsCredentialsIdentity by, String service) {
    var scope = new Identities.Caller(by.accessKeyId(), "", "eu-west-1", service);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return Signature.sign(unsigned(target, Map.of()), bytes, by, scope, Instant.now());
  }

  /** A request to ecr that is signed as it should be. */
  SdkHttpRequest signed(String target, String body) {
    return signed(target, body, ANYBODY, "ecr");
  }

  /** What is answered: the status, a space, the body. */
  String send(SdkHttpRequest request, String body) throws IOException, InterruptedException {
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(request.getUri()).POST(HttpRequest.BodyPublishers.ofString(body));
    request.forEachHeader(
        (name, values) -> {
          if (!name.equals("Host")) { // Java's client sets this one, and nobody else may
            values.forEach(value -> sent.header(name, value));
          }
        });
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(sent.build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }

  /** What is answered to a request to ecr that is signed as it should be. */
  String post(String target, String body) throws IOException, InterruptedException {
    return send(signed(target, body), body);
  }
}
