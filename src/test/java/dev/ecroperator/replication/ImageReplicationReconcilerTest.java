package dev.ecroperator.replication;

import static dev.ecroperator.cluster.ScriptedCluster.EVENTS;
import static dev.ecroperator.replication.Members.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.cluster.ClusterObjects;
import dev.ecroperator.cluster.Events;
import dev.ecroperator.cluster.PassContext;
import dev.ecroperator.cluster.ReportWriter;
import dev.ecroperator.cluster.ScriptedCluster;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.convergence.OwnAccount;
import dev.ecroperator.convergence.Schedule;
import dev.ecroperator.replication.merge.Limits;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.progress.FakeImageRegistry;
import dev.ecroperator.replication.progress.ImageRegistry;
import dev.ecroperator.telemetry.ReconcileMetrics;
import dev.ecroperator.telemetry.ReplicationMetrics;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.BaseConfigurationService;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageReplicationReconcilerTest {
  private static final String OBJECTS =
      "/apis/ecroperator.dev/v1alpha1/namespaces/payments/imagereplications/";

  private final ScriptedCluster cluster = new ScriptedCluster();
  private final List<ImageReplication> cached = new ArrayList<>();
  private final FakeReplicationRegistry registry = new FakeReplicationRegistry();
  private final Fence fence = Fence.withoutDeadline();

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** A reconciler of a replica that watches. */
  private ImageReplicationReconciler reconciler(ClusterObjects<ImageReplication> objects) {
    Clock clock = Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);
    var meters = new SimpleMeterRegistry();
    var metrics = new ReconcileMetrics(meters, clock);
    var reconciler =
        new ImageReplicationReconciler(
            new OneRegistry(),
            objects,
            new ClusterObjects<>(cluster.client(), Repository.class, fence),
            new ReportWriter<>(objects, new Events(cluster.client(), clock, fence), metrics),
            metrics,
            new ReplicationMetrics(meters, clock),
            new Schedule(Duration.ofMinutes(5), () -> 0L),
            Limits.DEFAULT,
            clock);
    reconciler.prepareEventSources(
        new EventSourceContext<>(
            cache(),
            new BaseConfigurationService().getConfigurationFor(reconciler),
            cluster.client(),
            ImageReplication.class));
    return reconciler;
  }

  private ClusterObjects<ImageReplication> objects() {
    return new ClusterObjects<>(cluster.client(), ImageReplication.class, fence);
  }

  /** One registry, whichever is asked for. */
  private final class OneRegistry implements ReplicationRegistries {
    @Override
    public OwnAccount ownAccount() {
      return new OwnAccount(SOURCE.accountId(), SOURCE.region(), "aws");
    }

    @Override
    public ReplicationRegistry at(Registry source) {
      return registry;
    }

    @Override
    public ImageRegistry imagesAt(Registry source) {
      return new FakeImageRegistry();
    }
  }

  @SuppressWarnings("unchecked")
  private IndexerResourceCache<ImageReplication> cache() {
    return (IndexerResourceCache<ImageReplication>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {IndexerResourceCache.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "list" -> cached.stream();
                  case "byIndex" ->
                      cached.stream()
                          .filter(each -> each.getMetadata().getUid().equals(arguments[1]))
                          .toList();
                  case "get" -> Optional.empty();
                  default -> null;
                });
  }

  /** An object that is held, and what the API server answers to whoever writes its status. */
  private ImageReplication object(String name) {
    ImageReplication object =
        new KubernetesSerialization()
            .unmarshal(
                """
                apiVersion: ecroperator.dev/v1alpha1
                kind: ImageReplication
                metadata:
                  name: %1$s
                  namespace: payments
                  uid: uid-%1$s
                  generation: 1
                  resourceVersion: "10"
                  creationTimestamp: "2026-11-01T11:59:59Z"
                  annotations: {ecroperator.dev/target: %2$s}
                  finalizers: [ecroperator.dev/finalizer]
                spec:
                  repositories: [{prefix: %1$s/}]
                  destinations: [{region: us-east-1}]
                """
                    .formatted(name, SOURCE),
                ImageReplication.class);
    for (int writes = 0; writes < 3; writes++) {
      cluster.onPatch(OBJECTS + name + "/status", 200, object);
      cluster.onPut(OBJECTS + name + "/status", 200, object);
      cluster.onPost(EVENTS, 201, new Event());
    }
    return object;
  }

  /** One is there, goes without our finalizer, and another one's pass follows. */
  private void goesAndAnotherComes(ImageReplication leaver, String... unreadable) {
    ImageReplicationReconciler reconciler = reconciler(objects());
    cached.add(leaver);
    reconciler.reconcile(leaver, PassContext.of(false));
    assertThat(registry.configuration).contains("\"api/\"");
    for (String path : unreadable) {
      leaver.markUnreadable(path);
    }

    cached.clear();
    reconciler.reconcile(leaver, PassContext.of(true));
    ImageReplication next = object("web");
    cached.add(next);
    reconciler.reconcile(next, PassContext.of(false));
  }

  @Test
  void theRulesOfOneThatIsGoneWithoutAWordAreRemoved() {
    goesAndAnotherComes(object("api"));

    assertThat(registry.configuration).contains("\"web/\"").doesNotContain("\"api/\"");
  }

  @Test
  void theRulesOfOneThatIsGoneAndCouldNotBeReadStay() {
    goesAndAnotherComes(object("api"), "spec.repositories");

    assertThat(registry.configuration).contains("\"web/\"", "\"api/\"");
  }

  @Test
  void nothingIsWrittenByACacheThatLagsBehindWhatAnotherReplicaWrote() {
    ImageReplication mine = object("api");
    ImageReplication unseen = object("web");
    cluster.onGet(
        "/apis/ecroperator.dev/v1alpha1/imagereplications?limit=500",
        200,
        Map.of(
            "apiVersion",
            "ecroperator.dev/v1alpha1",
            "kind",
            "ImageReplicationList",
            "metadata",
            Map.of("resourceVersion", "10"),
            "items",
            List.of(mine, unseen)));
    ImageReplicationReconciler reconciler =
        reconciler(
            new ClusterObjects<>(
                cluster.client(), ImageReplication.class, fence, Optional.of(Set.of())));
    cached.add(mine);

    reconciler.reconcile(mine, PassContext.of(false));
    assertThat(registry.calls).isEmpty();

    cached.add(unseen);
    reconciler.reconcile(mine, PassContext.of(false));
    assertThat(registry.configuration).contains("\"web/\"", "\"api/\"");
  }
}
