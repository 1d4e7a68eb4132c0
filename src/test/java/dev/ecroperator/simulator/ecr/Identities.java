package dev.ecroperator.simulator.ecr;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Who calls: read from the signature's scope, which must be by the credentials that it names. */
final class Identities {
  static final String DEFAULT_ACCOUNT = "111122223333";
  static final String SECRET_ACCESS_KEY = "wJalrXUtnFEMI-secret-K7MDENG";

  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "AWS4-HMAC-SHA256 .*Credential=([^/,]+)/[0-9]{8}/([^/,]+)/([^/,]+)/aws4_request.*");
  private static final Pattern ROLE =
      Pattern.compile("arn:(aws[a-z-]*):iam::([0-9]{12}):role/(?:.*/)?([\\w+=,.@-]{1,64})");

  /** Nobody signs it: the token says who calls. */
  private static final Target WEB_IDENTITY = new Target("sts", "AssumeRoleWithWebIdentity");

  private static final Pattern ACCOUNT = Pattern.compile("([0-9]{12}).*");

  private final InstantSource clock;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final AtomicLong issued = new AtomicLong();

  private final Map<String, List<IdentityPolicy>> policies = new ConcurrentHashMap<>();
  private final Set<String> usedActions = ConcurrentHashMap.newKeySet();

  /** The one token that a web identity is known by; null where any is. */
  volatile @Nullable String webIdentityToken;

  /** How long sessions last, whatever was asked for; null for as long as that. */
  volatile @Nullable Duration sessionsLast;

  Identities(InstantSource clock) {
    this.clock = clock;
  }

  record Caller(String accessKeyId, String account, String region, String service) {}

  Caller authenticate(Target target, Headers headers) {
    if (target.equals(WEB_IDENTITY)) {
      return new Caller("", DEFAULT_ACCOUNT, "", "sts");
    }
    Caller caller = signer(headers.getFirst("Authorization"));
    Session session = sessions.get(caller.accessKeyId());
    if (session != null && !clock.instant().isBefore(session.expiration())) {
      throw AwsError.refused(
          target.service().equals("sts") ? "ExpiredToken" : "ExpiredTokenException",
          "The security token included in the request is expired");
    }
    if (session != null && !session.token().equals(headers.getFirst("X-Amz-Security-Token"))) {
      throw new AwsError(
          target.service().equals("sts") ? 403 : 400,
          target.service().equals("sts") ? "InvalidClientTokenId" : "UnrecognizedClientException",
          "The security token included in the request is invalid.");
    }
    return caller;
  }

  /**
   * Refuses what its caller has not signed, or not as it came.
   *
   * @throws AwsError as AWS says it
   */
  void checkSignature(Target target, Caller caller, HttpExchange exchange, byte[] body) {
    if (target.equals(WEB_IDENTITY)
        || Signature.isBy(credentials(caller.accessKeyId()), caller, exchange, body)) {
      return;
    }
    throw new AwsError(
        target.service().equals("sts") ? 403 : 400,
        target.service().equals("sts") ? "SignatureDoesNotMatch" : "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided."
            + " Check your AWS Secret Access Key and signing method.");
  }

  private AwsCredentialsIdentity credentials(String accessKeyId) {
    Session session = sessions.get(accessKeyId);
    return session == null
        ? AwsCredentialsIdentity.create(accessKeyId, SECRET_ACCESS_KEY)
        : AwsSessionCredentialsIdentity.create(
            accessKeyId, session.secretAccessKey(), session.token());
  }

  private static Caller signer(@Nullable String authorization) {
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
   * A new session. Its access key id starts with the role's account, so that its calls go there.
   *
   * @throws AwsError where it is no role's ARN
   */
  Session assume(String roleArn, String name, Duration asked) {
    Matcher role = ROLE.matcher(roleArn);
    if (!role.matches()) {
      throw AwsError.refused("ValidationError", "1 validation error detected in RoleArn");
    }
    String account = role.group(2);
    String accessKeyId = "%sSESSION%06d".formatted(account, issued.incrementAndGet());
    String arn =
        "arn:" + role.group(1) + ":sts::" + account + ":assumed-role/" + role.group(3) + "/" + name;
    Duration lasts = sessionsLast;
    Session session =
        new Session(accessKeyId, arn, clock.instant().plus(lasts == null ? asked : lasts));
    sessions.put(accessKeyId, session);
    return session;
  }

  void permit(String accessKeyId, List<IdentityPolicy> given) {
    policies.put(accessKeyId, given);
  }

  /** What the caller may do; null for everything. */
  @Nullable List<IdentityPolicy> policiesOf(String accessKeyId) {
    return policies.get(accessKeyId);
  }

  /** Notes that a policy was needed for the action. */
  void used(String action) {
    usedActions.add(action);
  }

  Set<String> usedActions() {
    return new TreeSet<>(usedActions);
  }

  String arnOf(String accessKeyId) {
    Session session = sessions.get(accessKeyId);
    return session != null
        ? session.arn()
        : "arn:aws:sts::" + accountOf(accessKeyId) + ":assumed-role/ecr-operator/simulator";
  }

  private static String accountOf(String accessKeyId) {
    Matcher account = ACCOUNT.matcher(accessKeyId);
    return account.matches() ? account.group(1) : DEFAULT_ACCOUNT;
  }
}
