package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What clients ask in order to learn what is served: discovery in its plain (not aggregated) form,
 * and as much OpenAPI as kubectl explains from and needs to leave the checks to the server.
 */
record Documents(List<Kind> kinds) {
  private static final String OPEN_API = "/openapi/v3";
  private static final List<String> VERBS =
      List.of("create", "delete", "get", "list", "patch", "update", "watch");

  /** The document at a path. */
  ObjectNode at(String path) {
    return switch (path) {
      case "/version" ->
          Json.object("major", "1", "minor", "36", "gitVersion", "v1.36.3+simulator");
      case "/api" -> Json.object("kind", "APIVersions", "versions", List.of("v1"));
      case "/apis" -> Json.object("kind", "APIGroupList", "groups", groups());
      case OPEN_API -> Json.object("paths", openApiPaths());
      default ->
          path.startsWith(OPEN_API)
              ? openApi(served(path.substring(OPEN_API.length())))
              : resources(served(path));
    };
  }

  /** The kinds of the group and version at a path. */
  private List<Kind> served(String path) {
    List<Kind> served = kinds.stream().filter(kind -> kind.path().equals(path)).toList();
    if (served.isEmpty()) {
      throw Refusal.nothingServed();
    }
    return served;
  }

  private List<JsonNode> groups() {
    return kinds.stream()
        .filter(kind -> !kind.group().isEmpty())
        .map(Documents::group)
        .distinct()
        .toList();
  }

  private static JsonNode group(Kind kind) {
    JsonNode version = Json.object("groupVersion", kind.apiVersion(), "version", kind.version());
    return Json.object(
        "name", kind.group(), "versions", List.of(version), "preferredVersion", version);
  }

  private static ObjectNode resources(List<Kind> served) {
    List<ObjectNode> resources = new ArrayList<>();
    for (Kind kind : served) {
      ObjectNode names = kind.names().deepCopy();
      names.put("name", kind.plural()).put("namespaced", kind.isNamespaced());
      names.put("singularName", Json.text(names, "singular"));
      resources.add(names.setAll(Json.object("verbs", VERBS)));
    }
    return Json.object("kind", "APIResourceList", "apiVersion", "v1", "resources", resources)
        .put("groupVersion", served.getFirst().apiVersion());
  }

  private ObjectNode openApiPaths() {
    ObjectNode paths = Json.object();
    for (Kind kind : kinds) {
      String path = kind.path();
      paths.set(path.substring(1), Json.object("serverRelativeURL", OPEN_API + path));
    }
    return paths;
  }

  private static ObjectNode openApi(List<Kind> served) {
    ObjectNode paths = Json.object();
    ObjectNode schemas = Json.object();
    for (Kind kind : served) {
      ObjectNode id =
          Json.object("group", kind.group(), "version", kind.version(), "kind", kind.kind());
      String scope = kind.isNamespaced() ? "/namespaces/{namespace}/" : "/";
      paths.set(kind.path() + scope + kind.plural() + "/{name}", operations(id));
      ObjectNode schema = kind.schema().deepCopy();
      schema.putArray("x-kubernetes-group-version-kind").add(id);
      schemas.set(kind.kind(), schema);
    }
    return Json.object("openapi", "3.0.0", "paths", paths)
        .setAll(Json.object("components", Map.of("schemas", schemas)));
  }

  /** The operations by which kubectl knows the kind of a path, and what may be asked of it. */
  private static JsonNode operations(ObjectNode id) {
    return Json.parse(Json.resource("operations.yaml").replace("KIND", id.toString()));
  }
}
