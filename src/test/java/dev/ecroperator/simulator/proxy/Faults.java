package dev.ecroperator.simulator.proxy;

import dev.ecroperator.simulator.Line;
import dev.ecroperator.simulator.kube.LoggedRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What goes wrong, as scripted by a test. */
public final class Faults {
  private final Watches watches;
  private final CopyOnWriteArrayList<Fault> faults = new CopyOnWriteArrayList<>();
  private volatile Line line = Line.WHOLE;

  Faults(Watches watches) {
    this.watches = watches;
  }

  /** Begins a fault of a resource (its plural), or of {@code plural/subresource}. */
  public Fault on(String verb, String resource) {
    return new Fault(verb + " " + resource, faults::add);
  }

  /** The faults that were to meet so many requests, and have met fewer. */
  public List<Fault> outstanding() {
    return faults.stream().filter(Fault::isOutstanding).toList();
  }

  /** Ends all watches now, without a word. */
  public void dropWatches() {
    watches.drop();
  }

  /** Forgets the past: watches from earlier resourceVersions are answered with 410. */
  public void expireHistory() {
    watches.forgetThePast();
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
    line = Line.WHOLE;
    List<Fault> ended = List.copyOf(faults);
    faults.clear();
    ended.forEach(Fault::release);
  }

  /** The faults that a request meets. */
  List<Fault> meet(LoggedRequest request) {
    return faults.stream().filter(fault -> fault.meets(request)).toList();
  }
}
