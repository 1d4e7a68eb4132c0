package dev.ecroperator.replication;

import java.time.Instant;

/**
 * What the process remembers of one object between passes. It decides nothing: a process that
 * starts without it comes to the same end.
 *
 * @param generation the generation of the manifest when this was noted; -1 for none
 * @param failures how many passes in a row ended without a status that says Ready
 * @param toldOf when the registry's pass began that was told of last
 */
record ReplicationMemory(long generation, int failures, Instant toldOf) {

  /** Nothing remembered. */
  static final ReplicationMemory NONE = new ReplicationMemory(-1, 0, Instant.MIN);

  /** What still counts for a manifest of this generation: failures were about another. */
  ReplicationMemory at(long current) {
    return generation == current ? this : new ReplicationMemory(current, 0, toldOf);
  }

  /** Whether a pass was not told of yet; by the clock it may be older than one that was. */
  boolean isNews(Pass pass) {
    return !pass.begunAt().equals(toldOf);
  }

  /** What is known after a pass over the registry, which is not told yet. */
  ReplicationMemory after(Pass pass) {
    return new ReplicationMemory(generation, failures, pass.begunAt());
  }

  /** The same, once the status says that it is Ready. */
  ReplicationMemory withoutFailures() {
    return new ReplicationMemory(generation, 0, toldOf);
  }

  /** The same after one more pass that has to be tried again. */
  ReplicationMemory afterFailure() {
    return new ReplicationMemory(generation, failures + 1, toldOf);
  }
}
