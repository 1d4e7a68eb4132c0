package dev.ecroperator.replication;

import dev.ecroperator.replication.Member.Presence;
import dev.ecroperator.replication.merge.Contribution;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.MergedDocument;
import dev.ecroperator.replication.merge.RegistryMerge;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.replication.merge.ReplicationDocument.Rule;
import dev.ecroperator.replication.merge.Share;
import dev.ecroperator.replication.merge.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A registry, and objects of whose statuses and finalizers this keeps the record: what the operator
 * does is {@link RegistryPass}'s. It can be stopped before any of its effects, and forgets then all
 * that is not recorded.
 */
final class ReplicationWorld {

  /** The operator was stopped. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The objects as they are stored, by id. */
  final Map<String, Member> objects = new TreeMap<>();

  final Limits limits;
  private final Respelling respelling;
  private final long seed;
  private final FakeReplicationRegistry registry = new FakeReplicationRegistry();
  private final StandingRecords records = new Records();
  private int effectsLeft = Integer.MAX_VALUE;

  /** A world whose registry gives its configuration back to the byte. */
  ReplicationWorld(String document, Limits limits) {
    this(document, limits, Respelling.NONE, 0);
  }

  ReplicationWorld(String document, Limits limits, Respelling respelling, long seed) {
    this.limits = limits;
    this.respelling = respelling;
    this.seed = seed;
    registry.reading = respelling.reading(seed);
    registry.configuration = document;
    registry.beforePut = this::effect;
  }

  ReplicationWorld copy() {
    ReplicationWorld copy = with(document());
    copy.objects.putAll(objects);
    return copy;
  }

  /** The same world without objects, and with another configuration. */
  ReplicationWorld with(String document) {
    return new ReplicationWorld(document, limits, respelling, seed);
  }

  /** The registry's configuration. */
  String document() {
    return registry.configuration;
  }

  /** Somebody replaces the registry's configuration. */
  void replace(String document) {
    registry.configuration = document;
  }

  /** How often the operator has replaced it. */
  long puts() {
    return registry.count("put");
  }

  /** A new object, or another desire of an object that is there. */
  void apply(String id, long createdAt, List<Contribution> desired) {
    Member before = objects.get(id);
    objects.put(
        id,
        new Member(
            id,
            1,
            createdAt,
            Presence.STAYING,
            Members.desired(desired.toArray(Contribution[]::new)),
            before == null ? Standing.NOTHING : before.standing()));
  }

  void delete(String id, boolean retain) {
    Member member = object(id);
    DesiredReplication last = member.desired();
    var desired =
        new DesiredReplication(
            last.contributions(),
            last.selection(),
            last.destinations(),
            last.findings(),
            retain,
            last.suspended());
    objects.put(
        id,
        new Member(
            id,
            member.generation(),
            member.createdAt(),
            Presence.LEAVING,
            desired,
            member.standing()));
  }

  /** Somebody adds a rule. */
  void addForeign(int index, String text) {
    List<Rule> rules = new ArrayList<>(read().rules());
    rules.add(
        index % (rules.size() + 1),
        ReplicationDocument.read("{\"rules\":[" + text + "]}").rules().getFirst());
    replace(read().with(rules).text());
  }

  /** Somebody removes a rule, and tells which. */
  String removeRule(int index) {
    List<Rule> rules = new ArrayList<>(read().rules());
    Rule removed = rules.remove(index);
    replace(read().with(rules).text());
    return removed.text();
  }

  Member object(String id) {
    return Objects.requireNonNull(objects.get(id), id);
  }

  ReplicationDocument read() {
    return ReplicationDocument.read(document());
  }

  List<String> rules() {
    return read().rules().stream().map(Rule::text).toList();
  }

  /** What the objects have a part in the document by. */
  List<Share> shares() {
    return objects.values().stream().map(Member::share).toList();
  }

  MergedDocument merge() {
    return RegistryMerge.of(read(), shares(), limits, true);
  }

  /** The operator begins, and is stopped before it has so many effects. */
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

  /** An operator that was just started does all that is to do. */
  Pass converge() {
    Map<String, Standing> standings = new TreeMap<>();
    objects.forEach((id, member) -> standings.put(id, member.standing()));
    Pass pass =
        RegistryPass.run(
            new RegistryConfiguration(registry, () -> Instant.EPOCH),
            records,
            limits,
            new TreeMap<>(objects),
            standings,
            new TreeMap<>(),
            Instant.EPOCH);
    pass.results().forEach(this::report);
    return pass;
  }

  /** What the reconciler does about one object after a pass. */
  private void report(String id, Pass.Result result) {
    if (!object(id).leaving()) {
      if (!result.standing().equals(object(id).standing())) {
        record(id, result.standing());
      }
    } else if (result.findings().isEmpty()) {
      effect();
      objects.remove(id);
    }
  }

  private void record(String id, Standing standing) {
    effect();
    objects.put(id, object(id).standing(standing));
  }

  private final class Records implements StandingRecords {
    @Override
    public boolean record(String id, Standing standing) {
      ReplicationWorld.this.record(id, standing);
      return true;
    }

    @Override
    public Optional<Standing> recorded(String id) {
      return Optional.of(object(id).standing());
    }
  }

  private void effect() {
    if (effectsLeft-- == 0) {
      throw new Crash();
    }
  }
}
