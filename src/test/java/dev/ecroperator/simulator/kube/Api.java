package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The rules by which objects are read, come to be, change and go. */
final class Api {
  /** The metadata that no update changes. */
  private static final List<String> FIXED =
      List.of(
          ("name namespace uid resourceVersion generation creationTimestamp deletionTimestamp"
                  + " deletionGracePeriodSeconds")
              .split(" ", -1));

  private final Store store;
  private final List<Kind> kinds;
  private final Map<String, ObjectNode> applied = new HashMap<>();

  Api(Store store, List<Kind> kinds) {
    this.store = store;
    this.kinds = kinds;
  }

  /** The kind that a request is about. */
  Kind kind(Call call) {
    LoggedRequest request = call.request();
    return kinds.stream()
        .filter(kind -> call.path().startsWith(kind.path() + "/"))
        .filter(kind -> kind.plural().equals(request.resource()))
        .filter(kind -> request.subresource().isEmpty() || (call.isOfStatus() && kind.isCustom()))
        .findFirst()
        .orElseThrow(Refusal::nothingServed);
  }

  /** Does what a request asks for; answers the object, the list or the table. */
  ObjectNode answer(Call call) {
    Kind kind = kind(call);
    return store.alone(
        () ->
            switch (call.request().verb()) {
              case "get" -> shown(kind, call, live(kind, call));
              case "list" -> list(kind, call);
              case "create" -> create(kind, call, call.object());
              case "update" -> update(kind, call, live(kind, call), call.object());
              case "patch" -> call.isApply() ? apply(kind, call) : patch(kind, call);
              case "delete" -> delete(kind, call, live(kind, call));
              default -> throw Refusal.of(405, "the server does not allow this method");
            });
  }

  // Reading.

  /** An object as a request wants to see it. */
  static ObjectNode shown(Kind kind, Call call, ObjectNode object) {
    return call.wantsTable() ? Table.of(kind, List.of(object), Json.object()) : object;
  }

  private Optional<ObjectNode> find(Kind kind, Call call) {
    LoggedRequest request = call.request();
    return store.find(new Store.Key(kind.plural(), request.namespace(), request.name()));
  }

  private ObjectNode live(Kind kind, Call call) {
    return find(kind, call).orElseThrow(() -> Refusal.notFound(kind, call.request().name()));
  }

  private ObjectNode list(Kind kind, Call call) {
    List<ObjectNode> objects =
        store.list(kind.plural(), call.request().namespace()).stream()
            .filter(call.selection())
            .toList();
    ObjectNode metadata = Json.object("resourceVersion", store.version());
    return call.wantsTable()
        ? Table.of(kind, objects, metadata)
        : Json.object("kind", kind.kind() + "List", "apiVersion", kind.apiVersion())
            .<ObjectNode>set("metadata", metadata)
            .set("items", Json.MAPPER.createArrayNode().addAll(objects));
  }

  // Creation.

  private ObjectNode create(Kind kind, Call call, ObjectNode object) {
    String namespace = call.request().namespace();
    if (kind.isNamespaced() && store.find(new Store.Key("namespaces", "", namespace)).isEmpty()) {
      throw Refusal.notFound(kinds.getFirst(), namespace);
    }
    ObjectNode metadata = Json.metadata(object);
    String name = Json.text(metadata, "name");
    if (name.isEmpty()) {
      name = Json.text(metadata, "generateName") + UUID.randomUUID().toString().substring(0, 5);
    }
    metadata.remove(FIXED);
    metadata.put("name", name);
    if (kind.isNamespaced()) {
      metadata.put("namespace", namespace);
    }
    Store.Key key = kind.key(object);
    if (store.find(key).isPresent()) {
      throw Refusal.alreadyExists(kind, name);
    }
    identify(metadata);
    if (kind.isCustom()) {
      metadata.put("generation", 1);
      object.remove("status");
    }
    fit(kind, call, object);
    return call.isDryRun() ? object : store.write(key, object);
  }

  /** Gives an object what tells it from its namesakes, where it does not have it. */
  private static void identify(ObjectNode metadata) {
    metadata.putIfAbsent("uid", TextNode.valueOf(UUID.randomUUID().toString()));
    metadata.putIfAbsent("creationTimestamp", TextNode.valueOf(now()));
  }

  /** Makes an object fit its schema, or refuses it. */
  private static void fit(Kind kind, Call call, ObjectNode object) {
    Fit fit = Fit.of(kind.schema(), object);
    if (!fit.unknown().isEmpty() && (call.isStrict() || call.isApply())) {
      throw Refusal.of(
          400,
          "%1$s in version \"%2$s\" cannot be handled as a %1$s: strict decoding error: %3$s"
              .formatted(kind.kind(), kind.version(), String.join(", ", fit.unknown())));
    }
    if (!fit.wrong().isEmpty()) {
      throw Refusal.invalid(kind, kind.key(object).name(), String.join(", ", fit.wrong()));
    }
  }

  // Changes.

  private ObjectNode update(Kind kind, Call call, ObjectNode live, ObjectNode desired) {
    refuseStale(kind, live, desired);
    ObjectNode updated = call.isOfStatus() ? live.deepCopy() : desired;
    if (kind.isCustom()) {
      Json.carry("status", call.isOfStatus() ? desired : live, updated);
    }
    ObjectNode metadata = Json.metadata(updated);
    FIXED.forEach(member -> Json.carry(member, live.path("metadata"), metadata));
    fit(kind, call, updated);
    countSpecs(kind, live, updated);
    return settle(kind, call, live, updated);
  }

  /** Moves the generation where the spec is another. */
  private static void countSpecs(Kind kind, ObjectNode live, ObjectNode changed) {
    if (!changed.path("spec").equals(live.path("spec"))) {
      nextGeneration(kind, Json.metadata(changed));
    }
  }

  private static void nextGeneration(Kind kind, ObjectNode metadata) {
    if (kind.isCustom()) {
      metadata.put("generation", metadata.path("generation").asInt() + 1);
    }
  }

  /** Stores what became of an object, or lets it go where it is deleted and nothing holds it. */
  private ObjectNode settle(Kind kind, Call call, ObjectNode live, ObjectNode changed) {
    JsonNode metadata = changed.path("metadata");
    boolean isGone = Json.isDeleting(changed) && metadata.path("finalizers").isEmpty();
    if (isGone && !call.isDryRun()) {
      store.remove(kind.key(live));
    }
    // The real server writes nothing where nothing changes: no new resourceVersion, no event.
    return isGone || call.isDryRun() || changed.equals(live)
        ? changed
        : store.write(kind.key(live), changed);
  }

  private static void refuseStale(Kind kind, ObjectNode live, ObjectNode desired) {
    String uid = Json.text(desired, "metadata", "uid");
    if (!List.of("", Json.text(live, "metadata", "uid")).contains(uid)) {
      throw Refusal.conflict(kind, live, "Precondition failed: UID in precondition: " + uid);
    }
    if (!desired.at("/metadata/resourceVersion").equals(live.at("/metadata/resourceVersion"))) {
      throw Refusal.conflict(
          kind,
          live,
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
  }

  private ObjectNode patch(Kind kind, Call call) {
    ObjectNode live = live(kind, call);
    return update(kind, call, live, Merge.patched(live, call.contentType(), call.body()));
  }

  private ObjectNode apply(Kind kind, Call call) {
    ObjectNode given = call.object();
    ObjectNode result =
        find(kind, call)
            .map(live -> update(kind, call, live, Merge.applied(live, before(live, call), given)))
            .orElseGet(() -> create(kind, call, given.deepCopy()));
    if (!call.isDryRun()) {
      // What the server sets is not the applier's to give up.
      Json.metadata(given).retain("labels", "annotations", "finalizers", "ownerReferences");
      applied.put(applier(result, call), given);
    }
    return result;
  }

  /** What who applies now has applied last. */
  private ObjectNode before(ObjectNode live, Call call) {
    return applied.getOrDefault(applier(live, call), Json.object());
  }

  private static String applier(ObjectNode object, Call call) {
    return Json.text(object, "metadata", "uid") + " " + call.manager();
  }

  // Deletion.

  private ObjectNode delete(Kind kind, Call call, ObjectNode live) {
    ObjectNode marked = live.deepCopy();
    ObjectNode metadata = Json.metadata(marked);
    if (!Json.isDeleting(live)) {
      metadata.put("deletionTimestamp", now()).put("deletionGracePeriodSeconds", 0);
      nextGeneration(kind, metadata);
    }
    return settle(kind, call, live, marked);
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
    return store.alone(
        () -> {
          ObjectNode live = store.find(kind.key(object)).orElse(Json.object());
          ObjectNode metadata = Json.metadata(live.deepCopy()).retain("uid", "creationTimestamp");
          object.set("metadata", metadata.setAll(Json.metadata(object)));
          identify(metadata);
          Json.carry("generation", live.path("metadata"), metadata);
          countSpecs(kind, live, object);
          return store.write(kind.key(object), object);
        });
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
