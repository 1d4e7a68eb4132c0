package dev.ecroperator.convergence;

/**
 * Who the operator is to AWS.
 *
 * @param accountId the account of its credentials, 12 digits
 * @param region the region that it was started with
 * @param partition {@code aws}, {@code aws-cn}, {@code aws-us-gov}, …
 */
public record OwnAccount(String accountId, String region, String partition) {}
