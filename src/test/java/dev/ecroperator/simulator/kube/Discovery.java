package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** What clients ask in order to learn what is served, in its plain (not aggregated) form. */
final class Discovery {
  private static final String REVIEWS = "authorization.k8s.io/v1";

  private final Types types;

  Discovery(Types types) {
    this.types = types;
  }

  Optional<ObjectNode> find(String path) {
    List<String> parts = List.of(path.substring(1).split("/", -1));
    return switch (parts.getFirst()) {
      case "version" -> Optional.of(version());
      case "api" -> parts.size() == 1 ? Optional.of(coreVersions()) : resources(path, "/api/");
      case "apis" ->
          switch (parts.size()) {
            case 1 -> Optional.of(groups());
            case 2 ->
                groupNames().stream().filter(parts.get(1)::equals).findFirst().map(this::group);
            default -> resources(path, "/apis/");
          };
      default -> Optional.empty();
    };
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "32")
        .put("gitVersion", "v1.32.4+simulator")
        .put("gitCommit", "simulator")
        .put("gitTreeState", "clean")
        .put("buildDate", "2025-04-22T00:00:00Z")
        .put("goVersion", "none")
        .put("compiler", "javac")
        .put("platform", "linux/amd64");
  }

  private static ObjectNode coreVersions() {
    ObjectNode versions = Json.object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return versions;
  }

  private NavigableSet<String> groupNames() {
    NavigableSet<String> names = new TreeSet<>(List.of("authorization.k8s.io"));
    types.all().stream().map(ResourceType::group).filter(g -> !g.isEmpty()).forEach(names::add);
    return names;
  }

  private ObjectNode groups() {
    ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    groupNames().forEach(name -> groups.add(group(name)));
    return list;
  }

  private ObjectNode group(String name) {
    ObjectNode group = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    group.put("name", name);
    ArrayNode versions = group.putArray("versions");
    List<String> names =
        types.all().stream()
            .filter(t -> t.group().equals(name))
            .map(ResourceType::version)
            .distinct()
            .toList();
    for (String version : names.isEmpty() ? List.of("v1") : names) {
      versions.addObject().put("groupVersion", name + "/" + version).put("version", version);
    }
    group.set("preferredVersion", versions.path(0).deepCopy());
    return group;
  }

  private Optional<ObjectNode> resources(String path, String prefix) {
    String apiVersion = path.substring(prefix.length());
    ObjectNode list =
        Json.object()
            .put("kind", "APIResourceList")
            .put("apiVersion", "v1")
            .put("groupVersion", apiVersion);
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : types.all()) {
      if (type.apiVersion().equals(apiVersion)) {
        ObjectNode resource = resource(resources, type, type.plural());
        resource.put("singularName", type.singular());
        resource.set("shortNames", Json.strings(type.shortNames()));
        resource.set("categories", Json.strings(type.categories()));
        resource.set(
            "verbs",
            Json.strings(
                List.of(
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "create",
                    "update",
                    "watch")));
        if (type.hasStatus()) {
          resource(resources, type, type.plural() + "/status")
              .set("verbs", Json.strings(List.of("get", "patch", "update")));
        }
      }
    }
    if (apiVersion.equals(REVIEWS)) {
      resources
          .addObject()
          .put("name", "selfsubjectaccessreviews")
          .put("singularName", "selfsubjectaccessreview")
          .put("namespaced", false)
          .put("kind", "SelfSubjectAccessReview")
          .set("verbs", Json.strings(List.of("create")));
    }
    return resources.isEmpty() ? Optional.empty() : Optional.of(list);
  }

  private static ObjectNode resource(ArrayNode resources, ResourceType type, String name) {
    return resources
        .addObject()
        .put("name", name)
        .put("singularName", "")
        .put("namespaced", type.namespaced())
        .put("kind", type.kind());
  }
}
