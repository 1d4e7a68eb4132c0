package dev.ecroperator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ecroperator.api.Repository;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.simulator.proxy.ConnectedSimulator;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that stood by acts on nothing older than what there was when it began. */
class CatchUpTest {
  private ConnectedSimulator cluster;
  private KubernetesClient client;

  @BeforeEach
  void start() throws Exception {
    cluster = ConnectedSimulator.start();
    client = cluster.client();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private ClusterObjects<Repository> takenOver(String... namespaces) {
    return new ClusterObjects<>(
        client, Repository.class, Fence.withoutDeadline(), Optional.of(Set.of(namespaces)));
  }

  private Repository create(String name) {
    Repository object = ScriptedCluster.object("{}");
    object.getMetadata().setName(name);
    object.getMetadata().setNamespace("default");
    object.getMetadata().setFinalizers(List.of());
    object.getMetadata().setUid(null);
    object.getMetadata().setResourceVersion(null);
    return client.resource(object).create();
  }

  private Repository edit(Repository object) {
    object.getMetadata().setLabels(Map.of("a", "b"));
    return client.resource(object).update();
  }

  @Test
  void whatIsOlderThanAtTheBeginningIsBehind() {
    Repository before = create("one");
    Repository after = edit(create("two"));
    Repository now = edit(client.resource(before).get());

    ClusterObjects<Repository> objects = takenOver();

    assertThat(objects.isBehind(before)).isTrue();
    assertThat(objects.isBehind(now)).isFalse();
    assertThat(objects.isBehind(after)).isFalse();
  }

  @Test
  void whatWasGoneAtTheBeginningIsBehindAndWhatCameSinceIsNot() {
    Repository gone = create("one");
    client.resource(gone).delete();
    ClusterObjects<Repository> objects = takenOver("default");

    assertThat(objects.isBehind(gone)).isTrue();
    assertThat(objects.isBehind(create("two"))).isFalse();
  }

  @Test
  void aCacheHasCaughtUpOnceItHasAllThatThereWas() {
    Repository one = create("one");
    Repository gone = create("gone");
    client.resource(gone).delete();
    Repository two = create("two");
    ClusterObjects<Repository> objects = takenOver();

    assertThat(objects.isCaughtUp(Stream.of(one))).isFalse();
    assertThat(objects.isCaughtUp(Stream.of(one, two, gone))).isFalse();
    assertThat(objects.isCaughtUp(Stream.of(one, two))).isTrue();
    assertThat(objects.isCaughtUp(Stream.of(one))).isTrue();
    assertThat(objects.isBehind(gone)).isFalse();
  }

  @Test
  void whereItCannotBeAskedWhatThereIsNothingIsDecided() {
    Repository one = create("one");
    ClusterObjects<Repository> objects = takenOver();
    cluster.faults().on("list", "repositories").answer(500).times(1);

    assertThatThrownBy(() -> objects.isBehind(one)).isInstanceOf(KubernetesClientException.class);
    assertThat(objects.isBehind(one)).isFalse();
  }

  @Test
  void whoNeverStoodByAsksNothing() {
    Repository gone = create("one");
    client.resource(gone).delete();
    cluster.server().requests().clear();
    var objects = new ClusterObjects<>(client, Repository.class, Fence.withoutDeadline());

    assertThat(objects.isBehind(gone)).isFalse();
    assertThat(objects.isCaughtUp(Stream.of())).isTrue();
  }

  @Test
  void aCacheThatNeverCatchesUpIsBelievedInTheEnd() {
    Repository one = create("one");
    var nanos = new AtomicLong(1);
    var catchUp =
        new CatchUp<>(() -> Stream.of(client.resources(Repository.class).list()), nanos::get);
    edit(one);

    assertThat(catchUp.isBehind(one)).isTrue();
    assertThat(catchUp.isOver(Stream.of())).isFalse();
    nanos.addAndGet(OwnWrites.LONGEST_LAG.toNanos());
    assertThat(catchUp.isBehind(one)).isFalse();
    assertThat(catchUp.isOver(Stream.of())).isTrue();
  }
}
