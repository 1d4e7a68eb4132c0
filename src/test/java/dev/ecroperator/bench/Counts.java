package dev.ecroperator.bench;

/**
 * What the operator did in a while.
 *
 * @param awsCalls calls of ecr and sts, failed ones included
 * @param writes writes of the objects and their statuses
 * @param events writes of events
 */
record Counts(long awsCalls, long writes, long events) {}
