package dev.ecroperator.replication;

import dev.ecroperator.replication.merge.Standing;
import java.util.Optional;

/** Where it is recorded what each object says in the registry's configuration: its status. */
interface StandingRecords {

  /**
   * Records what an object says, or is about to say.
   *
   * @param id the object's uid
   * @return false where the object is known to be gone
   * @throws RecordRefusedException where that is refused, and may be of this object alone
   */
  boolean record(String id, Standing standing);

  /**
   * What is recorded of an object; empty where the object is not known now.
   *
   * @param id the object's uid
   */
  Optional<Standing> recorded(String id);
}
