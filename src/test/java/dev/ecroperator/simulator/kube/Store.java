package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All objects and what happened to them. Stored objects are never changed, only replaced. */
final class Store {
  private static final int REMEMBERED = 10_000;

  /** One write: no object before a creation, none after a removal. */
  record Change(
      long revision, ObjectKey key, @Nullable ObjectNode before, @Nullable ObjectNode after) {}

  private final Types types;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SortedMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
  private final List<Change> history = new ArrayList<>();
  // Above 1, so that tests have a version that is too old.
  private long revision = 100;
  private long forgotten = 100;

  Store(Types types) {
    this.types = types;
  }

  /** Does something while nobody else writes. */
  <T> T alone(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  long revision() {
    return alone(() -> revision);
  }

  @Nullable ObjectNode find(ObjectKey key) {
    lock.lock();
    try {
      return objects.get(key);
    } finally {
      lock.unlock();
    }
  }

  /** Stores an object under the next resourceVersion, which is set in it. */
  ObjectNode write(ObjectKey key, ObjectNode object) {
    return alone(
        () -> {
          ObjectNode stored = Json.normalised(object);
          ObjectNode before = objects.put(key, stored);
          record(key, before, stored, stored);
          return stored;
        });
  }

  /** Removes an object; what is left of it bears the resourceVersion of the removal. */
  void remove(ObjectKey key) {
    lock.lock();
    try {
      ObjectNode before = objects.remove(key);
      if (before != null) {
        record(key, before.deepCopy(), null, null);
      }
    } finally {
      lock.unlock();
    }
  }

  private void record(
      ObjectKey key,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after,
      @Nullable ObjectNode bear) {
    revision++;
    ObjectNode bearer = bear == null ? before : bear;
    if (bearer != null) {
      Json.metadata(bearer).put("resourceVersion", Long.toString(revision));
    }
    history.add(new Change(revision, key, before, after));
    if (history.size() > REMEMBERED) {
      forgotten = history.removeFirst().revision();
    }
    if (key.resource().equals(BuiltIns.DEFINITIONS)) {
      types.refresh(now(BuiltIns.DEFINITIONS, ""));
    }
    changed.signalAll();
  }

  /** The objects of a resource as they were at a revision; namespace "" means all. */
  Collection<ObjectNode> at(String resource, String namespace, long asOf) {
    return alone(
        () -> {
          if (asOf < forgotten) {
            throw ApiFailure.expired("The provided continue parameter is too old");
          }
          SortedMap<ObjectKey, ObjectNode> then = new TreeMap<>(objects);
          for (Change change : history.reversed()) {
            if (change.revision() <= asOf) {
              break;
            }
            ObjectNode before = change.before();
            if (before == null) {
              then.remove(change.key());
            } else {
              then.put(change.key(), before);
            }
          }
          then.keySet().removeIf(key -> !isIn(key, resource, namespace));
          return List.copyOf(then.values());
        });
  }

  Collection<ObjectNode> now(String resource, String namespace) {
    return alone(() -> at(resource, namespace, revision));
  }

  /** The keys of everything in a namespace. */
  List<ObjectKey> keysIn(String namespace) {
    return alone(
        () -> objects.keySet().stream().filter(k -> k.namespace().equals(namespace)).toList());
  }

  /** The keys of a resource in all namespaces. */
  List<ObjectKey> keysOf(String resource) {
    return alone(
        () -> objects.keySet().stream().filter(k -> k.resource().equals(resource)).toList());
  }

  static boolean isIn(ObjectKey key, String resource, String namespace) {
    return key.resource().equals(resource)
        && (namespace.isEmpty() || key.namespace().equals(namespace));
  }

  /** What happened after a revision; waits a while for something to happen. */
  @SuppressWarnings("WaitNotInLoop") // who calls this loops, and may be woken without a change
  List<Change> after(long seen, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      if (seen < forgotten) {
        throw ApiFailure.expired("too old resource version: %d (%d)".formatted(seen, forgotten));
      }
      if (revision <= seen) {
        boolean ignored = changed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
      int from = history.size();
      while (from > 0 && history.get(from - 1).revision() > seen) {
        from--;
      }
      return List.copyOf(history.subList(from, history.size()));
    } finally {
      lock.unlock();
    }
  }

  /** Wakes whoever waits for changes. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the past: every older resourceVersion is answered with 410 from now on. */
  void expireHistory() {
    lock.lock();
    try {
      // The present is forgotten too, so that a watch that has seen all of it must list again.
      revision++;
      forgotten = revision;
      history.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
