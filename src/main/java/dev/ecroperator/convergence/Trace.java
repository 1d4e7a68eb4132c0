package dev.ecroperator.convergence;

import org.jspecify.annotations.Nullable;

/**
 * What finds a failed call again in AWS's records (CloudTrail, support): for the log only, since
 * what is shown of a failure that repeats shall read the same.
 *
 * @param operation the call as AWS names it, such as {@code PutLifecyclePolicy}
 * @param code AWS's error code, or the exception's name where there was no answer
 * @param requestId AWS's id of the request; null where there was no answer
 */
public record Trace(String operation, String code, @Nullable String requestId) {}
