package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Where an object is stored; the namespace of a cluster-wide one is empty. */
  record Key(String plural, String namespace, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return Comparator.comparing(Key::plural)
          .thenComparing(Key::namespace)
          .thenComparing(Key::name)
          .compare(this, other);
    }

    /** Whether it is of the kind and in the namespace, where one is given. */
    boolean isIn(String ofPlural, String inNamespace) {
      return plural.equals(ofPlural) && (inNamespace.isEmpty() || namespace.equals(inNamespace));
    }
  }

  /** One write: no object before a creation, none after a removal. */
  record Change(long revision, Key key, @Nullable ObjectNode before, @Nullable ObjectNode after) {}

  private record Page(long revision, List<ObjectNode> rest) {}

  /** What a list answers; the token is empty where nothing is left. */
  record Listed(long revision, List<ObjectNode> items, String token, int remaining) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SortedMap<Key, ObjectNode> objects = new TreeMap<>();
  private final List<Change> history = new ArrayList<>();
  private final Map<String, Page> pages = new HashMap<>();
  private long revision = 100;
  private long forgotten = 100;

  /** Does something while nobody else reads or writes. */
  <T> T alone(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  @Nullable ObjectNode find(Key key) {
    lock.lock();
    try {
      return objects.get(key);
    } finally {
      lock.unlock();
    }
  }

  /** Stores an object under the next resourceVersion, which is set in it. */
  ObjectNode write(Key key, ObjectNode object) {
    return alone(
        () -> {
          Json.metadata(object).put("resourceVersion", Long.toString(++revision));
          note(new Change(revision, key, objects.put(key, object), object));
          return object;
        });
  }

  void remove(Key key) {
    alone(
        () -> {
          ObjectNode before = objects.remove(key);
          if (before != null) {
            note(new Change(++revision, key, before, null));
          }
          return key;
        });
  }

  private void note(Change change) {
    history.add(change);
    if (history.size() > REMEMBERED) {
      forgotten = history.removeFirst().revision();
    }
    changed.signalAll();
  }

  /** The objects of a kind, of all namespaces where none is given, in order. */
  List<ObjectNode> list(String plural, String namespace) {
    return alone(
        () ->
            objects.tailMap(new Key(plural, namespace, "")).entrySet().stream()
                .takeWhile(e -> e.getKey().isIn(plural, namespace))
                .map(Map.Entry::getValue)
                .toList());
  }

  /** The first so many of the objects; 0 for all. */
  Listed firstPage(List<ObjectNode> all, int limit) {
    return page(new Page(revision, all), limit);
  }

  /** The next so many of a list that was begun, as it was then. */
  Listed nextPage(String token, int limit) {
    Page page = pages.get(token);
    if (page == null) {
      throw Refusal.of(410, "The provided continue parameter is too old");
    }
    return page(page, limit);
  }

  private Listed page(Page page, int limit) {
    List<ObjectNode> all = page.rest();
    int end = limit == 0 ? all.size() : Math.min(limit, all.size());
    String token = "";
    if (end < all.size()) {
      token = page.revision() + "-" + pages.size();
      pages.put(token, new Page(page.revision(), all.subList(end, all.size())));
    }
    return new Listed(page.revision(), all.subList(0, end), token, all.size() - end);
  }

  /** What happened after a revision; waits a while for something to happen. */
  @SuppressWarnings("WaitNotInLoop") // who calls this loops, and may be woken without a change
  List<Change> after(long seen, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      if (revision <= seen) {
        boolean ignored = changed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (seen < forgotten) {
        throw Refusal.of(410, "too old resource version: %d (%d)".formatted(seen, forgotten));
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
    alone(
        () -> {
          changed.signalAll();
          return changed;
        });
  }

  /** Forgets the past: watches and pages of older resourceVersions are answered with 410. */
  void expireHistory() {
    alone(
        () -> {
          // The present is forgotten too, so that a watch that has seen all of it must list again.
          forgotten = ++revision;
          history.clear();
          pages.clear();
          changed.signalAll();
          return changed;
        });
  }
}
