package dev.ecroperator.replication.merge;

/**
 * The smallest thing that rules say: repositories whose name starts with the filter replicate to
 * one destination, with or without their deletions. The empty filter is every repository.
 */
public record Atom(String filter, Registry destination, boolean replicateDeletes) {}
