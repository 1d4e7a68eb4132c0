package dev.ecroperator.repository;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the process remembers of its objects, by uid. */
final class RepositoryMemories {
  private final Map<String, RepositoryMemory> memories = new ConcurrentHashMap<>();

  /** What of it still counts for the object as it is now. */
  RepositoryMemory of(RepositoryObject object) {
    RepositoryMemory memory = memories.getOrDefault(object.uid(), RepositoryMemory.NONE);
    if (memory.generation() != object.generation()) {
      memory = memory.edited(object.generation());
    }
    boolean isAsked =
        object.isLookRequested()
            || object.wasSuspended()
            || Boolean.TRUE.equals(object.spec().suspend());
    return isAsked ? memory.asked() : memory;
  }

  void put(RepositoryObject object, RepositoryMemory memory) {
    memories.put(object.uid(), memory);
  }

  void forget(RepositoryObject object) {
    memories.remove(object.uid());
  }
}
