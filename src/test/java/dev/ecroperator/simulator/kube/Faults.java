package dev.ecroperator.simulator.kube;

import dev.ecroperator.simulator.Line;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong, as scripted by a test. */
public final class Faults {
  private final Store store;
  private final CopyOnWriteArrayList<Fault> faults = new CopyOnWriteArrayList<>();
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final AtomicInteger watchGeneration = new AtomicInteger();
  private volatile boolean down;
  private volatile Line line = Line.WHOLE;

  Faults(Store store) {
    this.store = store;
  }

  /** Begins a fault of the main endpoint of a resource (its plural). */
  public Fault on(String verb, String resource) {
    return on(verb, resource, "");
  }

  /** Begins a fault of a subresource. */
  public Fault on(String verb, String resource, String subresource) {
    List<String> wanted = List.of(verb, resource, subresource);
    return new Fault(
        r -> List.of(r.verb(), r.resource(), r.subresource()).equals(wanted), faults::add);
  }

  /** Ends all watches now, without a word. */
  public void dropWatches() {
    watchGeneration.incrementAndGet();
    store.wake();
  }

  /** Forgets the past: watches and pages from earlier resourceVersions are answered with 410. */
  public void expireHistory() {
    store.expireHistory();
  }

  /** From now on every connection is closed without an answer, those of watches too. */
  public void down() {
    down = true;
    dropWatches();
  }

  /** Ends {@link #down()}. */
  public void up() {
    down = false;
  }

  /** From now on all requests come and go by this line; what a watch tells does not. */
  public void over(Line newLine) {
    line = newLine;
  }

  Line line() {
    return line;
  }

  /** Takes back all faults; requests that are held go on. */
  public void clear() {
    up();
    List<Fault> ended = List.copyOf(faults);
    faults.clear();
    ended.forEach(Fault::release);
  }

  /** How many requests were turned away so far because of {@link #down()}. */
  public int turnedAway() {
    return turnedAway.get();
  }

  /** Whether to close the connection of a request that has just come. */
  boolean turnsAway() {
    if (down) {
      turnedAway.incrementAndGet();
    }
    return down;
  }

  int watchGeneration() {
    return watchGeneration.get();
  }

  /** The faults that a request meets. */
  List<Fault> meet(LoggedRequest request) {
    return faults.stream().filter(fault -> fault.meets(request)).toList();
  }
}
