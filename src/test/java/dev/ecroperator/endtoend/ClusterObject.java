package dev.ecroperator.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.kube.LoggedRequest;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One object of a kind that the operator reconciles: its user's hands and eyes, and what the
 * operator did to it in the cluster.
 *
 * @param <T> the kind's own class
 */
abstract class ClusterObject<T extends ClusterObject<T>> {
  static final String API = "ecroperator.dev/v1alpha1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesCluster cluster;
  private final Class<? extends HasMetadata> type;
  private final String name;
  private int writesBefore;

  ClusterObject(KubernetesCluster cluster, Class<? extends HasMetadata> type, String name) {
    this.cluster = cluster;
    this.type = type;
    this.name = name;
  }

  /** This, as what it is. */
  abstract T self();

  /** The object's name. */
  String name() {
    return name;
  }

  KubernetesCluster cluster() {
    return cluster;
  }

  private KubernetesClient client() {
    return cluster.client();
  }

  private Resource<? extends HasMetadata> resource() {
    return client().resources(type).inNamespace(cluster.namespace()).withName(name);
  }

  /** Creates the object with the spec, in YAML. */
  T create(String spec) {
    JsonNode object =
        JSON.createObjectNode()
            .put("apiVersion", API)
            .put("kind", HasMetadata.getKind(type))
            .<ObjectNode>set(
                "metadata",
                JSON.createObjectNode().put("name", name).put("namespace", cluster.namespace()))
            .set("spec", spec(spec));
    client().resource(object.toString()).create();
    return self();
  }

  /** Replaces the spec. */
  T edit(String spec) {
    patch("[{\"op\":\"replace\",\"path\":\"/spec\",\"value\":" + spec(spec) + "}]");
    return self();
  }

  /** The spec that a text means. */
  JsonNode spec(String text) {
    return yaml(text);
  }

  /** Sets one member of the spec to a value in YAML. */
  T set(String member, String value) {
    patch("[{\"op\":\"add\",\"path\":\"/spec/" + member + "\",\"value\":" + yaml(value) + "}]");
    return self();
  }

  /** Removes one member of the spec. */
  T unset(String member) {
    patch("[{\"op\":\"remove\",\"path\":\"/spec/" + member + "\"}]");
    return self();
  }

  private void patch(String operations) {
    resource().patch(PatchContext.of(PatchType.JSON), operations);
  }

  private void merge(String members) {
    resource().patch(PatchContext.of(PatchType.JSON_MERGE), members);
  }

  /** Sets a label, which is no change of the spec. */
  void label(String key, String value) {
    merge("{\"metadata\":{\"labels\":{\"" + key + "\":\"" + value + "\"}}}");
  }

  /** Tries to replace the spec, and returns the API server's refusal. */
  int refusalOf(String spec) {
    try {
      edit(spec);
      return 200;
    } catch (KubernetesClientException e) {
      return e.getCode();
    }
  }

  /** Asks for a look at once, as {@code kubectl annotate} does. */
  void requestAt(String time) {
    merge("{\"metadata\":{\"annotations\":{\"ecroperator.dev/requestedAt\":\"" + time + "\"}}}");
  }

  void delete() {
    resource().delete();
  }

  /** Deletes the object past the operator: the finalizer is taken off by hand. */
  void deleteByForce() {
    resource().delete();
    merge("{\"metadata\":{\"finalizers\":null}}");
    awaitGone();
  }

  /** Empties the status by hand. */
  void wipeStatus() {
    patchStatus("[{\"op\":\"replace\",\"path\":\"/status\",\"value\":{}}]");
  }

  /** Takes the status away by hand. */
  void removeStatus() {
    patchStatus("[{\"op\":\"remove\",\"path\":\"/status\"}]");
  }

  private void patchStatus(String operations) {
    resource().subresource("status").patch(PatchContext.of(PatchType.JSON), operations);
  }

  static JsonNode yaml(String text) {
    // What begins with a brace would be read as JSON.
    return Serialization.unmarshal("---\n" + text, JsonNode.class);
  }

  /** The object as it is stored; missing where there is none. */
  JsonNode stored() {
    try {
      String text =
          client()
              .raw(
                  "/apis/"
                      + API
                      + "/namespaces/"
                      + cluster.namespace()
                      + "/"
                      + plural()
                      + "/"
                      + name);
      return text == null ? MissingNode.getInstance() : JSON.readTree(text);
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404) {
        return MissingNode.getInstance();
      }
      throw e;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String plural() {
    return HasMetadata.getPlural(type);
  }

  JsonNode status() {
    return stored().path("status");
  }

  /** The condition of that type; missing where there is none. */
  static JsonNode condition(JsonNode object, String type) {
    return object
        .path("status")
        .path("conditions")
        .valueStream()
        .filter(c -> c.path("type").asText().equals(type))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  /** Waits until Ready has the reason, about the spec as it is now; and returns the object. */
  JsonNode awaitReason(String reason) {
    return awaitReason("Ready", reason);
  }

  /** Waits until the condition has the reason, about the spec as it is now. */
  JsonNode awaitReason(String condition, String reason) {
    return Patience.await(
        name + " to be " + reason,
        this::stored,
        object -> {
          JsonNode found = condition(object, condition);
          return found.path("reason").asText().equals(reason)
              && found.path("observedGeneration").equals(object.at("/metadata/generation"))
              && object.at("/status/observedGeneration").equals(object.at("/metadata/generation"));
        });
  }

  /** Waits for the reason, and returns the condition's message. */
  String awaitMessage(String reason) {
    return condition(awaitReason(reason), "Ready").path("message").asText();
  }

  JsonNode awaitInSync() {
    return awaitReason("InSync");
  }

  void awaitGone() {
    Patience.await(name + " to be gone", this::stored, JsonNode::isMissingNode);
  }

  /** Waits until the reconcile-now annotation's value is echoed: a look that began after it. */
  void look(String requestedAt) {
    requestAt(requestedAt);
    awaitLook(requestedAt);
  }

  /** Waits until a look that was asked for so is over, or one that began later. */
  void awaitLook(String requestedAt) {
    Patience.await(
        name + " to be looked at",
        this::status,
        status -> status.path("lastHandledReconcileAt").asText().equals(requestedAt));
  }

  /** From now on {@link #writes()} begins with what comes. */
  T forgetThePast() {
    // A write is seen before its answer is logged: the past ends when the log has come to rest.
    writesBefore = Patience.atRest(Duration.ofMillis(500), this::allWrites).size();
    return self();
  }

  /** The operator's writes of the object: {@code patch} or {@code update/status}. */
  List<String> writes() {
    return allWrites().stream().skip(writesBefore).toList();
  }

  private List<String> allWrites() {
    return cluster.writes().stream()
        .filter(r -> r.resource().equals(plural()) && r.name().equals(name))
        .filter(r -> !r.userAgent().equals(KubernetesCluster.TEST_USER_AGENT))
        .map(ClusterObject::verb)
        .toList();
  }

  private static String verb(LoggedRequest request) {
    return request.subresource().isEmpty()
        ? request.verb()
        : request.verb() + "/" + request.subresource();
  }

  /** The reasons of the object's events, a warning with a {@code !}; in no order. */
  List<String> events() {
    return client().v1().events().inNamespace(cluster.namespace()).list().getItems().stream()
        .filter(e -> Objects.equals(e.getInvolvedObject().getName(), name))
        .filter(e -> Objects.equals(e.getInvolvedObject().getKind(), HasMetadata.getKind(type)))
        .map(ClusterObject::reason)
        .toList();
  }

  private static String reason(Event event) {
    return event.getReason() + (event.getType().equals("Warning") ? "!" : "");
  }

  void awaitEvent(String reason) {
    Patience.await("the event " + reason + " of " + name, this::events, e -> e.contains(reason));
  }
}
