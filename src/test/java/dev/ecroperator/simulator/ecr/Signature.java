package dev.ecroperator.simulator.ecr;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * AWS Signature Version 4: a request is signed once more as it came over the wire, with the secret
 * that its access key has here, and must come out the same. So whatever a client changes after it
 * has signed is found.
 */
final class Signature {
  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern SIGNED_HEADERS = Pattern.compile("SignedHeaders=([^,]+)");

  private Signature() {}

  /**
   * Whether the request was signed by the credentials.
   *
   * @param caller what its header says of the signature's scope
   */
  static boolean isBy(
      AwsCredentialsIdentity credentials,
      Identities.Caller caller,
      HttpExchange exchange,
      byte[] body) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String date = exchange.getRequestHeaders().getFirst("X-Amz-Date");
    Matcher signed = SIGNED_HEADERS.matcher(authorization);
    if (date == null || !signed.find()) {
      return false;
    }
    var request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.fromValue(exchange.getRequestMethod()))
            .uri(
                URI.create(
                    "http://"
                        + exchange.getRequestHeaders().getFirst("Host")
                        + exchange.getRequestURI()));
    for (String header : signed.group(1).split(";", -1)) {
      request.putHeader(
          header, exchange.getRequestHeaders().getOrDefault(header, List.<String>of()));
    }
    try {
      return sign(request.build(), body, credentials, caller, DATE.parse(date, Instant::from))
          .firstMatchingHeader("Authorization")
          .orElseThrow()
          .equals(authorization);
    } catch (DateTimeException noDate) {
      return false;
    }
  }

  /** The request as the credentials sign it at the time. */
  static SdkHttpRequest sign(
      SdkHttpRequest request,
      byte[] body,
      AwsCredentialsIdentity credentials,
      Identities.Caller caller,
      Instant at) {
    return SIGNER
        .sign(
            r ->
                r.identity(credentials)
                    .request(request)
                    .payload(() -> new ByteArrayInputStream(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, caller.service())
                    .putProperty(AwsV4HttpSigner.REGION_NAME, caller.region())
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)))
        .request();
  }
}
