package dev.ecroperator.repository;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import dev.ecroperator.policy.LifecyclePolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory that holds one repository: it does what ECR does, save where a failure is
 * scripted, and records what it was asked.
 */
final class FakeRegistry implements RepositoryRegistry {
  /**
   * A failure to come.
   *
   * @param committed whether the call takes effect all the same
   */
  private record Scripted(Failure failure, boolean committed) {}

  /** The calls in their order: the methods of the port, and the names of the changes applied. */
  final List<String> calls = new ArrayList<>();

  /** The changes applied, refused ones included. */
  final List<RepositoryChange> changes = new ArrayList<>();

  /** How old the looks were allowed to be. */
  final List<Duration> maxAges = new ArrayList<>();

  /** How many images the repository holds. */
  int images;

  /** How many looks still miss the repository. */
  int staleLooks;

  /** How many looks, of those that see the repository, still miss its tags. */
  int untaggedLooks;

  private final Map<String, Deque<Scripted>> scripts = new HashMap<>();
  private final Map<String, Runnable> meanwhile = new HashMap<>();
  private @Nullable Runnable beforeTurn;
  private @Nullable ObservedRepository repository;

  static FakeRegistry empty() {
    return new FakeRegistry();
  }

  static FakeRegistry holding(ObservedRepository repository) {
    var registry = new FakeRegistry();
    registry.repository = repository;
    return registry;
  }

  /** The next call of {@code operation} fails and changes nothing. */
  FakeRegistry refuse(String operation, Failure.Kind kind) {
    return refuse(operation, Samples.failure(kind));
  }

  /** The next call of {@code operation} fails in this way and changes nothing. */
  FakeRegistry refuse(String operation, Failure failure) {
    return script(operation, new Scripted(failure, false));
  }

  /** The next call of {@code operation} takes effect, and its answer is lost. */
  FakeRegistry loseAnswer(String operation) {
    return script(operation, new Scripted(Samples.failure(Failure.Kind.AMBIGUOUS), true));
  }

  private FakeRegistry script(String operation, Scripted scripted) {
    scripts.computeIfAbsent(operation, any -> new ArrayDeque<>()).add(scripted);
    return this;
  }

  /** Somebody else changes the repository. */
  void edit(UnaryOperator<RepositorySettings> edit) {
    ObservedRepository now = now();
    repository = now.with(edit.apply(now.settings()));
  }

  void remove() {
    repository = null;
  }

  /** Somebody else deletes the repository, if there is one, and creates another of its name. */
  void replace(ObservedRepository other) {
    repository = other;
  }

  boolean isEmpty() {
    return repository == null;
  }

  ObservedRepository now() {
    if (repository == null) {
      throw new AssertionError("the registry is empty");
    }
    return repository;
  }

  RepositorySettings settings() {
    return now().settings();
  }

  /** The calls since the last time that this was asked. */
  List<String> takeCalls() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    changes.clear();
    return taken;
  }

  /** This happens while the next call of {@code operation} is under way. */
  void during(String operation, Runnable event) {
    meanwhile.put(operation, event);
  }

  private void call(String operation, Runnable effect) {
    calls.add(operation);
    Optional.ofNullable(meanwhile.remove(operation)).ifPresent(Runnable::run);
    Scripted scripted = scripts.getOrDefault(operation, new ArrayDeque<>()).poll();
    if (scripted == null || scripted.committed()) {
      effect.run();
    }
    if (scripted != null) {
      throw new CallFailedException(scripted.failure());
    }
  }

  @Override
  public ObservedRepository create(RepositoryTarget target, RepositorySettings settings) {
    call(
        "create",
        () -> {
          if (repository != null) {
            throw new CallFailedException(Samples.failure(Failure.Kind.EXISTS));
          }
          repository = created(target, settings);
        });
    return now();
  }

  private static ObservedRepository created(RepositoryTarget target, RepositorySettings settings) {
    if (target.visibility() == Visibility.PUBLIC) {
      Catalog catalog = settings.catalog();
      return Samples.observedPublic(
          catalog == null ? Catalog.EMPTY : catalog.over(Catalog.EMPTY), settings.tags());
    }
    TagMutability mutability = settings.imageTagMutability();
    Encryption encryption = settings.encryption();
    return Samples.observed(
        new RepositorySettings(
            mutability == null ? TagMutability.DEFAULT : mutability,
            encryption == null ? Encryption.DEFAULT : encryption,
            Boolean.TRUE.equals(settings.scanOnPush()),
            LifecyclePolicy.none(),
            AccessPolicy.NONE,
            null,
            Tags.of(settings.tags().values())));
  }

  @Override
  public Optional<ObservedRepository> find(RepositoryTarget target, Duration maxAge) {
    maxAges.add(maxAge);
    call("find", () -> {});
    return shown();
  }

  private Optional<ObservedRepository> shown() {
    if (staleLooks > 0) {
      staleLooks--;
      return Optional.empty();
    }
    Optional<ObservedRepository> shown = Optional.ofNullable(repository);
    if (untaggedLooks > 0 && shown.isPresent()) {
      untaggedLooks--;
      return shown.map(r -> r.with(r.settings().withTags(Tags.NONE)));
    }
    return shown;
  }

  @Override
  public ObservedRepository readAgain(
      RepositoryTarget target, ObservedRepository observed, RepositoryChange change) {
    call("readAgain", () -> {});
    RepositorySettings settings = settings();
    Catalog catalog = settings.catalog();
    AccessPolicy access = settings.accessPolicy();
    if (change instanceof RepositoryChange.PutRepositoryCatalogData && catalog != null) {
      return observed.with(observed.settings().withCatalog(catalog));
    }
    if (access == null) {
      throw new AssertionError("the fake cannot tell the access policy");
    }
    return observed.with(observed.settings().withAccessPolicy(access));
  }

  @Override
  public Optional<Tags> tags(RepositoryTarget target) {
    call("tags", () -> {});
    return shown().map(r -> r.settings().tags());
  }

  @Override
  public void apply(RepositoryTarget target, RepositoryChange change, Runnable lookAgain) {
    awaitTurn(lookAgain);
    changes.add(change);
    call(
        change.getClass().getSimpleName(),
        () -> {
          if (repository == null) {
            throw new CallFailedException(Samples.failure(Failure.Kind.ABSENT));
          }
          repository = repository.after(change);
        });
  }

  /** This happens while the next change or deletion waits for its turn. */
  void beforeTurn(Runnable event) {
    beforeTurn = event;
  }

  private void awaitTurn(Runnable lookAgain) {
    Runnable event = beforeTurn;
    if (event != null) {
      beforeTurn = null;
      event.run();
      lookAgain.run();
    }
  }

  @Override
  public void delete(RepositoryTarget target, boolean withImages, Runnable lookAgain) {
    awaitTurn(lookAgain);
    call(
        withImages ? "delete with images" : "delete",
        () -> {
          if (images > 0 && !withImages) {
            throw new CallFailedException(Samples.failure(Failure.Kind.NOT_EMPTY));
          }
          repository = null;
        });
  }
}
