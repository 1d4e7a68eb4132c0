package dev.ecroperator.simulator.ecr;

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

  Call answered(int status, @Nullable String errorCode) {
    return new Call(
        account, region, service, operation, accessKeyId, repository, status, errorCode);
  }
}
