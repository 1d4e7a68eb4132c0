package dev.ecroperator.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.api.Repository;
import dev.ecroperator.simulator.ecr.Call;
import dev.ecroperator.simulator.ecr.Faults;
import dev.ecroperator.simulator.ecr.RepositorySnapshot;
import dev.ecroperator.simulator.kube.LoggedRequest;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One Repository object: its user's hands and eyes, and what the operator did about it. */
final class RepositoryObject {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Scene scene;
  private final KubernetesCluster cluster;
  private final String name;
  private final String inEcr;
  private int callsBefore;
  private int writesBefore;

  RepositoryObject(Scene scene, KubernetesCluster cluster, String name, String inEcr) {
    this.scene = scene;
    this.cluster = cluster;
    this.name = name;
    this.inEcr = inEcr;
  }

  /** The object's name, and unless said otherwise the repository's. */
  String name() {
    return name;
  }

  /** The ownership tag of a repository of this object. */
  String ownerTag() {
    return Scene.OWNER_ID + "/" + cluster.namespace() + "/" + name;
  }

  private KubernetesClient client() {
    return cluster.client();
  }

  private Resource<Repository> resource() {
    return client().resources(Repository.class).inNamespace(cluster.namespace()).withName(name);
  }

  /** Creates the object with the spec, in YAML. */
  RepositoryObject create(String spec) {
    JsonNode object =
        JSON.createObjectNode()
            .put("apiVersion", "ecroperator.dev/v1alpha1")
            .put("kind", "Repository")
            .<ObjectNode>set(
                "metadata",
                JSON.createObjectNode().put("name", name).put("namespace", cluster.namespace()))
            .set("spec", yaml(spec));
    client().resource(object.toString()).create();
    return this;
  }

  /** Replaces the spec. */
  RepositoryObject edit(String spec) {
    patch("[{\"op\":\"replace\",\"path\":\"/spec\",\"value\":" + yaml(spec) + "}]");
    return this;
  }

  /** Sets one member of the spec to a value in YAML. */
  RepositoryObject set(String member, String value) {
    patch("[{\"op\":\"add\",\"path\":\"/spec/" + member + "\",\"value\":" + yaml(value) + "}]");
    return this;
  }

  /** Removes one member of the spec. */
  RepositoryObject unset(String member) {
    patch("[{\"op\":\"remove\",\"path\":\"/spec/" + member + "\"}]");
    return this;
  }

  private void patch(String operations) {
    resource().patch(PatchContext.of(PatchType.JSON), operations);
  }

  /** Sets a label, which is no change of the spec. */
  void label(String key, String value) {
    resource()
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"labels\":{\"" + key + "\":\"" + value + "\"}}}");
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
    resource()
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"ecroperator.dev/requestedAt\":\"" + time + "\"}}}");
  }

  void delete() {
    resource().delete();
  }

  private static JsonNode yaml(String text) {
    // What begins with a brace would be read as JSON.
    return Serialization.unmarshal("---\n" + text, JsonNode.class);
  }

  /** The object as it is stored; missing where there is none. */
  JsonNode stored() {
    try {
      String text =
          client()
              .raw(
                  "/apis/ecroperator.dev/v1alpha1/namespaces/"
                      + cluster.namespace()
                      + "/repositories/"
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
    return Patience.await(
        name + " to be " + reason,
        this::stored,
        object -> {
          JsonNode ready = condition(object, "Ready");
          return ready.path("reason").asText().equals(reason)
              && ready.path("observedGeneration").equals(object.at("/metadata/generation"))
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
    Patience.await(
        name + " to be looked at",
        this::status,
        status -> status.path("lastHandledReconcileAt").asText().equals(requestedAt));
  }

  /** Waits until the repository was read so many times more, as by resyncs. */
  void awaitLooks(int looks) {
    // Every look reads the tags, and nothing else does.
    long before = calls("ListTagsForResource");
    Patience.await(
        looks + " looks at " + name,
        () -> calls("ListTagsForResource") - before,
        seen -> seen >= looks);
  }

  private long calls(String operation) {
    return allCalls().stream().filter(call -> call.operation().equals(operation)).count();
  }

  /** What {@code status.managed} lists. */
  List<String> managed() {
    return status().path("managed").valueStream().map(JsonNode::asText).toList();
  }

  /** The repository as ECR has it; empty where there is none. */
  Optional<RepositorySnapshot> find() {
    return scene.outsider().find(inEcr);
  }

  /** The repository as ECR has it. */
  RepositorySnapshot inEcr() {
    return find().orElseThrow(() -> new AssertionError("ECR has no repository " + inEcr));
  }

  /** From now on {@link #calls()} and {@link #writes()} begin with what comes. */
  RepositoryObject forgetThePast() {
    // A write is seen before its answer is logged: the past ends when the log has come to rest.
    writesBefore = Patience.atRest(Duration.ofMillis(500), this::allWrites).size();
    callsBefore = allCalls().size();
    return this;
  }

  /** The operator's calls that name the repository. */
  List<String> calls() {
    return operations(allCalls().stream().skip(callsBefore).toList());
  }

  /** The operator's calls that name the repository and could change it. */
  List<String> mutations() {
    return operations(allCalls().stream().skip(callsBefore).filter(Call::isMutation).toList());
  }

  private static List<String> operations(List<Call> calls) {
    return calls.stream().map(Call::operation).toList();
  }

  private List<Call> allCalls() {
    return scene.calls().stream().filter(c -> inEcr.equals(c.repository())).toList();
  }

  /** The operator's writes of the object: {@code patch} or {@code update/status}. */
  List<String> writes() {
    return allWrites().stream().skip(writesBefore).toList();
  }

  private List<String> allWrites() {
    return cluster.writes().stream()
        .filter(r -> r.resource().equals("repositories") && r.name().equals(name))
        .filter(r -> !r.userAgent().equals(KubernetesCluster.TEST_USER_AGENT))
        .map(RepositoryObject::verb)
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
        .map(RepositoryObject::reason)
        .toList();
  }

  private static String reason(Event event) {
    return event.getReason() + (event.getType().equals("Warning") ? "!" : "");
  }

  void awaitEvent(String reason) {
    Patience.await("the event " + reason + " of " + name, this::events, e -> e.contains(reason));
  }

  /** Begins a fault of an operation on this repository. */
  Faults.Script fault(String operation) {
    return scene.fault(operation).forRepository(inEcr);
  }

  /** Begins a fault of all operations on this repository. */
  Faults.Script faultOfAny() {
    return scene.faultOfAny().forRepository(inEcr);
  }

  /** The tags of the repository in ECR. */
  Map<String, String> tags() {
    return inEcr().tags();
  }
}
