package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.regex.Pattern;

/** STS: any role of any account can be assumed; to refuse one, script a fault. */
final class StsOperations {
  private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");

  private final Identities identities;

  StsOperations(Identities identities) {
    this.identities = identities;
  }

  ObjectNode callerIdentity(Identities.Caller caller) {
    return Json.object()
        .put("Arn", identities.arnOf(caller.accessKeyId()))
        .put("UserId", "AROASIMULATED:" + caller.accessKeyId())
        .put("Account", caller.account());
  }

  ObjectNode assumeRole(Request request) {
    String name = request.text("RoleSessionName");
    long seconds = request.get("DurationSeconds").asLong(3600);
    if (!SESSION_NAME.matcher(name).matches() || seconds < 900 || seconds > 43_200) {
      throw AwsError.refused(
          "ValidationError", "1 validation error detected in RoleSessionName or DurationSeconds");
    }
    Session session = identities.assume(request.text("RoleArn"), name, Duration.ofSeconds(seconds));
    ObjectNode answer = Json.object();
    answer
        .putObject("Credentials")
        .put("AccessKeyId", session.accessKeyId())
        .put("SecretAccessKey", session.secretAccessKey())
        .put("SessionToken", session.token())
        .put("Expiration", session.expiration().toString());
    answer
        .putObject("AssumedRoleUser")
        .put("AssumedRoleId", "AROASIMULATED:" + name)
        .put("Arn", session.arn());
    return answer;
  }

  ObjectNode assumeRoleWithWebIdentity(Request request) {
    String known = identities.webIdentityToken;
    if (known != null && !known.equals(request.text("WebIdentityToken"))) {
      throw AwsError.refused(
          "ExpiredTokenException",
          "Token expired: current date/time must be before the expiration date/time");
    }
    return assumeRole(request)
        .put("SubjectFromWebIdentityToken", "system:serviceaccount:ecr-operator:ecr-operator")
        .put("Audience", "sts.amazonaws.com");
  }
}
