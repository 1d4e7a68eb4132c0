package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.kube.Writes.Mode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers the requests for resources, other than watches. */
final class Api {
  /** What is answered. */
  record Answer(int code, JsonNode body, List<String> warnings) {
    static Answer ok(JsonNode body) {
      return new Answer(200, body, List.of());
    }
  }

  private final Store store;
  private final Types types;
  private final Writes writes;

  Api(Store store, Types types) {
    this.store = store;
    this.types = types;
    this.writes = new Writes(store, types);
  }

  ResourceType type(Call call) {
    return types
        .find(call.apiVersion(), call.resource())
        .filter(t -> isServed(t, call))
        .orElseThrow(ApiFailure::noSuchPath);
  }

  private static boolean isServed(ResourceType type, Call call) {
    boolean subresource =
        call.subresource().isEmpty() || (call.subresource().equals("status") && type.hasStatus());
    boolean scope =
        type.namespaced()
            ? !call.namespace().isEmpty() || (call.method().equals("GET") && call.name().isEmpty())
            : call.namespace().isEmpty();
    return subresource && scope;
  }

  Answer answer(Call call) {
    if (call.resource().equals("selfsubjectaccessreviews")) {
      ObjectNode review = (ObjectNode) Json.parse(call.body());
      review.putObject("status").put("allowed", true);
      return new Answer(201, review, List.of());
    }
    return store.alone(
        () -> {
          ResourceType type = type(call);
          return switch (call.verb()) {
            case "get" -> get(type, call);
            case "list" -> list(type, call);
            case "create" -> create(type, call);
            case "update" -> update(type, call);
            case "patch" -> call.isApply() ? apply(type, call) : patch(type, call);
            case "delete" -> delete(type, call);
            case "deletecollection" -> deleteAll(type, call);
            default ->
                throw ApiFailure.of(
                    405, "the server does not allow this method on the requested resource");
          };
        });
  }

  private Answer get(ResourceType type, Call call) {
    ObjectNode live = live(type, call);
    return Answer.ok(
        call.wantsTable()
            ? Tables.of(type, List.of(live), listMetadata(store.revision()), include(call))
            : type.shown(live));
  }

  private ObjectNode live(ResourceType type, Call call) {
    ObjectNode live = find(type, call);
    if (live == null) {
      throw ApiFailure.notFound(type, call.name());
    }
    return live;
  }

  private @Nullable ObjectNode find(ResourceType type, Call call) {
    return store.find(new ObjectKey(type.storedAs(), call.namespace(), call.name()));
  }

  private static String include(Call call) {
    return call.query().getOrDefault("includeObject", "Metadata");
  }

  private static ObjectNode listMetadata(long revision) {
    return Json.object().put("resourceVersion", Long.toString(revision));
  }

  private Answer list(ResourceType type, Call call) {
    long asOf = store.revision();
    int from = 0;
    if (!call.parameter("continue").isEmpty()) {
      JsonNode token =
          Json.parse(
              new String(
                  Base64.getUrlDecoder().decode(call.parameter("continue")),
                  StandardCharsets.UTF_8));
      asOf = token.path("asOf").asLong();
      from = token.path("from").asInt();
    }
    Predicate<JsonNode> selection = Selection.of(type, call);
    List<ObjectNode> all =
        store.at(type.storedAs(), call.namespace(), asOf).stream().filter(selection).toList();
    int limit = call.parameter("limit").isEmpty() ? 0 : Integer.parseInt(call.parameter("limit"));
    int start = Math.min(from, all.size());
    int end = limit == 0 ? all.size() : Math.min(all.size(), start + limit);
    ObjectNode metadata = listMetadata(asOf);
    if (end < all.size()) {
      ObjectNode token = Json.object().put("asOf", asOf).put("from", end);
      metadata.put("continue", Base64.getUrlEncoder().encodeToString(Json.write(token)));
      metadata.put("remainingItemCount", all.size() - end);
    }
    List<ObjectNode> page = all.subList(start, end);
    return Answer.ok(
        call.wantsTable()
            ? Tables.of(type, page, metadata, include(call))
            : list(type, page, metadata));
  }

  private static ObjectNode list(
      ResourceType type, Collection<ObjectNode> objects, ObjectNode metadata) {
    ObjectNode list =
        Json.object().put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
    list.set("metadata", metadata);
    var items = list.putArray("items");
    objects.forEach(object -> items.add(type.shown(object)));
    return list;
  }

  private Answer create(ResourceType type, Call call) {
    if (!call.name().isEmpty()) {
      throw ApiFailure.of(405, "the server does not allow this method on the requested resource");
    }
    ObjectNode given = given(type, call, Json.parse(call.body()));
    Mode mode = Mode.of(call);
    ObjectNode created = writes.create(type, call.namespace(), type.stored(given), mode);
    return new Answer(201, type.shown(created), mode.warnings());
  }

  private static ObjectNode given(ResourceType type, Call call, JsonNode body) {
    if (!(body instanceof ObjectNode object)) {
      throw ApiFailure.badRequest("the body of the request must be an object");
    }
    String kind = Json.text(object, "kind");
    String version = Json.text(object, "apiVersion");
    if (!kind.equals(type.kind()) || !version.equals(type.apiVersion())) {
      throw ApiFailure.badRequest(
          "the object provided is %s, Kind=%s; expected %s, Kind=%s"
              .formatted(version, kind, type.apiVersion(), type.kind()));
    }
    String namespace = Json.text(object, "metadata", "namespace");
    if (!namespace.isEmpty() && !namespace.equals(call.namespace())) {
      throw ApiFailure.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    String name = Json.text(object, "metadata", "name");
    if (!call.name().isEmpty() && !name.equals(call.name())) {
      throw ApiFailure.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name, call.name()));
    }
    return object;
  }

  private Answer update(ResourceType type, Call call) {
    ObjectNode given = given(type, call, Json.parse(call.body()));
    return changed(type, call, live(type, call), type.stored(given));
  }

  private Answer patch(ResourceType type, Call call) {
    ObjectNode live = live(type, call);
    ObjectNode patched = Patches.apply(type, type.shown(live), call.contentType(), call.body());
    return changed(type, call, live, type.stored(patched));
  }

  private Answer changed(ResourceType type, Call call, ObjectNode live, ObjectNode desired) {
    Mode mode = Mode.of(call);
    ObjectNode updated = writes.update(type, live, desired, call.subresource(), mode);
    return new Answer(200, type.shown(updated), mode.warnings());
  }

  private Answer apply(ResourceType type, Call call) {
    if (call.parameter("fieldManager").isEmpty()) {
      throw ApiFailure.badRequest(
          "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for"
              + " apply patch");
    }
    ObjectNode applied = given(type, call, Json.parseYaml(call.body()));
    if (!applied.at("/metadata/managedFields").isEmpty()) {
      throw ApiFailure.badRequest("metadata.managedFields must be nil");
    }
    refuseUndeclared(type, call, applied);
    if (call.subresource().equals("status")) {
      applied.retain("apiVersion", "kind", "metadata", "status");
      Json.metadata(applied).retain("name", "namespace", "resourceVersion", "uid");
    } else if (type.hasStatus()) {
      applied.remove("status");
    }
    ObjectNode live = find(type, call);
    if (live == null && !call.subresource().isEmpty()) {
      throw ApiFailure.notFound(type, call.name());
    }
    Mode mode = Mode.of(call);
    ObjectNode from = live == null ? Json.object() : live;
    ObjectNode merged =
        ServerSideApply.merge(
            Writes.schema(type), from, type.stored(applied), mode.owner(), call.isSet("force"));
    if (live == null) {
      ObjectNode created = writes.create(type, call.namespace(), merged, mode);
      return new Answer(201, type.shown(created), mode.warnings());
    }
    ObjectNode updated = writes.update(type, live, merged, call.subresource(), mode);
    return new Answer(200, type.shown(updated), mode.warnings());
  }

  private static void refuseUndeclared(ResourceType type, Call call, ObjectNode applied) {
    if (type.schema() == null) {
      return;
    }
    List<String> unknown = Schema.prune(type.schema(), applied.deepCopy());
    if (!unknown.isEmpty()) {
      throw ApiFailure.of(
          500,
          "failed to create typed patch object (%s/%s; %s, Kind=%s): %s"
              .formatted(
                  call.namespace(),
                  call.name(),
                  type.apiVersion(),
                  type.kind(),
                  String.join(
                      ", ",
                      unknown.stream()
                          .map(u -> "." + u + ": field not declared in schema")
                          .toList())));
    }
  }

  private Answer delete(ResourceType type, Call call) {
    ObjectNode live = live(type, call);
    JsonNode options = call.body().isEmpty() ? Json.object() : Json.parse(call.body());
    refuseOther(type, live, options, "uid", "UID");
    refuseOther(type, live, options, "resourceVersion", "ResourceVersion");
    boolean dryRun = call.isDryRun() || options.path("dryRun").has(0);
    ObjectNode left = writes.delete(type, live, dryRun);
    if (Json.isDeleting(left)) {
      return Answer.ok(type.shown(left));
    }
    ObjectNode status =
        Json.object().put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    status.putObject("metadata");
    status
        .putObject("details")
        .put("name", call.name())
        .put("group", type.group())
        .put("kind", type.plural())
        .put("uid", Json.text(live, "metadata", "uid"));
    return Answer.ok(status);
  }

  private static void refuseOther(
      ResourceType type, ObjectNode live, JsonNode options, String name, String shown) {
    String wanted = Json.text(options, "preconditions", name);
    String is = Json.text(live, "metadata", name);
    if (!wanted.isEmpty() && !wanted.equals(is)) {
      throw ApiFailure.conflict(
          type,
          Json.text(live, "metadata", "name"),
          "Precondition failed: %s in precondition: %s, %s in object meta: %s"
              .formatted(shown, wanted, shown, is));
    }
  }

  private Answer deleteAll(ResourceType type, Call call) {
    List<ObjectNode> chosen =
        store.now(type.storedAs(), call.namespace()).stream()
            .filter(Selection.of(type, call))
            .toList();
    chosen.forEach(live -> writes.delete(type, live, call.isDryRun()));
    return Answer.ok(list(type, chosen, listMetadata(store.revision())));
  }
}
