package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * As much OpenAPI as `kubectl explain` prints, and as kubectl needs to leave the checks to the
 * server.
 */
final class OpenApi {
  private static final String V3 = "/openapi/v3";
  private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private final Types types;

  OpenApi(Types types) {
    this.types = types;
  }

  Optional<ObjectNode> find(Call call) {
    String path = call.path();
    if (path.equals("/openapi/v2")) {
      if (!call.accept().contains("json")) {
        throw ApiFailure.of(406, "only application/json is served");
      }
      ObjectNode document = document("swagger", "2.0");
      ObjectNode definitions = document.putObject("definitions");
      types.all().forEach(t -> definitions.set(schemaName(t), schema(t, "#/definitions/")));
      definitions.set(METADATA, metadataSchema());
      return Optional.of(document);
    } else if (path.equals(V3)) {
      return Optional.of(index());
    } else if (path.startsWith(V3 + "/")) {
      return groupVersion(path.substring(V3.length() + 1));
    }
    return Optional.empty();
  }

  private ObjectNode index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    types
        .all()
        .forEach(
            t -> paths.putObject(t.path()).put("serverRelativeURL", V3 + "/" + t.path() + hash(t)));
    return index;
  }

  /** Changes with the schema, as clients keep a document for as long as this is the same. */
  private static String hash(ResourceType type) {
    return "?hash=" + Integer.toHexString(type.toString().hashCode()).toUpperCase(Locale.ROOT);
  }

  private Optional<ObjectNode> groupVersion(String path) {
    List<ResourceType> served = types.all().stream().filter(t -> t.path().equals(path)).toList();
    ObjectNode document = document("openapi", "3.0.0");
    ObjectNode paths = document.withObjectProperty("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (ResourceType type : served) {
      String scope = type.namespaced() ? "/namespaces/{namespace}/" : "/";
      ObjectNode at = paths.putObject("/" + type.path() + scope + type.plural() + "/{name}");
      operation(at.putObject("get"), type, "get");
      ObjectNode patch = operation(at.putObject("patch"), type, "patch");
      ArrayNode parameters = patch.putArray("parameters");
      for (String name : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", "query");
        parameter.putObject("schema").put("type", "string");
      }
      ObjectNode content = patch.putObject("requestBody").putObject("content");
      content.putObject("application/merge-patch+json");
      content.putObject("application/apply-patch+yaml");
      schemas.set(schemaName(type), schema(type, "#/components/schemas/"));
    }
    schemas.set(METADATA, metadataSchema());
    return served.isEmpty() ? Optional.empty() : Optional.of(document);
  }

  private static ObjectNode document(String format, String version) {
    ObjectNode document = Json.object().put(format, version);
    document.putObject("info").put("title", "Kubernetes").put("version", "simulator");
    document.putObject("paths");
    return document;
  }

  private static ObjectNode operation(ObjectNode operation, ResourceType type, String action) {
    operation.put("x-kubernetes-action", action).put("operationId", action + type.kind());
    operation.putObject("responses").putObject("200").put("description", "OK");
    gvk(operation.putObject("x-kubernetes-group-version-kind"), type);
    return operation;
  }

  private static void gvk(ObjectNode into, ResourceType type) {
    into.put("group", type.group()).put("version", type.version()).put("kind", type.kind());
  }

  private static String schemaName(ResourceType type) {
    List<String> group = List.of(type.group().split("\\.", -1)).reversed();
    return (type.group().isEmpty() ? "io.k8s.api.core" : String.join(".", group))
        + "."
        + type.version()
        + "."
        + type.kind();
  }

  private static ObjectNode schema(ResourceType type, String reference) {
    ObjectNode schema =
        type.schema() == null
            ? Json.object().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true)
            : type.schema().deepCopy();
    ObjectNode properties = schema.withObjectProperty("properties");
    for (String name : List.of("apiVersion", "kind")) {
      properties.withObjectProperty(name).put("type", "string");
    }
    properties.putObject("metadata").put("$ref", reference + METADATA);
    gvk(schema.putArray("x-kubernetes-group-version-kind").addObject(), type);
    return schema;
  }

  private static ObjectNode metadataSchema() {
    ObjectNode schema = Json.object().put("type", "object");
    schema.put("description", "ObjectMeta is metadata that all persisted resources must have.");
    ObjectNode properties = schema.putObject("properties");
    for (String name : List.of("name", "namespace", "generateName", "uid", "resourceVersion")) {
      properties.putObject(name).put("type", "string");
    }
    for (String name : List.of("labels", "annotations")) {
      ObjectNode map = properties.putObject(name).put("type", "object");
      map.putObject("additionalProperties").put("type", "string");
    }
    ObjectNode finalizers = properties.putObject("finalizers").put("type", "array");
    finalizers.putObject("items").put("type", "string");
    return schema;
  }
}
