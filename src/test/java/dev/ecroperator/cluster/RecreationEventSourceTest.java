package dev.ecroperator.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.Repository;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecreationEventSourceTest {
  private static final ResourceID API = new ResourceID("api", "payments");

  private final Map<ResourceID, Repository> cluster = new ConcurrentHashMap<>();
  private final List<Event> told = new CopyOnWriteArrayList<>();
  private final HandTimer timer = new HandTimer();
  private final RecreationEventSource<Repository> source =
      new RecreationEventSource<>(new Cache(cluster), timer);

  @BeforeEach
  void start() {
    source.setEventHandler(told::add);
    source.start();
  }

  @AfterEach
  void stop() {
    source.stop();
  }

  private static Repository repository() {
    return repository("uid-1");
  }

  private static Repository repository(String uid) {
    Repository repository = new Repository();
    repository.getMetadata().setNamespace("payments");
    repository.getMetadata().setName("api");
    repository.getMetadata().setUid(uid);
    return repository;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, 60})
  void anObjectMadeAnewAfterADeletionIsToldOfAgainAndAgain(long seconds) {
    source.onResourceDeleted(repository());
    assertThat(timer.due).hasSize(3).containsKey(Duration.ofSeconds(seconds));

    cluster.put(API, repository());
    timer.comes(Duration.ofSeconds(seconds));

    assertThat(told)
        .singleElement()
        .satisfies(event -> assertThat(event.getRelatedCustomResourceID()).isEqualTo(API));
  }

  @Test
  void anObjectThatStaysDeletedIsNotToldOf() {
    source.onResourceDeleted(repository());

    List.copyOf(timer.due.keySet()).forEach(timer::comes);

    assertThat(told).isEmpty();
  }

  @Test
  void whatAPassOverADeletionIsMadeWithIsToldOfAgainWhereItIsThere() {
    cluster.put(API, repository("uid-2"));

    assertThat(source.tellsAgainOf(repository("uid-1"))).isFalse();
    assertThat(timer.due).isEmpty();
    assertThat(source.tellsAgainOf(repository("uid-2"))).isTrue();
    timer.comes(Duration.ofSeconds(1));

    assertThat(told).hasSize(1);
  }

  @Test
  void whatWasDeletedIsTakenOnce() {
    source.onResourceDeleted(repository("uid-1"));

    assertThat(taken()).containsExactly("uid-1");
    assertThat(taken()).isEmpty();
  }

  @Test
  void ofSeveralDeletionsEachIsTaken() {
    source.onResourceDeleted(repository("uid-1"));
    source.onResourceDeleted(repository("uid-2"));

    assertThat(taken()).containsExactly("uid-1", "uid-2");
  }

  @Test
  void whatAnotherObjectReplacedIsDeleted() {
    source.onResourceUpdated(repository("uid-1"), repository("uid-1"));
    assertThat(taken()).isEmpty();
    source.onResourceUpdated(repository("uid-2"), repository("uid-1"));

    assertThat(taken()).containsExactly("uid-1");
  }

  private List<String> taken() {
    return source.takeDeleted(repository("any")).stream()
        .map(it -> it.getMetadata().getUid())
        .toList();
  }

  @Test
  void whatIsStoppedEndsItsTimer() {
    source.stop();

    assertThat(timer.isShutdown()).isTrue();
  }

  /** A timer whose moments come when a test says so. */
  private static final class HandTimer extends ScheduledThreadPoolExecutor {
    private final Map<Duration, Runnable> due = new TreeMap<>();

    HandTimer() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      due.put(Duration.of(delay, unit.toChronoUnit()), command);
      return super.schedule(() -> {}, 0, unit);
    }

    void comes(Duration moment) {
      requireNonNull(due.remove(moment)).run();
    }
  }

  /** The informer's cache, as far as the event source asks it. */
  private record Cache(Map<ResourceID, Repository> objects)
      implements IndexedResourceCache<Repository> {
    @Override
    public Optional<Repository> get(ResourceID id) {
      return Optional.ofNullable(objects.get(id));
    }

    @Override
    public Stream<ResourceID> keys() {
      return objects.keySet().stream();
    }

    @Override
    public Stream<Repository> list(Predicate<Repository> predicate) {
      return objects.values().stream().filter(predicate);
    }

    @Override
    public Stream<Repository> list(String namespace, Predicate<Repository> predicate) {
      return list(predicate);
    }

    @Override
    public List<Repository> byIndex(String indexName, String indexKey) {
      return List.of();
    }
  }
}
