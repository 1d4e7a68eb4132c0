package dev.ecroperator.simulator.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The operator's service account on a real API server, with the permissions that manifests give it
 * and no other: what the operator of an installation has.
 */
public final class OperatorAccount {
  private static final Path PLAIN = Path.of("examples", "install", "rbac.yaml");
  private static final Set<String> CLUSTER_SCOPED =
      Set.of("Namespace", "ClusterRole", "ClusterRoleBinding");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String namespace;
  private final String name;
  private final List<JsonNode> objects;
  private final RealKubeApiServer server;
  private final String token;

  private OperatorAccount(
      String namespace,
      String name,
      List<JsonNode> objects,
      RealKubeApiServer server,
      String token) {
    this.namespace = namespace;
    this.name = name;
    this.objects = objects;
    this.server = server;
    this.token = token;
  }

  /**
   * What {@code examples/install/rbac.yaml}, which is what the chart renders, says; with the
   * operator in that namespace, which exists, in place of its own.
   */
  public static OperatorAccount plainIn(RealKubeApiServer server, String namespace) {
    try (var documents =
        new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(PLAIN))) {
      return of(
          server,
          documents.readAll().stream()
              .filter(object -> !object.path("kind").asText().equals("Namespace"))
              .map(object -> moved(object.deepCopy(), namespace))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode moved(ObjectNode object, String namespace) {
    var kind = object.path("kind").asText();
    var metadata = (ObjectNode) object.path("metadata");
    if (!CLUSTER_SCOPED.contains(kind)) {
      metadata.put("namespace", namespace);
    }
    if (kind.equals("ClusterRoleBinding")) {
      metadata.put("name", metadata.path("name").asText() + "-" + namespace);
    }
    object.path("subjects").forEach(subject -> ((ObjectNode) subject).put("namespace", namespace));
    return object;
  }

  /**
   * Creates service account, roles and bindings, and waits until the permissions are in force.
   *
   * @param objects they and nothing else, with one service account among them
   */
  public static OperatorAccount of(RealKubeApiServer server, List<JsonNode> objects) {
    var client = server.client();
    var account =
        objects.stream()
            .filter(object -> object.path("kind").asText().equals("ServiceAccount"))
            .findFirst()
            .orElseThrow()
            .path("metadata");
    var namespace = account.path("namespace").asText();
    var name = account.path("name").asText();
    // The namespace default comes a moment after the server.
    await().until(() -> client.namespaces().withName(namespace).get() != null);
    objects.forEach(object -> client.resource(resource(object)).serverSideApply());
    var token =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(name)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(TimeUnit.HOURS.toSeconds(12))
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    var created = new OperatorAccount(namespace, name, objects, server, token);
    created.awaitInForce(client);
    return created;
  }

  private static GenericKubernetesResource resource(JsonNode object) {
    return JSON.convertValue(object, GenericKubernetesResource.class);
  }

  /** A file for {@code KUBECONFIG}, with a token of the account. */
  public Path kubeconfig() {
    return server.kubeconfig(namespace, token);
  }

  /**
   * The environment of a process in a pod of the account; the variables that name the files of the
   * kubelet's included, which are elsewhere in a pod.
   */
  public Map<String, String> podEnvironment() {
    var url = URI.create(server.client().getMasterUrl().toString());
    return Map.of(
        "KUBERNETES_SERVICE_HOST",
        url.getHost(),
        "KUBERNETES_SERVICE_PORT",
        Integer.toString(url.getPort()),
        "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN",
        server.file("token", token).toString(),
        "KUBERNETES_CERTS_CA_FILE",
        server.client().getConfiguration().getCaCertFile(),
        "KUBERNETES_AUTH_TRYKUBECONFIG",
        "false");
  }

  /** The account as the API server calls it. */
  public String user() {
    return "system:serviceaccount:" + namespace + ":" + name;
  }

  /**
   * One thing that the account may do.
   *
   * @param namespace where, empty for everywhere
   * @param object of that name alone, empty for any
   */
  public record Permission(
      String verb, String apiGroup, String resource, String namespace, String object) {
    /** Verb and resource, as {@code list repositories}. */
    public String text() {
      return verb + " " + resource;
    }
  }

  /** All that the bound roles permit. */
  public Set<Permission> permissions() {
    var permissions = new LinkedHashSet<Permission>();
    for (var binding : objects) {
      if (!binding.path("kind").asText().endsWith("Binding")) {
        continue;
      }
      var role = role(binding);
      for (var rule : role.path("rules")) {
        for (var group : rule.path("apiGroups")) {
          for (var resource : rule.path("resources")) {
            for (var verb : rule.path("verbs")) {
              var names = new ArrayList<String>();
              rule.path("resourceNames").forEach(named -> names.add(named.asText()));
              for (var named : names.isEmpty() ? List.of("") : names) {
                permissions.add(
                    new Permission(
                        verb.asText(),
                        group.asText(),
                        resource.asText(),
                        binding.at("/metadata/namespace").asText(),
                        named));
              }
            }
          }
        }
      }
    }
    return permissions;
  }

  private JsonNode role(JsonNode binding) {
    return objects.stream()
        .filter(object -> object.path("kind").equals(binding.at("/roleRef/kind")))
        .filter(object -> object.at("/metadata/name").equals(binding.at("/roleRef/name")))
        .filter(
            object ->
                object.at("/metadata/namespace").asText().isEmpty()
                    || object.at("/metadata/namespace").equals(binding.at("/metadata/namespace")))
        .findFirst()
        .orElseThrow();
  }

  /** The authorizer follows the stored roles a moment later. */
  private void awaitInForce(KubernetesClient client) {
    await().until(() -> refused(client).isEmpty());
  }

  private static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50));
  }

  private Optional<Permission> refused(KubernetesClient client) {
    return permissions().stream().filter(permission -> !isGranted(client, permission)).findFirst();
  }

  private boolean isGranted(KubernetesClient client, Permission permission) {
    var parts = permission.resource().split("/", 2);
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user())
            .withNewResourceAttributes()
            .withVerb(permission.verb())
            .withGroup(permission.apiGroup())
            .withResource(parts[0])
            .withSubresource(parts.length == 2 ? parts[1] : null)
            .withNamespace(permission.namespace())
            .withName(permission.object())
            .endResourceAttributes()
            .endSpec()
            .build();
    return client
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }
}
