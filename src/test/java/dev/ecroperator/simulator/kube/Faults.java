package dev.ecroperator.simulator.kube;

import dev.ecroperator.simulator.Line;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What goes wrong, as scripted by a test. */
public final class Faults {
  private final Store store;
  private final CopyOnWriteArrayList<Fault> faults = new CopyOnWriteArrayList<>();
  private volatile boolean down;
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final AtomicInteger watchGeneration = new AtomicInteger();
  private volatile Line line = Line.WHOLE;

  Faults(Store store) {
    this.store = store;
  }

  /** Begins a fault of the main endpoint of a resource (its plural); `*` stands for any. */
  public Script on(String verb, String resource) {
    return on(verb, resource, "");
  }

  /** Begins a fault of a subresource, "" for the main endpoint; `*` stands for any. */
  public Script on(String verb, String resource, String subresource) {
    return new Script(verb, resource, subresource, 1);
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
  List<Fault> meet(Call call) {
    List<Fault> met = faults.stream().filter(f -> f.take(call)).toList();
    met.forEach(Fault::meet);
    return met;
  }

  /** A fault being described: which requests, how many, and last what happens to them. */
  public final class Script {
    private final String verb;
    private final String resource;
    private final String subresource;
    private final int times;

    private Script(String verb, String resource, String subresource, int times) {
      this.verb = verb;
      this.resource = resource;
      this.subresource = subresource;
      this.times = times;
    }

    /** How many requests are met; one if not said. */
    public Script times(int count) {
      return new Script(verb, resource, subresource, count);
    }

    /** All requests are met. */
    public Script always() {
      return times(Integer.MAX_VALUE);
    }

    /** The request is refused with this HTTP status; nothing is done. */
    public Fault answer(int status) {
      return add(Fault.Kind.REFUSE, failure(status));
    }

    /** As {@link #answer(int)}, with a Retry-After header. */
    public Fault answer(int status, Duration retryAfter) {
      return add(Fault.Kind.REFUSE, failure(status).retryAfter(retryAfter.toSeconds()));
    }

    /** The request is done, and answered with this HTTP status all the same. */
    public Fault answerAfterCommit(int status) {
      return add(Fault.Kind.REFUSE_AFTER_COMMIT, failure(status));
    }

    /** The request is done, and its connection closed without an answer. */
    public Fault loseAnswer() {
      return add(Fault.Kind.LOSE_ANSWER, null);
    }

    /** The request waits, before anything is done, for {@link Fault#release()}. */
    public Fault hold() {
      return add(Fault.Kind.HOLD, null);
    }

    private ApiFailure failure(int status) {
      return ApiFailure.of(status, "scripted fault: " + verb + " " + resource);
    }

    private Fault add(Fault.Kind kind, @Nullable ApiFailure failure) {
      Fault fault = new Fault(verb, resource, subresource, times, kind, failure);
      faults.add(fault);
      return fault;
    }
  }
}
