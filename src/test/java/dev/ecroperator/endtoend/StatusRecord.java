package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.api.Repository;
import dev.ecroperator.simulator.real.Judges;
import dev.ecroperator.simulator.real.RealPart;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Every version of the operator's objects that a watch shows during a scene. At its end the judges
 * of others look at all of them: to each, a GitOps tool would have given credence.
 */
final class StatusRecord implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Queue<JsonNode> seen = new ConcurrentLinkedQueue<>();
  private final List<Watch> watches = new ArrayList<>();

  /** Records from now on what comes of both kinds in the namespace. */
  static StatusRecord of(KubernetesClient client, String namespace) {
    var record = new StatusRecord();
    record.watch(client, namespace, Repository.class);
    record.watch(client, namespace, ImageReplication.class);
    return record;
  }

  private void watch(KubernetesClient client, String namespace, Class<? extends HasMetadata> kind) {
    watches.add(
        client
            .genericKubernetesResources(HasMetadata.getApiVersion(kind), HasMetadata.getKind(kind))
            .inNamespace(namespace)
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, GenericKubernetesResource object) {
                    if (action == Action.ADDED || action == Action.MODIFIED) {
                      seen.add(read(object));
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    // The cluster has gone: what it showed until then counts.
                  }
                }));
  }

  /** By its text, as a tool gets it: numbers are equal whatever class held them. */
  private static JsonNode read(GenericKubernetesResource object) {
    try {
      return JSON.readTree(JSON.writeValueAsString(object));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }

  /** Ends the record, and demands that the judges agree with what the contract says. */
  void judge() {
    close();
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
