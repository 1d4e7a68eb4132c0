package dev.ecroperator.replication;

/** Where it is recorded what each object says in the registry's configuration: its status. */
interface StandingRecords {

  /**
   * Records what an object is about to say, before it is written.
   *
   * @param id the object's uid
   * @return false where the object is known to be gone
   */
  boolean record(String id, Standing standing);
}
