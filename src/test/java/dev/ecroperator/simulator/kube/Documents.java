package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What clients ask in order to learn what is served: discovery in its plain (not aggregated) form,
 * and as much OpenAPI as kubectl explains from and needs to leave the checks to the server.
 */
final class Documents {
  private static final String V3 = "/openapi/v3";
  private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private final List<Kind> kinds;

  Documents(List<Kind> kinds) {
    this.kinds = kinds;
  }

  Optional<ObjectNode> find(String path) {
    return switch (path) {
      case "/version" ->
          Optional.of(Json.object("major", "1", "minor", "36", "gitVersion", "v1.36.3+simulator"));
      case "/api" -> Optional.of(Json.object("kind", "APIVersions", "versions", List.of("v1")));
      case "/apis" -> Optional.of(Json.object("kind", "APIGroupList", "groups", groups()));
      case V3 -> Optional.of(Json.object("paths", openApiPaths()));
      default ->
          path.startsWith(V3)
              ? of(path.substring(V3.length()), this::openApi)
              : groups().stream()
                  .filter(group -> path.equals("/apis/" + Json.text(group, "name")))
                  .findFirst()
                  .or(() -> of(path, this::resources));
    };
  }

  private interface Document {
    ObjectNode of(List<Kind> kinds);
  }

  private Optional<ObjectNode> of(String path, Document document) {
    List<Kind> served = kinds.stream().filter(kind -> kind.path().equals(path)).toList();
    return served.isEmpty() ? Optional.empty() : Optional.of(document.of(served));
  }

  private List<ObjectNode> groups() {
    return kinds.stream()
        .filter(kind -> !kind.group().isEmpty())
        .map(
            kind -> {
              var version = Map.of("groupVersion", kind.apiVersion(), "version", kind.version());
              return Json.object(
                  "kind",
                  "APIGroup",
                  "apiVersion",
                  "v1",
                  "name",
                  kind.group(),
                  "versions",
                  List.of(version),
                  "preferredVersion",
                  version);
            })
        .distinct()
        .toList();
  }

  private ObjectNode resources(List<Kind> served) {
    List<ObjectNode> resources = new ArrayList<>();
    for (Kind kind : served) {
      ObjectNode resource = kind.names().deepCopy();
      resource.put("name", kind.plural()).put("namespaced", kind.namespaced());
      resource.put("singularName", Json.text(kind.names(), "singular"));
      resources.add(resource.setAll(Json.object("verbs", VERBS)));
      if (kind.hasStatus()) {
        resources.add(
            Json.object(
                "name", kind.plural() + "/status",
                "singularName", "",
                "namespaced", kind.namespaced(),
                "kind", kind.kind(),
                "verbs", List.of("get", "patch", "update")));
      }
    }
    return Json.object(
        "kind",
        "APIResourceList",
        "apiVersion",
        "v1",
        "groupVersion",
        served.getFirst().apiVersion(),
        "resources",
        resources);
  }

  private Map<String, Object> openApiPaths() {
    Map<String, Object> paths = new LinkedHashMap<>();
    for (Kind kind : kinds) {
      // Changes with the schema, as clients keep a document for as long as this is the same.
      String hash = "?hash=" + Integer.toHexString(kinds.hashCode());
      paths.put(kind.path().substring(1), Map.of("serverRelativeURL", V3 + kind.path() + hash));
    }
    return paths;
  }

  private ObjectNode openApi(List<Kind> served) {
    Map<String, Object> schemas = new LinkedHashMap<>();
    Map<String, Object> paths = new LinkedHashMap<>();
    for (Kind kind : served) {
      var gvk = Map.of("group", kind.group(), "version", kind.version(), "kind", kind.kind());
      List<ObjectNode> parameters = new ArrayList<>();
      for (String name : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
        parameters.add(
            Json.object("name", name, "in", "query", "schema", Map.of("type", "string")));
      }
      ObjectNode patch =
          Json.object(
              "x-kubernetes-action", "patch",
              "x-kubernetes-group-version-kind", gvk,
              "parameters", parameters);
      String scope = kind.namespaced() ? "/namespaces/{namespace}/" : "/";
      paths.put(
          kind.path() + scope + kind.plural() + "/{name}",
          Map.of(
              "get",
              Map.of("x-kubernetes-action", "get", "x-kubernetes-group-version-kind", gvk),
              "patch",
              patch));
      ObjectNode schema = kind.schema().deepCopy();
      JsonNode metadata =
          schema
              .withObjectProperty("properties")
              .replace("metadata", Json.object("$ref", "#/components/schemas/" + METADATA));
      schema.setAll(Json.object("x-kubernetes-group-version-kind", List.of(gvk)));
      schemas.put(kind.group() + "." + kind.version() + "." + kind.kind(), schema);
      schemas.put(METADATA, metadata);
    }
    return Json.object(
        "openapi",
        "3.0.0",
        "info",
        Map.of("title", "Kubernetes", "version", "simulator"),
        "paths",
        paths,
        "components",
        Map.of("schemas", schemas));
  }
}
