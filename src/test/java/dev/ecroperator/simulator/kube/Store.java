package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** All objects and what happened to them. Stored objects are never changed, only replaced. */
final class Store {
  private static final int REMEMBERED = 10_000;

  /** Where an object is stored; the namespace of a cluster-wide one is empty. */
  record Key(String plural, String namespace, String name) {
    /** Whether it is of the kind and in the namespace, where one is given. */
    boolean isIn(String ofPlural, String inNamespace) {
      return plural.equals(ofPlural) && (inNamespace.isEmpty() || namespace.equals(inNamespace));
    }
  }

  /** One write, as a watch tells it. */
  record Change(long revision, Key key, String event, ObjectNode object) {}

  /** The last that a watch gets. */
  static final Change END = new Change(0, new Key("", "", ""), "", Json.object());

  private final SortedMap<Key, ObjectNode> objects =
      new TreeMap<>(
          Comparator.comparing(Key::plural).thenComparing(Key::namespace).thenComparing(Key::name));
  private final List<Change> history = new ArrayList<>();
  private final List<BlockingQueue<Change>> watches = new ArrayList<>();
  private long revision = 100;
  private long forgotten = 100;

  /** Does something while nobody else reads or writes. */
  synchronized <T> T alone(Supplier<T> work) {
    return work.get();
  }

  synchronized Optional<ObjectNode> find(Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** The objects of a kind, of all namespaces where none is given, in order. */
  synchronized List<ObjectNode> list(String plural, String namespace) {
    return present().stream()
        .filter(change -> change.key().isIn(plural, namespace))
        .map(Change::object)
        .toList();
  }

  private List<Change> present() {
    return objects.entrySet().stream()
        .map(each -> new Change(revision, each.getKey(), "ADDED", each.getValue()))
        .toList();
  }

  /** The resourceVersion of the present. */
  synchronized String version() {
    return Long.toString(revision);
  }

  /** Stores an object under the next resourceVersion, which is set in it. */
  synchronized ObjectNode write(Key key, ObjectNode object) {
    note(key, objects.put(key, object) == null ? "ADDED" : "MODIFIED", object);
    return object;
  }

  synchronized void remove(Key key) {
    Optional.ofNullable(objects.remove(key))
        .ifPresent(last -> note(key, "DELETED", last.deepCopy()));
  }

  private void note(Key key, String event, ObjectNode object) {
    Change change = new Change(++revision, key, event, object);
    Json.metadata(object).put("resourceVersion", version());
    watches.forEach(watch -> watch.add(change));
    history.add(change);
    if (history.size() > REMEMBERED) {
      forgotten = history.removeFirst().revision();
    }
  }

  /**
   * Begins a watch of all that happens after a resourceVersion; after 0 everything that is there
   * was added.
   */
  synchronized BlockingQueue<Change> watch(long seen) {
    if (0 < seen && seen < forgotten) {
      throw Refusal.of(410, "too old resource version: %d (%d)".formatted(seen, forgotten));
    }
    var watch = new LinkedBlockingQueue<>(seen == 0 ? present() : history);
    watch.removeIf(change -> change.revision() <= seen);
    watches.add(watch);
    return watch;
  }

  synchronized void unwatch(BlockingQueue<Change> watch) {
    watches.remove(watch);
  }

  synchronized void dropWatches() {
    watches.forEach(watch -> watch.add(END));
  }
}
