package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rules by which objects are read, come to be, change and go. */
final class Api {
  /** What is answered. */
  record Answer(int code, Object body, List<String> warnings) {}

  private static final String NAME = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?";

  /** The metadata that no update changes. */
  private static final List<String> FIXED =
      List.of(
          ("name namespace uid resourceVersion generation creationTimestamp deletionTimestamp"
                  + " deletionGracePeriodSeconds")
              .split(" ", -1));

  private final Store store;
  private final List<Kind> kinds;
  private final Map<String, FieldOwners> owners = new HashMap<>();

  Api(Store store, List<Kind> kinds) {
    this.store = store;
    this.kinds = kinds;
  }

  /** The kind that a request is about. */
  Kind kind(Call call) {
    LoggedRequest request = call.request();
    return kinds.stream()
        .filter(k -> k.path().equals(call.groupVersion()) && k.plural().equals(request.resource()))
        .filter(k -> request.subresource().isEmpty() || (call.isOfStatus() && k.hasStatus()))
        .findFirst()
        .orElseThrow(() -> Refusal.of(404, "the server could not find the requested resource"));
  }

  Answer answer(Call call) {
    Kind kind = kind(call);
    return store.alone(
        () ->
            switch (call.request().verb()) {
              case "get" -> shown(kind, call, live(kind, call));
              case "list" -> list(kind, call);
              case "create" -> create(kind, call, given(kind, call, call.body()));
              case "update" -> update(kind, call, live(kind, call), given(kind, call, call.body()));
              case "patch" -> call.isApply() ? apply(kind, call) : patch(kind, call);
              case "delete" -> delete(kind, call, live(kind, call));
              case "deletecollection" -> deleteAll(kind, call);
              default -> throw Refusal.of(405, "the server does not allow this method");
            });
  }

  // Reading.

  private static Answer shown(Kind kind, Call call, ObjectNode live) {
    boolean table = call.wantsTable();
    return new Answer(
        200, table ? table(kind, call, List.of(live), Json.object()) : live, List.of());
  }

  /** The table of objects that a request wants. */
  static ObjectNode table(Kind kind, Call call, List<ObjectNode> objects, ObjectNode metadata) {
    return Table.of(kind, objects, metadata, call.parameter("includeObject"));
  }

  private @Nullable ObjectNode find(Kind kind, Call call) {
    return store.find(new Store.Key(kind.plural(), call.request().namespace(), call.name()));
  }

  private ObjectNode live(Kind kind, Call call) {
    ObjectNode live = find(kind, call);
    if (live == null) {
      throw Refusal.notFound(kind, call.name());
    }
    return live;
  }

  private List<ObjectNode> selected(Kind kind, Call call) {
    return store.list(kind.plural(), call.request().namespace()).stream()
        .filter(Selection.of(kind, call))
        .toList();
  }

  private Answer list(Kind kind, Call call) {
    int limit = call.parameter("limit").isEmpty() ? 0 : Integer.parseInt(call.parameter("limit"));
    String token = call.parameter("continue");
    Store.Listed listed =
        token.isEmpty()
            ? store.firstPage(selected(kind, call), limit)
            : store.nextPage(token, limit);
    ObjectNode metadata = Json.object("resourceVersion", Long.toString(listed.revision()));
    if (listed.remaining() > 0) {
      metadata.put("continue", listed.token()).put("remainingItemCount", listed.remaining());
    }
    ObjectNode body =
        call.wantsTable()
            ? table(kind, call, listed.items(), metadata)
            : Json.object(
                "kind",
                kind.kind() + "List",
                "apiVersion",
                kind.apiVersion(),
                "metadata",
                metadata,
                "items",
                listed.items());
    return new Answer(200, body, List.of());
  }

  // Creation.

  private static ObjectNode given(Kind kind, Call call, String body) {
    if (call.contentType().contains("protobuf")) {
      throw Refusal.of(
          415,
          "the body of the request was in an unknown format - accepted media types include:"
              + " application/json");
    }
    if (!(Json.parse(body) instanceof ObjectNode object)
        || !Json.text(object, "kind").equals(kind.kind())
        || !Json.text(object, "apiVersion").equals(kind.apiVersion())) {
      throw Refusal.of(
          400, "the object provided is no " + kind.apiVersion() + ", Kind=" + kind.kind());
    }
    String namespace = Json.text(object, "metadata", "namespace");
    if (!List.of("", call.request().namespace()).contains(namespace)) {
      throw Refusal.of(
          400,
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    return object;
  }

  private Answer create(Kind kind, Call call, ObjectNode object) {
    ObjectNode metadata = Json.metadata(object);
    if (Json.text(metadata, "name").isEmpty() && metadata.has("generateName")) {
      String random = UUID.randomUUID().toString().substring(0, 5);
      metadata.put("name", Json.text(metadata, "generateName") + random);
    }
    String name = Json.text(metadata, "name");
    String namespace = call.request().namespace();
    requireNamespace(kind, namespace, name);
    if (!name.matches(NAME)) {
      String why =
          "Invalid value: \""
              + name
              + "\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
              + " characters, '-' or '.', and must start and end with an alphanumeric character";
      throw Refusal.invalid(kind, name, "Invalid", "metadata.name", why);
    }
    Store.Key key = new Store.Key(kind.plural(), namespace, name);
    if (store.find(key) != null) {
      throw Refusal.alreadyExists(kind, name);
    }
    metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "generation"));
    metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    if (!kind.builtIn()) {
      metadata.put("generation", 1);
    }
    if (kind.plural().equals("namespaces")) {
      metadata.withObjectProperty("labels").put("kubernetes.io/metadata.name", name);
      object.withObjectProperty("status").put("phase", "Active");
    }
    if (kind.hasStatus()) {
      object.remove("status");
    }
    List<String> warnings = fit(kind, call, object, Json.object());
    return new Answer(201, commit(kind, call, key, Json.object(), object), warnings);
  }

  private void requireNamespace(Kind kind, String namespace, String name) {
    ObjectNode found = store.find(new Store.Key("namespaces", "", namespace));
    if (kind.namespaced() && found == null) {
      throw Refusal.notFound(kinds.getFirst(), namespace);
    }
    if (found != null && Json.isDeleting(found)) {
      throw Refusal.of(
          403,
          "%s is forbidden: unable to create new content in namespace %s because it is being terminated"
              .formatted(kind.quoted(name), namespace));
    }
  }

  /** Makes an object fit its schema, or refuses it; what was wrong before may stay wrong. */
  private static List<String> fit(Kind kind, Call call, ObjectNode object, ObjectNode live) {
    String validation = call.parameter("fieldValidation");
    List<String> unknown =
        Schema.prune(kind.schema(), object).stream()
            .map("unknown field \"%s\""::formatted)
            .toList();
    if (!unknown.isEmpty() && validation.equals("Strict")) {
      throw Refusal.of(
          400,
          "%1$s in version \"%2$s\" cannot be handled as a %1$s: strict decoding error: %3$s"
              .formatted(kind.kind(), kind.version(), String.join(", ", unknown)));
    }
    Schema.applyDefaults(kind.schema(), object);
    List<StatusCause> causes = new ArrayList<>(Schema.check(kind.schema(), object));
    if (!causes.isEmpty() && !live.isEmpty()) {
      causes.removeAll(Schema.check(kind.schema(), live));
    }
    if (!causes.isEmpty()) {
      throw Refusal.invalid(kind, Json.text(object, "metadata", "name"), causes);
    }
    return validation.equals("Ignore") ? List.of() : unknown;
  }

  private ObjectNode commit(
      Kind kind, Call call, Store.Key key, ObjectNode old, ObjectNode object) {
    if (call.isDryRun()) {
      return object;
    }
    // Who applies was noted by the merge. A default in the status is nobody's.
    if (!call.isApply()) {
      ObjectNode before = old.deepCopy();
      if (kind.hasStatus() && !call.isOfStatus()) {
        Json.carry("status", object, before);
      }
      owners(kind, object).update(owner(kind, call), before, object);
    }
    return store.write(key, object);
  }

  private FieldOwners owners(Kind kind, ObjectNode object) {
    return owners.computeIfAbsent(
        Json.text(object, "metadata", "uid"), _ -> new FieldOwners(kind.schema()));
  }

  /** How the manager of a request is named: with the version, unless it applies. */
  private static String owner(Kind kind, Call call) {
    if (call.manager().equals("kubectl-client-side-apply")) {
      // As if kubectl had applied on the server side: the real one leaves that to kubectl.
      return "\"kubectl\"";
    }
    return "\"%s\"%s%s"
        .formatted(
            call.manager(),
            call.isOfStatus() ? " with subresource \"status\"" : "",
            call.isApply() ? "" : " using " + kind.apiVersion());
  }

  // Changes.

  private Answer update(Kind kind, Call call, ObjectNode live, ObjectNode desired) {
    refuseStale(kind, live, desired);
    ObjectNode updated = call.isOfStatus() ? live.deepCopy() : desired;
    if (kind.hasStatus()) {
      Json.carry("status", call.isOfStatus() ? desired : live, updated);
    }
    ObjectNode metadata = Json.metadata(updated);
    FIXED.forEach(member -> Json.carry(member, live.path("metadata"), metadata));
    refuseNewFinalizers(kind, live, updated);
    List<String> warnings = fit(kind, call, updated, live);
    if (!kind.builtIn() && !updated.path("spec").equals(live.path("spec"))) {
      metadata.put("generation", live.at("/metadata/generation").asInt() + 1);
    }
    Store.Key key = key(kind, live);
    if (Json.isDeleting(live) && metadata.path("finalizers").isEmpty()) {
      return new Answer(200, remove(call, key, updated), warnings);
    }
    // The real server writes nothing where nothing changes: no new resourceVersion, no event.
    boolean same = updated.equals(live);
    return new Answer(200, same ? live : commit(kind, call, key, live, updated), warnings);
  }

  private static void refuseStale(Kind kind, ObjectNode live, ObjectNode desired) {
    String name = Json.text(live, "metadata", "name");
    String uid = Json.text(desired, "metadata", "uid");
    String liveUid = Json.text(live, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(liveUid)) {
      throw Refusal.conflict(
          kind,
          name,
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, liveUid));
    }
    String version = Json.text(desired, "metadata", "resourceVersion");
    if (version.isEmpty()) {
      String why = "Invalid value: 0: must be specified for an update";
      throw Refusal.invalid(kind, name, "Invalid", "metadata.resourceVersion", why);
    }
    if (!version.equals(Json.text(live, "metadata", "resourceVersion"))) {
      throw Refusal.conflict(
          kind,
          name,
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
  }

  private static void refuseNewFinalizers(Kind kind, ObjectNode live, ObjectNode updated) {
    List<String> fresh = new ArrayList<>(Json.texts(updated.at("/metadata/finalizers")));
    fresh.removeAll(Json.texts(live.at("/metadata/finalizers")));
    if (Json.isDeleting(live) && !fresh.isEmpty()) {
      String why =
          "Forbidden: no new finalizers can be added if the object is being deleted, found new"
              + " finalizers "
              + fresh;
      String name = Json.text(live, "metadata", "name");
      throw Refusal.invalid(kind, name, "Forbidden", "metadata.finalizers", why);
    }
  }

  private Answer patch(Kind kind, Call call) {
    ObjectNode live = live(kind, call);
    JsonNode patched;
    if (call.contentType().startsWith("application/json-patch+json")) {
      try {
        patched = JsonPatch.apply(Json.parse(call.body()), live);
      } catch (JsonPatchException e) {
        throw Refusal.of(422, "the server rejected our request due to an error in our request");
      }
    } else if (call.contentType().startsWith("application/merge-patch+json")) {
      patched = merged(live, Json.parse(call.body()));
    } else {
      throw Refusal.of(
          415,
          "the body of the request was in an unknown format - accepted media types include:"
              + " application/json-patch+json, application/merge-patch+json,"
              + " application/apply-patch+yaml");
    }
    return update(kind, call, live, (ObjectNode) patched);
  }

  /** RFC 7396. */
  private static JsonNode merged(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode merged = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
    patch
        .properties()
        .forEach(
            e -> {
              if (e.getValue().isNull()) {
                merged.remove(e.getKey());
              } else {
                merged.set(e.getKey(), merged(merged.path(e.getKey()), e.getValue()));
              }
            });
    return merged;
  }

  private Answer apply(Kind kind, Call call) {
    ObjectNode applied = given(kind, call, call.body());
    List<String> unknown = Schema.prune(kind.schema(), applied.deepCopy());
    if (!unknown.isEmpty()) {
      throw Refusal.of(
          500,
          "failed to create typed patch object (%s/%s; %s, Kind=%s): .%s: field not declared in schema"
              .formatted(
                  call.request().namespace(),
                  call.name(),
                  kind.apiVersion(),
                  kind.kind(),
                  unknown.getFirst()));
    }
    if (kind.hasStatus()) {
      applied.remove("status");
    }
    boolean force = call.parameter("force").equals("true");
    ObjectNode live = find(kind, call);
    FieldOwners then = live == null ? new FieldOwners(kind.schema()) : owners(kind, live).copy();
    ObjectNode from = live == null ? Json.object() : live;
    ObjectNode merged = then.apply(owner(kind, call), from, applied, force);
    Answer answer = live == null ? create(kind, call, merged) : update(kind, call, live, merged);
    if (!call.isDryRun()) {
      owners.put(Json.text((ObjectNode) answer.body(), "metadata", "uid"), then);
    }
    return answer;
  }

  // Deletion.

  private Answer delete(Kind kind, Call call, ObjectNode live) {
    Store.Key key = key(kind, live);
    boolean namespace = kind.plural().equals("namespaces");
    if (!namespace && live.at("/metadata/finalizers").isEmpty()) {
      remove(call, key, live);
      ObjectNode details =
          Json.object(
              "name", key.name(),
              "group", kind.group(),
              "kind", kind.plural(),
              "uid", live.at("/metadata/uid"));
      return new Answer(
          200,
          Json.object(
              "kind", "Status",
              "apiVersion", "v1",
              "status", "Success",
              "details", details),
          List.of());
    }
    if (Json.isDeleting(live)) {
      return new Answer(200, live, List.of());
    }
    ObjectNode marked = live.deepCopy();
    ObjectNode metadata = Json.metadata(marked);
    metadata.put("deletionTimestamp", now()).put("deletionGracePeriodSeconds", 0);
    if (!kind.builtIn()) {
      metadata.put("generation", metadata.path("generation").asInt() + 1);
    }
    if (namespace) {
      marked.withObjectProperty("status").put("phase", "Terminating");
    }
    return new Answer(200, call.isDryRun() ? marked : store.write(key, marked), List.of());
  }

  private Answer deleteAll(Kind kind, Call call) {
    List<ObjectNode> chosen = selected(kind, call);
    chosen.forEach(live -> delete(kind, call, live));
    return list(kind, call);
  }

  private ObjectNode remove(Call call, Store.Key key, ObjectNode last) {
    if (!call.isDryRun()) {
      store.remove(key);
      owners.remove(Json.text(last, "metadata", "uid"));
    }
    return last;
  }

  // Behind everyone's back.

  /** Stores an object unchecked; what the server would set is set where it is missing. */
  ObjectNode put(ObjectNode object) {
    Kind kind =
        kinds.stream()
            .filter(k -> k.apiVersion().equals(Json.text(object, "apiVersion")))
            .filter(k -> k.kind().equals(Json.text(object, "kind")))
            .findFirst()
            .orElseThrow();
    Store.Key key = key(kind, object);
    return store.alone(
        () -> {
          ObjectNode found = store.find(key);
          ObjectNode live = found == null ? Json.object() : found;
          ObjectNode metadata = Json.metadata(object);
          JsonNode old = live.path("metadata");
          if (!metadata.has("uid")) {
            metadata.put("uid", old.path("uid").asText(UUID.randomUUID().toString()));
          }
          if (!metadata.has("creationTimestamp")) {
            metadata.put("creationTimestamp", old.path("creationTimestamp").asText(now()));
          }
          if (!kind.builtIn()) {
            boolean moved = !live.path("spec").equals(object.path("spec"));
            metadata.put("generation", old.path("generation").asInt(0) + (moved ? 1 : 0));
          }
          return store.write(key, object);
        });
  }

  private static Store.Key key(Kind kind, ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    return new Store.Key(
        kind.plural(), Json.text(metadata, "namespace"), Json.text(metadata, "name"));
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
