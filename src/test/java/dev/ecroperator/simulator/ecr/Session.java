package dev.ecroperator.simulator.ecr;

import java.time.Instant;

/**
 * Temporary credentials of a role.
 *
 * @param arn who they make the caller
 * @param expiration from when on calls by them are refused
 */
public record Session(String accessKeyId, String arn, Instant expiration) {
  /** The other half of the access key. */
  public String secretAccessKey() {
    return "simulated-secret";
  }

  /** The token that goes with each call. */
  public String token() {
    return "simulated-token-" + accessKeyId;
  }
}
