package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** STS: any role of any account can be assumed; to refuse one, script a fault. */
final class StsOperations {
  private static final Pattern ROLE =
      Pattern.compile("arn:(aws[a-z-]*):iam::([0-9]{12}):role/(?:.*/)?([\\w+=,.@-]{1,64})");
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
    Matcher role = ROLE.matcher(request.text("RoleArn"));
    String session = request.text("RoleSessionName");
    long seconds = request.get("DurationSeconds").asLong(3600);
    if (!role.matches()
        || !SESSION_NAME.matcher(session).matches()
        || seconds < 900
        || seconds > 43_200) {
      throw AwsError.refused(
          "ValidationError",
          "1 validation error detected in RoleArn, RoleSessionName or DurationSeconds");
    }
    String accessKeyId = identities.assume(role.group(1), role.group(2), role.group(3), session);
    ObjectNode answer = Json.object();
    answer
        .putObject("Credentials")
        .put("AccessKeyId", accessKeyId)
        .put("SecretAccessKey", "simulated-secret")
        .put("SessionToken", "simulated-token-" + accessKeyId)
        .put(
            "Expiration",
            request.at().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS).toString());
    answer
        .putObject("AssumedRoleUser")
        .put("AssumedRoleId", "AROASIMULATED:" + session)
        .put("Arn", identities.arnOf(accessKeyId));
    return answer;
  }
}
