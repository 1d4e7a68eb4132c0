package dev.ecroperator.replication;

import dev.ecroperator.replication.ReplicationDocument.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A registry, its objects, and a writer that does what the operator's does: settle what was under
 * way, record, put, clear. It can be stopped before any of its effects.
 */
final class ReplicationWorld {

  /** The writer was stopped. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final Map<String, Share> objects = new TreeMap<>();
  final Limits limits;
  String document;
  int puts;

  /** Whether a leaving object's status is left alone: its finalizer goes soon enough. */
  boolean leavingUnrecorded;

  private int effectsLeft = Integer.MAX_VALUE;

  ReplicationWorld(String document, Limits limits) {
    this.document = document;
    this.limits = limits;
  }

  ReplicationWorld copy() {
    ReplicationWorld copy = new ReplicationWorld(document, limits);
    copy.objects.putAll(objects);
    copy.leavingUnrecorded = leavingUnrecorded;
    return copy;
  }

  /** A new object, or another desire of an object that is there. */
  void apply(String id, long age, List<Contribution> desired) {
    Share before = objects.get(id);
    Standing standing = before == null ? Members.NOTHING : before.standing();
    objects.put(id, new Share(id, age, standing, desired, false, false));
  }

  void delete(String id, boolean retain) {
    Share share = object(id);
    objects.put(id, new Share(id, share.age(), share.standing(), share.desired(), true, retain));
  }

  /** Somebody adds a rule. */
  void addForeign(int index, String text) {
    List<Rule> rules = new ArrayList<>(read().rules());
    rules.add(
        index % (rules.size() + 1),
        ReplicationDocument.read("{\"rules\":[" + text + "]}").rules().getFirst());
    document = read().with(rules).text();
  }

  /** Somebody removes a rule. */
  void removeRule(int index) {
    List<Rule> rules = new ArrayList<>(read().rules());
    rules.remove(index);
    document = read().with(rules).text();
  }

  Share object(String id) {
    return Objects.requireNonNull(objects.get(id), id);
  }

  ReplicationDocument read() {
    return ReplicationDocument.read(document);
  }

  List<String> rules() {
    return read().rules().stream().map(Rule::text).toList();
  }

  MergedDocument merge() {
    return RegistryMerge.of(read(), List.copyOf(objects.values()), limits);
  }

  /** The writer begins, and is stopped before it has so many effects. */
  void convergeUntil(int effects) {
    effectsLeft = effects;
    try {
      converge();
    } catch (Crash e) {
      // As wanted.
    } finally {
      effectsLeft = Integer.MAX_VALUE;
    }
  }

  /** The writer does all that is to do. */
  MergedDocument converge() {
    MergedDocument settling = merge();
    for (Share share : List.copyOf(objects.values())) {
      if (share.standing().superseded() != null) {
        record(share, new Standing(settling.ruling(share.id()).superseded(), null));
      }
    }
    MergedDocument merged = merge();
    for (Share share : List.copyOf(objects.values())) {
      Ruling ruling = merged.ruling(share.id());
      boolean changes = !ruling.contribution().equals(share.standing().contribution());
      if (changes && !(share.leaving() && leavingUnrecorded)) {
        record(share, new Standing(ruling.contribution(), ruling.superseded()));
      }
    }
    if (merged.changed()) {
      effect();
      document = merged.document().text();
      puts++;
    }
    for (Share share : List.copyOf(objects.values())) {
      if (share.standing().superseded() != null) {
        record(share, new Standing(share.standing().contribution(), null));
      }
    }
    for (Share share : List.copyOf(objects.values())) {
      if (share.leaving() && merged.ruling(share.id()).refusal() == null) {
        effect();
        objects.remove(share.id());
      }
    }
    return merged;
  }

  private void record(Share share, Standing standing) {
    effect();
    objects.put(
        share.id(),
        new Share(
            share.id(), share.age(), standing, share.desired(), share.leaving(), share.retain()));
  }

  private void effect() {
    if (effectsLeft-- == 0) {
      throw new Crash();
    }
  }
}
