package dev.ecroperator.convergence;

/**
 * One thing that keeps a resource from being Ready.
 *
 * @param reason its class
 * @param message what is wrong, where (field, action) and what to do, for the owner of the resource
 */
public record Finding(Reason reason, String message) {}
