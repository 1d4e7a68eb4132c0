package dev.ecroperator.simulator.ecr;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call that reached the simulator.
 *
 * @param account the caller's account
 * @param region the region of the signature's scope
 * @param service {@code ecr}, {@code ecr-public} or {@code sts}
 * @param accessKeyId who signed
 * @param repository the repository that the call names, if it names exactly one
 * @param status the HTTP status of the answer; 0 for a call that got none
 * @param errorCode the error's code, null for a success or no answer
 */
public record Call(
    String account,
    String region,
    String service,
    String operation,
    String accessKeyId,
    @Nullable String repository,
    int status,
    @Nullable String errorCode) {

  /**
   * A call as it is on its way, not answered yet. What cannot be read of it is "".
   *
   * @param account whose registry answers
   */
  public static Call sent(String account, Headers headers, byte[] body) {
    Target target = Target.of(headers.getFirst("X-Amz-Target"), body);
    var caller = Identities.read(headers.getFirst("Authorization"));
    List<String> names = names(target, body);
    return new Call(
        account,
        caller.map(Identities.Caller::region).orElse(""),
        target.service(),
        target.operation(),
        caller.map(Identities.Caller::accessKeyId).orElse(""),
        names.size() == 1 ? names.getFirst() : null,
        0,
        null);
  }

  private static List<String> names(Target target, byte[] body) {
    try {
      return Services.repositoryNames(Protocol.of(target.service()).input(body));
    } catch (IOException | IllegalArgumentException malformed) {
      return List.of();
    }
  }

  /** Whether the operation can change state. AssumeRole and GetAuthorizationToken change none. */
  public boolean isMutation() {
    return !isRead() && !service.equals("sts");
  }

  boolean isRead() {
    return operation.startsWith("Describe")
        || operation.startsWith("Get")
        || operation.startsWith("List")
        || operation.startsWith("BatchGet");
  }

  /** The call with its answer; status 0 for none. */
  public Call answered(int status, @Nullable String errorCode) {
    return new Call(
        account, region, service, operation, accessKeyId, repository, status, errorCode);
  }
}
