package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.NOW;
import static dev.ecroperator.repository.Samples.OWNER;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ecroperator.api.Repository;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.cluster.PassContext;
import dev.ecroperator.cluster.ReportWriter;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.json.RandomJson;
import dev.ecroperator.policy.LifecyclePolicy;
import dev.ecroperator.policy.PolicyDocument;
import dev.ecroperator.simulator.proxy.ConnectedSimulator;
import dev.ecroperator.telemetry.ReconcileMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One Repository, its cluster and its registry, the operator that looks after it, and everybody
 * else. It keeps account of what ECR has to have in the end.
 */
final class RepositoryWorld {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Duration RESYNC = Duration.ofMinutes(5);
  private static final String FOREIGN_SID = "LambdaECRImageRetrievalPolicy";

  /** How long ECR may not show what was just created. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /** What happened, for a failure's message. */
  final List<String> history = new ArrayList<>();

  final FakeRegistry ecr = FakeRegistry.empty();
  final StormyRegistry registry;

  private final ConnectedSimulator cluster;
  private final KubernetesClient client;
  private final RandomJson draw;
  private Instant now = NOW;
  private RepositoryReconciler operator;
  private RandomManifest manifest;
  private @Nullable Repository stale;
  private RandomManifest staleManifest;
  private boolean unreachable;

  /**
   * Whether others set what no manifest declares. Then nothing is declared for so short a time that
   * it depends on luck whether the operator has taken hold of it.
   */
  private final boolean othersSetAnything;

  /** What ECR has of what no manifest holds: its defaults, or what others have set. */
  private RepositorySettings others;

  /**
   * Whether others have a statement in a document that a manifest declared for itself, and that did
   * not come about: the operator takes hold of it only where it is started anew meanwhile.
   */
  private boolean foreignStatementInDoubt;

  RepositoryWorld(ConnectedSimulator cluster, Visibility visibility, RandomJson draw) {
    manifest = RandomManifest.empty(visibility);
    staleManifest = manifest;
    others = untouched(Tags.NONE).settings();
    this.cluster = cluster;
    this.client = cluster.client();
    this.draw = draw;
    othersSetAnything = draw.coin();
    registry =
        new StormyRegistry(
            ecr,
            draw,
            history,
            () -> live().map(ClusterObjects::isHeld).orElse(false),
            () -> live().map(Repository::isMarkedForDeletion).orElse(false));
    operator = newOperator();
  }

  /** A repository as ECR creates it. */
  private ObservedRepository untouched(Tags tags) {
    return manifest.visibility() == Visibility.PUBLIC
        ? Samples.observedPublic(Catalog.EMPTY, tags)
        : Samples.observed(tags);
  }

  private RepositoryReconciler newOperator() {
    InstantSource source = () -> now;
    Clock clock = source.withZone(ZoneOffset.UTC);
    var metrics = new ReconcileMetrics(new SimpleMeterRegistry(), clock);
    Fence fence = Fence.withoutDeadline();
    var objects = new ClusterObjects<>(client, Repository.class, fence);
    return new RepositoryReconciler(
        OWNER.ownerId(),
        new Registries() {
          @Override
          public OwnAccount ownAccount() {
            if (unreachable) {
              throw new CallFailedException(Samples.failure(Failure.Kind.UNAVAILABLE));
            }
            return Samples.OWN;
          }

          @Override
          public RepositoryRegistry holding(RepositoryTarget target) {
            return registry;
          }
        },
        objects,
        new ReportWriter<>(objects, new Events(client, clock, fence), metrics),
        metrics,
        new Schedule(RESYNC, () -> 0L),
        clock);
  }

  // What the object's owner does.

  /** Creates the object, with that uid. */
  void create(String uid, RandomManifest first, String more) {
    manifest = first;
    ObjectNode object = (ObjectNode) yaml("apiVersion: ecroperator.dev/v1alpha1\nkind: Repository");
    object.set(
        "metadata",
        yaml(
            "{namespace: %s, name: %s, uid: %s, creationTimestamp: '%s'}"
                .formatted(OWNER.namespace(), OWNER.name(), uid, NOW)));
    object.set("spec", yaml(first.yaml(more)));
    cluster.server().put(object);
    history.add("created " + first.yaml(more));
  }

  /** Edits the manifest. */
  void edit(RandomManifest next, String more) {
    stale = live().orElse(null);
    staleManifest = manifest;
    manifest = next;
    ObjectNode object = (ObjectNode) stored().orElseThrow();
    object.set("spec", yaml(next.yaml(more)));
    cluster.server().put(object);
    history.add("edited " + next.yaml(more));
  }

  /** What a pass was made for is the operator's to give back: others' word on it is past. */
  private void hold(Collection<String> fields) {
    if (fields.contains(Managed.IMAGE_TAG_MUTABILITY)) {
      others = others.withImageTagMutability(TagMutability.DEFAULT);
    }
    if (fields.contains(Managed.SCANNING)) {
      others = others.withScanOnPush(false);
    }
    if (fields.contains(Managed.LIFECYCLE_POLICY)) {
      others = others.withLifecyclePolicy(LifecyclePolicy.none());
    }
    if (fields.contains(Managed.ACCESS_POLICY_JSON)) {
      others = others.withAccessPolicy(AccessPolicy.NONE);
    }
    if (others.catalog() != null) {
      others = others.withCatalog(without(fields, others.catalog()));
    }
  }

  /** An entry that is empty in these fields. */
  private static Catalog without(Collection<String> fields, Catalog entry) {
    return new Catalog(
        fields.contains("catalog/description") ? "" : entry.description(),
        fields.contains("catalog/aboutText") ? "" : entry.aboutText(),
        fields.contains("catalog/usageText") ? "" : entry.usageText(),
        fields.contains("catalog/architectures") ? List.of() : entry.architectures(),
        fields.contains("catalog/operatingSystems") ? List.of() : entry.operatingSystems());
  }

  /** Edits the manifest once more, before it is known what became of the last edit. */
  void editAnew(String more) {
    edit(
        othersSetAnything
            ? manifest.withOtherValues(draw)
            : RandomManifest.draw(manifest.visibility(), draw),
        more);
  }

  /** Asks for the object's deletion. */
  void delete() {
    live().ifPresent(object -> client.resource(object).delete());
    // By the clock of this world.
    stored()
        .map(object -> (ObjectNode) object)
        .ifPresent(
            object -> {
              object.withObjectProperty("metadata").put("deletionTimestamp", now.toString());
              cluster.server().put(object);
            });
    history.add("deleted");
  }

  // What others do.

  /** Somebody changes what is theirs, or what the manifest declares, or what it does not. */
  void meddle() {
    if (ecr.isEmpty()) {
      return;
    }
    switch (draw.upTo(8)) {
      case 0 -> tag("theirs-" + draw.upTo(3), draw.oneOf("a", "b"));
      case 1 -> allow();
      case 2, 3 -> driftOfWhatIsDeclared();
      default -> {
        if (othersSetAnything) {
          drift();
        }
      }
    }
  }

  private void tag(String key, String value) {
    set(s -> s.withTags(s.tags().with(key, value)), true);
  }

  private void allow() {
    set(
        settings ->
            settings.withAccessPolicy(
                AccessPolicy.document(
                    document(settings).withStatements(FOREIGN_SID::equals, Samples.FOREIGN))),
        !manifest.declaresWholePolicy());
  }

  private static PolicyDocument document(RepositorySettings settings) {
    return requireNonNull(settings.accessPolicy()).document();
  }

  private static boolean hasForeignStatement(RepositorySettings settings) {
    return document(settings).onlyStatements(FOREIGN_SID::equals).equals(Samples.FOREIGN);
  }

  /** Somebody changes a setting. */
  private void drift() {
    RepositorySettings declared = manifest.settings();
    if (manifest.visibility() == Visibility.PUBLIC) {
      driftOfTheCatalog(declared.catalog());
      return;
    }
    switch (draw.upTo(4)) {
      case 0 -> {
        var mutability = TagMutability.of(draw.oneOf("MUTABLE", "IMMUTABLE"), List.of());
        set(s -> s.withImageTagMutability(mutability), declared.imageTagMutability() == null);
      }
      case 1 -> {
        boolean scan = draw.coin();
        set(s -> s.withScanOnPush(scan), declared.scanOnPush() == null);
      }
      case 2 ->
          set(
              s -> s.withLifecyclePolicy(Samples.lifecycle(99)),
              declared.lifecyclePolicy() == null);
      default -> driftOfWhatIsDeclared();
    }
  }

  private void driftOfTheCatalog(@Nullable Catalog declared) {
    String text = draw.oneOf("x", "y");
    if (draw.coin()) {
      set(
          s -> s.withCatalog(new Catalog(text, null, null, null, null).over(catalog(s))),
          declared == null || declared.description() == null);
    } else {
      set(
          s -> s.withCatalog(new Catalog(null, text, null, null, null).over(catalog(s))),
          declared == null || declared.aboutText() == null);
    }
  }

  private static Catalog catalog(RepositorySettings settings) {
    return requireNonNull(settings.catalog());
  }

  /** Somebody changes what is declared: in the end it is as declared. */
  void driftOfWhatIsDeclared() {
    if (ecr.isEmpty()) {
      return;
    }
    history.add("they change what is declared");
    RepositorySettings declared = manifest.settings();
    if (declared.imageTagMutability() != null) {
      ecr.edit(s -> s.withImageTagMutability(TagMutability.DEFAULT));
    }
    if (declared.scanOnPush() != null && draw.coin()) {
      ecr.edit(s -> s.withScanOnPush(false));
    }
    if (declared.lifecyclePolicy() != null && draw.coin()) {
      ecr.edit(s -> s.withLifecyclePolicy(LifecyclePolicy.none()));
    }
    if (declared.accessPolicy() != null && draw.coin()) {
      ecr.edit(s -> s.withAccessPolicy(requireNonNull(others.accessPolicy())));
    }
    Catalog catalog = declared.catalog();
    if (catalog != null && draw.coin()) {
      ecr.edit(s -> s.withCatalog(without(Managed.catalogFields(catalog), catalog(s))));
    }
    if (draw.coin()) {
      ecr.edit(s -> s.withTags(s.tags().without(declared.tags().values().keySet())));
    }
  }

  private void set(UnaryOperator<RepositorySettings> change, boolean lasts) {
    ecr.edit(change);
    history.add("they change it to " + ecr.settings());
    if (lasts) {
      others = change.apply(others);
    }
  }

  /** Somebody deletes the repository. */
  void remove() {
    history.add("they delete the repository");
    ecr.remove();
    others = untouched(Tags.NONE).settings();
  }

  /** Somebody has a repository of that name, in place of the one that may be there. */
  void replace(Map<String, String> tags) {
    history.add("they create the repository with " + tags);
    ecr.replace(untouched(Tags.of(tags)));
    others = ecr.settings();
    // What is seen less than a look ago is planned on: see the README's known limits.
    pass(RESYNC.plusSeconds(1));
  }

  // What the operator does.

  /** Time goes by. */
  void pass(Duration time) {
    now = now.plus(time);
    if (time.compareTo(SETTLING) > 0) {
      ecr.staleLooks = 0;
    }
  }

  /** The operator is started anew. */
  void restart() {
    history.add("restarted");
    operator = newOperator();
  }

  /** One pass over the object as it is, or as a cache that lags has it. */
  void reconcile() {
    Repository seen = live().orElse(null);
    if (seen == null) {
      return;
    }
    RandomManifest read = manifest;
    if (stale != null && draw.upTo(4) == 0) {
      seen = stale;
      read = staleManifest;
      history.add("on a stale view");
    }
    stale = null;
    history.add("pass");
    try {
      operator.reconcile(seen, PassContext.of(false));
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable crash) {
      restart();
    }
    Set<String> held = Managed.fieldsOf(read.settings());
    if (held.contains(Managed.ACCESS_POLICY_JSON) && !isOnItsWay(Managed.ACCESS_POLICY_JSON)) {
      // Others' statements stay as long as the operator has not begun to replace them.
      held.remove(Managed.ACCESS_POLICY_JSON);
    }
    hold(held);
  }

  /** Whether the operator holds the field by the status, or has recorded that it is about to. */
  private boolean isOnItsWay(String field) {
    RepositoryObject object = live().map(RepositoryObject::new).orElse(null);
    if (object == null) {
      return false;
    }
    List<String> told = object.status().managed();
    boolean stands = told != null && told.contains(field);
    foreignStatementInDoubt = !stands && (foreignStatementInDoubt || hasForeignStatement(others));
    return object.managed().contains(field);
  }

  /** A pass in which calls of both sides may fail. */
  void reconcileInStorm() {
    registry.storming = true;
    if (draw.upTo(3) == 0) {
      String[] write =
          draw.oneOf("patch repositories", "update repositories/status", "create events")
              .split(" ");
      var fault = cluster.faults().on(write[0], write[1]);
      String answer = draw.oneOf("409", "500", "lost");
      history.add(String.join(" ", write) + " will be answered " + answer);
      if (answer.equals("lost")) {
        fault.loseAnswer();
      } else {
        fault.answer(Integer.parseInt(answer));
      }
    }
    unreachable = draw.upTo(8) == 0;
    reconcile();
    unreachable = false;
    cluster.faults().clear();
    registry.storming = false;
  }

  /** The operator is started anew, and AWS does not answer it at first. */
  void restartWithoutAws() {
    restart();
    history.add("AWS does not answer");
    unreachable = true;
    reconcile();
    unreachable = false;
  }

  /** The operator's cache has the object as it is. */
  void catchUp() {
    stale = null;
  }

  /** Passes without faults, each of which looks. */
  void calm() {
    catchUp();
    for (int i = 0; i < 4; i++) {
      pass(RESYNC.plusSeconds(1));
      reconcile();
    }
  }

  // What is there.

  /** What ECR has to have, once the operator had its way. */
  RepositorySettings expected() {
    RepositorySettings declared = manifest.settings();
    if (foreignStatementInDoubt && hasForeignStatement(ecr.settings())) {
      others = others.withAccessPolicy(AccessPolicy.document(Samples.FOREIGN));
    }
    foreignStatementInDoubt = false;
    RepositorySettings expected = others;
    if (declared.imageTagMutability() != null) {
      expected = expected.withImageTagMutability(declared.imageTagMutability());
    }
    if (declared.scanOnPush() != null) {
      expected = expected.withScanOnPush(declared.scanOnPush());
    }
    if (declared.lifecyclePolicy() != null) {
      expected = expected.withLifecyclePolicy(declared.lifecyclePolicy());
    }
    if (declared.accessPolicy() != null) {
      expected =
          expected.withAccessPolicy(
              AccessPolicy.document(
                  declared.accessPolicy().over(requireNonNull(others.accessPolicy()))));
    }
    if (declared.catalog() != null) {
      expected = expected.withCatalog(declared.catalog().over(catalog(others)));
    }
    return expected.withTags(
        others.tags().with(declared.tags().values()).with(Owner.TAG, OWNER.tagValue()));
  }

  /** Whether the repository is there and carries the object's owner tag. */
  boolean isOurs() {
    return !ecr.isEmpty() && OWNER.tagValue().equals(ecr.now().ownerTag());
  }

  /** Whether the repository carries the owner tag of somebody else. */
  boolean belongsToAnother() {
    return !ecr.isEmpty() && ecr.now().ownerTag() != null && !isOurs();
  }

  RandomManifest manifest() {
    return manifest;
  }

  Optional<Repository> live() {
    return Optional.ofNullable(
        client
            .resources(Repository.class)
            .inNamespace(OWNER.namespace())
            .withName(OWNER.name())
            .get());
  }

  private Optional<JsonNode> stored() {
    return cluster.server().get("repositories", OWNER.namespace(), OWNER.name());
  }

  private static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
