package dev.ecroperator.simulator.ecr;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who calls: read from the signature's scope. The signature itself is not checked. */
final class Identities {
  static final String DEFAULT_ACCOUNT = "111122223333";

  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "AWS4-HMAC-SHA256 .*Credential=([^/,]+)/[0-9]{8}/([^/,]+)/([^/,]+)/aws4_request.*");
  private static final Pattern ACCOUNT = Pattern.compile("([0-9]{12}).*");

  private final Map<String, String> sessions = new ConcurrentHashMap<>();
  private final AtomicLong issued = new AtomicLong();

  record Caller(String accessKeyId, String account, String region, String service) {}

  Caller authenticate(@Nullable String authorization) {
    if (authorization == null || authorization.isBlank()) {
      throw AwsError.refused("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    return read(authorization)
        .orElseThrow(
            () ->
                AwsError.refused(
                    "IncompleteSignatureException",
                    "Authorization header requires 'Credential' parameter: " + authorization));
  }

  /** Who signed; empty where nobody did. */
  static Optional<Caller> read(@Nullable String authorization) {
    Matcher credential = CREDENTIAL.matcher(authorization == null ? "" : authorization);
    return credential.matches()
        ? Optional.of(
            new Caller(
                credential.group(1),
                accountOf(credential.group(1)),
                credential.group(2),
                credential.group(3)))
        : Optional.empty();
  }

  /**
   * A new session's access key id. It starts with the role's account, so that its calls go there.
   */
  String assume(String partition, String account, String role, String session) {
    String accessKeyId = "%sSESSION%06d".formatted(account, issued.incrementAndGet());
    sessions.put(
        accessKeyId,
        "arn:" + partition + ":sts::" + account + ":assumed-role/" + role + "/" + session);
    return accessKeyId;
  }

  String arnOf(String accessKeyId) {
    return sessions.getOrDefault(
        accessKeyId,
        "arn:aws:sts::" + accountOf(accessKeyId) + ":assumed-role/ecr-operator/simulator");
  }

  private static String accountOf(String accessKeyId) {
    Matcher account = ACCOUNT.matcher(accessKeyId);
    return account.matches() ? account.group(1) : DEFAULT_ACCOUNT;
  }
}
