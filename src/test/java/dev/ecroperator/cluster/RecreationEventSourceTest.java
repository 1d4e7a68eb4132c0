package dev.ecroperator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.api.Repository;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecreationEventSourceTest {
  private static final ResourceID API = new ResourceID("api", "payments");

  private final Map<ResourceID, Repository> cluster = new ConcurrentHashMap<>();
  private final List<Event> told = new CopyOnWriteArrayList<>();
  private final RecreationEventSource<Repository> source =
      new RecreationEventSource<>(new Cache(cluster));

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
    Repository repository = new Repository();
    repository.getMetadata().setNamespace("payments");
    repository.getMetadata().setName("api");
    return repository;
  }

  @Test
  void anObjectMadeAnewAfterADeletionIsToldOf() {
    source.onResourceDeleted(repository());
    cluster.put(API, repository());

    await().atMost(Duration.ofMinutes(1)).until(() -> !told.isEmpty());

    assertThat(told.getFirst().getRelatedCustomResourceID()).isEqualTo(API);
  }

  @Test
  void anObjectThatStaysDeletedIsNotToldOf() {
    source.onResourceDeleted(repository());

    await()
        .pollDelay(Duration.ofSeconds(3))
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(told).isEmpty());
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
