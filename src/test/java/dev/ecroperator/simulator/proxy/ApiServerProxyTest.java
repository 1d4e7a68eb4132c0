package dev.ecroperator.simulator.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.ecroperator.api.Repository;
import dev.ecroperator.cluster.ScriptedCluster;
import dev.ecroperator.simulator.Line;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong between a client and an API server, as scripted. */
class ApiServerProxyTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private ConnectedSimulator cluster;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = ConnectedSimulator.start();
    client = cluster.client();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Repository create(String name) {
    Repository object = ScriptedCluster.object("{}");
    object.setMetadata(new ObjectMetaBuilder().withName(name).build());
    object.setStatus(null);
    return client.resource(object).create();
  }

  private void label(KubernetesClient by, String name) {
    by.resources(Repository.class)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
  }

  /** The objects that the server has. */
  private List<String> stored() {
    return cluster.direct().resources(Repository.class).list().getItems().stream()
        .map(object -> object.getMetadata().getName())
        .toList();
  }

  private static KubernetesClientException refusal(ThrowingCallable request) {
    return catchThrowableOfType(KubernetesClientException.class, request);
  }

  @Test
  void whatNothingIsScriptedForIsPassedOnAsItIs() {
    Repository created = create("one");
    assertThat(created.getMetadata().getUid()).isNotEmpty();
    assertThat(refusal(() -> create("one")).getStatus().getReason()).isEqualTo("AlreadyExists");
    client.resource(created).delete();
    assertThat(stored()).isEmpty();
  }

  @Test
  void anInformerSeesEverythingThroughDroppedWatchesAndAForgottenPast() {
    List<String> seen = new CopyOnWriteArrayList<>();
    List<String> asked = new CopyOnWriteArrayList<>();
    cluster.faults().over(new TestLine(request -> asked.add(request.what()), request -> true));
    create("one");
    try (var informer = client.resources(Repository.class).inform(new Recorder(seen))) {
      await().atMost(PATIENCE).until(() -> seen.contains("added one"));

      asked.clear();
      cluster.faults().dropWatches();
      await().atMost(PATIENCE).until(() -> asked.contains("watch repositories"));
      create("two");
      await().atMost(PATIENCE).until(() -> seen.contains("added two"));

      asked.clear();
      cluster.faults().expireHistory();
      cluster.faults().dropWatches();
      await().atMost(PATIENCE).until(() -> asked.contains("list repositories"));
      label(cluster.direct(), "one");
      await().atMost(PATIENCE).until(() -> seen.contains("updated one"));

      cluster.server().delete("repositories", "default", "two");
      await().atMost(PATIENCE).until(() -> seen.contains("deleted two"));
      assertThat(informer.isWatching()).isTrue();
    }
  }

  /** A line that carries some requests, and some answers. */
  private record TestLine(Predicate<Request> arriving, Predicate<Request> answered)
      implements Line {
    @Override
    public boolean carries(Request request) {
      return arriving.test(request);
    }

    @Override
    public boolean returns(Request request) {
      return answered.test(request);
    }
  }

  private record Recorder(List<String> seen) implements ResourceEventHandler<Repository> {
    @Override
    public void onAdd(Repository object) {
      seen.add("added " + object.getMetadata().getName());
    }

    @Override
    public void onUpdate(Repository old, Repository object) {
      seen.add("updated " + object.getMetadata().getName());
    }

    @Override
    public void onDelete(Repository object, boolean unknown) {
      seen.add("deleted " + object.getMetadata().getName());
    }
  }

  @Test
  void aFaultRefusesAsOftenAsScripted() throws InterruptedException {
    Fault fault = cluster.faults().on("create", "repositories").times(2).answer(403);

    assertThat(refusal(() -> create("one")).getStatus().getReason()).isEqualTo("Forbidden");
    assertThat(refusal(() -> create("one")).getCode()).isEqualTo(403);
    assertThat(stored()).isEmpty();
    create("one");
    assertThat(fault.awaitArrival(Duration.ZERO)).isTrue();
  }

  @Test
  void aFaultIsOfOneSubresource() {
    Repository object = create("one");
    cluster.faults().on("update", "repositories/status").always().answer(500);

    assertThat(refusal(() -> client.resource(object).updateStatus()).getCode()).isEqualTo(500);
    client.resource(object).update();
  }

  @Test
  void anAnswerMayBeLostAfterTheRequestIsDone() {
    create("one");
    cluster.faults().on("patch", "repositories").loseAnswer();

    assertThatThrownBy(() -> label(client, "one"))
        .isInstanceOf(KubernetesClientException.class)
        .hasCauseInstanceOf(IOException.class);

    assertThat(cluster.direct().resources(Repository.class).withName("one").get().getMetadata())
        .satisfies(metadata -> assertThat(metadata.getLabels()).isEqualTo(Map.of("a", "b")));
  }

  @Test
  void aHeldRequestIsDoneWhenReleased() throws Exception {
    Fault held = cluster.faults().on("create", "repositories").hold();
    var creation = CompletableFuture.supplyAsync(() -> create("one"));

    assertThat(held.awaitArrival(PATIENCE)).isTrue();
    assertThat(stored()).isEmpty();
    held.release();
    creation.get(1, TimeUnit.MINUTES);
    assertThat(stored()).containsExactly("one");
  }

  @Test
  void whatTheLineLosesIsNotDoneOrNotAnswered() {
    cluster.faults().over(new TestLine(request -> !request.changes(), request -> true));
    assertThatThrownBy(() -> create("one")).hasCauseInstanceOf(IOException.class);
    cluster.faults().over(new TestLine(request -> true, request -> !request.changes()));
    assertThatThrownBy(() -> create("two")).hasCauseInstanceOf(IOException.class);

    assertThat(stored()).containsExactly("two");
  }
}
