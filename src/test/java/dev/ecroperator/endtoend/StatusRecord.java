package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.simulator.kube.LoggedRequest;
import dev.ecroperator.simulator.real.Judges;
import dev.ecroperator.simulator.real.RealPart;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Every version of the operator's objects that a watch shows during a scene. At its end the judges
 * of others look at all of them: to each, a GitOps tool would have given credence.
 */
final class StatusRecord implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(Repository.class, ImageReplication.class);

  private final Queue<JsonNode> seen = new ConcurrentLinkedQueue<>();
  private final KubernetesCluster cluster;
  private final Opened informers = new Opened();

  private StatusRecord(KubernetesCluster cluster) {
    this.cluster = cluster;
  }

  /** Records from now on what comes of both kinds in the cluster's namespace. */
  static StatusRecord of(KubernetesCluster cluster) {
    var record = new StatusRecord(cluster);
    KINDS.forEach(record::watch);
    return record;
  }

  private void watch(Class<? extends HasMetadata> kind) {
    SharedIndexInformer<GenericKubernetesResource> informer =
        resources(kind)
            .runnableInformer(0)
            .exceptionHandler((started, cause) -> true)
            .addEventHandler(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(GenericKubernetesResource object) {
                    seen.add(read(object));
                  }

                  @Override
                  public void onUpdate(
                      GenericKubernetesResource before, GenericKubernetesResource object) {
                    seen.add(read(object));
                  }

                  @Override
                  public void onDelete(GenericKubernetesResource object, boolean unknown) {
                    // What it was last has been seen.
                  }
                });
    informer.start().toCompletableFuture().join();
    var _ = informers.add(informer);
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      resources(Class<? extends HasMetadata> kind) {
    return cluster
        .client()
        .genericKubernetesResources(HasMetadata.getApiVersion(kind), HasMetadata.getKind(kind))
        .inNamespace(cluster.namespace());
  }

  /** By its text, as a tool gets it: numbers are equal whatever class held them. */
  private static JsonNode read(GenericKubernetesResource object) {
    try {
      return JSON.readTree(JSON.writeValueAsString(object));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until all was seen that there is to see: nothing ended the record before its time. */
  void awaitAll() {
    boolean wrote = cluster.writes().stream().anyMatch(StatusRecord::isOfStatus);
    Patience.await("a status to be seen", () -> seen.isEmpty() && wrote, nothing -> !nothing);
    Patience.await("all that is stored to be seen", this::unseen, List::isEmpty);
  }

  private static boolean isOfStatus(LoggedRequest write) {
    return write.subresource().equals("status");
  }

  private List<String> unseen() {
    Set<String> versions = seen.stream().map(StatusRecord::version).collect(Collectors.toSet());
    return KINDS.stream()
        .flatMap(kind -> resources(kind).list().getItems().stream())
        .map(StatusRecord::read)
        .map(StatusRecord::version)
        .filter(version -> !versions.contains(version))
        .toList();
  }

  private static String version(JsonNode object) {
    return object.at("/metadata/name").asText()
        + " of resourceVersion "
        + object.at("/metadata/resourceVersion").asText();
  }

  @Override
  public void close() {
    informers.close();
  }

  /** Demands that the judges agree with what the contract says of all that was seen. */
  void judge() {
    Optional<Judges> judges = Judges.find();
    if (judges.isEmpty()) {
      RealPart.JUDGES.missed(Judges.whyMissing());
      return;
    }
    // A status that somebody emptied by hand is none that the operator wrote, nor the CRD's
    // default.
    List<JsonNode> objects =
        seen.stream().filter(object -> !object.path("status").isEmpty()).toList();
    List<Judges.Verdict> verdicts = judges.get().judge(objects);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      JsonNode object = objects.get(i);
      Judges.Verdict said = verdicts.get(i);
      String expected = kstatus(object);
      if (!said.errors().isEmpty()
          || !said.kstatus().equals(expected)
          // Argo CD tells of an object that is being deleted by itself.
          || (!isLeaving(object) && !said.health().equals(health(object, expected)))) {
        wrong.add(
            "%s is %s, expected %s: generation %s, status %s"
                .formatted(
                    object.at("/metadata/name").asText(),
                    said,
                    expected,
                    object.at("/metadata/generation"),
                    object.path("status")));
      }
    }
    assertThat(wrong).as("statuses that GitOps tools misread").isEmpty();
  }

  private static boolean isLeaving(JsonNode object) {
    return object.at("/metadata").has("deletionTimestamp");
  }

  private static boolean isTrue(JsonNode object, String condition) {
    return ClusterObject.condition(object, condition).path("status").asText().equals("True");
  }

  private static String kstatus(JsonNode object) {
    if (isLeaving(object)) {
      return "Terminating";
    }
    boolean current =
        object.at("/status/observedGeneration").equals(object.at("/metadata/generation"));
    if (current && isTrue(object, "Stalled")) {
      return "Failed";
    }
    return current && isTrue(object, "Ready") ? "Current" : "InProgress";
  }

  private static String health(JsonNode object, String kstatus) {
    JsonNode suspended = ClusterObject.condition(object, "Suspended");
    if (suspended.path("observedGeneration").equals(object.at("/metadata/generation"))) {
      return "Suspended";
    }
    return switch (kstatus) {
      case "Current" -> "Healthy";
      case "Failed" -> "Degraded";
      default -> "Progressing";
    };
  }
}
