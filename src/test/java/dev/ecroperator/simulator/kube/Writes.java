package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ecroperator.simulator.kube.ApiFailure.Cause;
import dev.ecroperator.simulator.kube.ManagedFields.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The rules by which objects come to be, change and go. Called by one thread at a time. */
final class Writes {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final Store store;
  private final Types types;

  Writes(Store store, Types types) {
    this.store = store;
    this.types = types;
  }

  /** How a write was asked for. */
  record Mode(Owner owner, boolean dryRun, String fieldValidation, List<String> warnings) {
    static Mode of(Call call) {
      Owner owner =
          new Owner(call.manager(), call.isApply() ? "Apply" : "Update", call.subresource());
      return new Mode(owner, call.isDryRun(), call.parameter("fieldValidation"), new ArrayList<>());
    }
  }

  ObjectNode create(ResourceType type, String namespace, ObjectNode object, Mode mode) {
    ObjectNode metadata = Json.metadata(object);
    if (!Json.text(metadata, "resourceVersion").isEmpty()) {
      throw ApiFailure.of(500, "resourceVersion should not be set on objects to be created");
    }
    if (type.namespaced()) {
      requireNamespace(type, namespace, Json.text(metadata, "name"));
      metadata.put("namespace", namespace);
    }
    name(type, metadata);
    String name = Json.text(metadata, "name");
    ObjectKey key = new ObjectKey(type.storedAs(), namespace, name);
    if (store.find(key) != null) {
      throw ApiFailure.alreadyExists(type, name);
    }
    metadata.remove(
        List.of("deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"));
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", ManagedFields.now());
    if (type.isCustom() || type.storedAs().equals(BuiltIns.DEFINITIONS)) {
      metadata.put("generation", 1);
    }
    if (type.hasStatus()) {
      object.remove("status");
    }
    fit(type, object, mode, List.of());
    own(type, Json.object(), object, mode);
    return commit(type, key, object, mode);
  }

  private void requireNamespace(ResourceType type, String namespace, String name) {
    ResourceType namespaces = types.named("namespaces");
    ObjectNode found = store.find(new ObjectKey("namespaces", "", namespace));
    if (found == null) {
      throw ApiFailure.notFound(namespaces, namespace);
    }
    if (Json.isDeleting(found)) {
      throw ApiFailure.of(
          403,
          "%s \"%s\" is forbidden: unable to create new content in namespace %s because it is being terminated"
              .formatted(type.qualifiedPlural(), name, namespace));
    }
  }

  private static void name(ResourceType type, ObjectNode metadata) {
    String prefix = Json.text(metadata, "generateName");
    if (Json.text(metadata, "name").isEmpty() && !prefix.isEmpty()) {
      StringBuilder name = new StringBuilder(prefix);
      RandomGenerator.getDefault()
          .ints(5, 0, LETTERS.length())
          .forEach(i -> name.append(LETTERS.charAt(i)));
      metadata.put("name", name.toString());
    }
    String name = Json.text(metadata, "name");
    if (name.isEmpty()) {
      Cause cause =
          new Cause(
              "FieldValueRequired",
              "metadata.name",
              "Required value: name or generateName is required");
      throw ApiFailure.invalid(type, name, List.of(cause));
    }
    if (!NAME.matcher(name).matches() || name.length() > 253) {
      String why =
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
              + " '-' or '.', and must start and end with an alphanumeric character";
      throw ApiFailure.invalid(
          type, name, List.of(Cause.invalid("metadata.name", "\"" + name + "\"", why)));
    }
  }

  /** Replaces an object by what is desired of it, or its status alone. */
  ObjectNode update(
      ResourceType type, ObjectNode live, ObjectNode desired, String subresource, Mode mode) {
    refuseStale(type, live, desired);
    ObjectNode updated = desired;
    if (subresource.equals("status")) {
      updated = live.deepCopy();
      replace(updated, "status", desired.path("status"));
      replace(Json.metadata(updated), "managedFields", desired.at("/metadata/managedFields"));
    } else if (type.hasStatus()) {
      replace(updated, "status", live.path("status"));
    }
    ObjectNode metadata = Json.metadata(updated);
    for (String fixed :
        List.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      replace(metadata, fixed, live.path("metadata").path(fixed));
    }
    if (metadata.path("managedFields").isEmpty()) {
      replace(metadata, "managedFields", live.at("/metadata/managedFields"));
    }
    refuseNewFinalizers(type, live, updated);
    List<Cause> known =
        type.schema() == null ? List.of() : SchemaCheck.of(type.schema(), live.deepCopy());
    fit(type, updated, mode, known);
    if (metadata.has("generation") && !content(live).equals(content(updated))) {
      metadata.put("generation", live.at("/metadata/generation").asLong() + 1);
    }
    own(type, live, updated, mode);
    ObjectKey key = key(type, live);
    if (Json.isDeleting(live) && metadata.path("finalizers").isEmpty()) {
      return remove(key, updated, mode);
    }
    // The real server writes nothing where nothing changes: no new resourceVersion, no event.
    if (Json.normalised(updated).equals(live)) {
      return live;
    }
    return commit(type, key, updated, mode);
  }

  private static void refuseStale(ResourceType type, ObjectNode live, ObjectNode desired) {
    String name = Json.text(live, "metadata", "name");
    String uid = Json.text(desired, "metadata", "uid");
    String liveUid = Json.text(live, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(liveUid)) {
      throw ApiFailure.conflict(
          type,
          name,
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, liveUid));
    }
    String version = Json.text(desired, "metadata", "resourceVersion");
    if (version.isEmpty() && (type.isCustom() || type.kind().equals("Lease"))) {
      Cause cause =
          Cause.invalid("metadata.resourceVersion", "0", "must be specified for an update");
      throw ApiFailure.invalid(type, name, List.of(cause));
    }
    if (!version.isEmpty() && !version.equals(Json.text(live, "metadata", "resourceVersion"))) {
      throw ApiFailure.conflict(
          type,
          name,
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
  }

  private static void refuseNewFinalizers(ResourceType type, ObjectNode live, ObjectNode updated) {
    List<String> fresh = new ArrayList<>(Json.texts(updated.at("/metadata/finalizers")));
    fresh.removeAll(Json.texts(live.at("/metadata/finalizers")));
    if (Json.isDeleting(live) && !fresh.isEmpty()) {
      String quoted = String.join(", ", fresh.stream().map(f -> "\"" + f + "\"").toList());
      String why =
          "no new finalizers can be added if the object is being deleted, found new finalizers"
              + " []string{"
              + quoted
              + "}";
      throw ApiFailure.invalid(
          type,
          Json.text(live, "metadata", "name"),
          List.of(Cause.forbidden("metadata.finalizers", why)));
    }
  }

  /** Makes an object fit its schema, or refuses it; what was wrong before may stay wrong. */
  private static void fit(ResourceType type, ObjectNode object, Mode mode, List<Cause> known) {
    BuiltIns.complete(type, object);
    if (type.schema() == null) {
      return;
    }
    List<String> unknown =
        Schema.prune(type.schema(), object).stream()
            .map("unknown field \"%s\""::formatted)
            .toList();
    if (!unknown.isEmpty() && mode.fieldValidation().equals("Strict")) {
      throw ApiFailure.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
              .formatted(type.kind(), type.version(), type.kind(), String.join(", ", unknown)));
    }
    if (!mode.fieldValidation().equals("Ignore")) {
      mode.warnings().addAll(unknown);
    }
    Schema.applyDefaults(type.schema(), object);
    List<Cause> causes = new ArrayList<>(SchemaCheck.of(type.schema(), object));
    causes.removeAll(known);
    if (!causes.isEmpty()) {
      throw ApiFailure.invalid(type, Json.text(object, "metadata", "name"), causes);
    }
  }

  private static void own(ResourceType type, ObjectNode live, ObjectNode updated, Mode mode) {
    // Who applies has had the entries written by the merge.
    if (!mode.owner().operation().equals("Apply")) {
      ManagedFields fields = ManagedFields.of(updated);
      ObjectNode before = live.deepCopy();
      if (type.hasStatus() && mode.owner().subresource().isEmpty()) {
        // A default in the status is nobody's.
        replace(before, "status", updated.path("status"));
      }
      fields.recordUpdate(mode.owner(), schema(type), before, updated);
      fields.writeTo(updated, type.apiVersion());
    }
  }

  static JsonNode schema(ResourceType type) {
    return type.schema() == null ? MissingNode.getInstance() : type.schema();
  }

  /** Deletes an object, or marks it as being deleted where something must happen before. */
  ObjectNode delete(ResourceType type, ObjectNode live, boolean dryRun) {
    ObjectKey key = key(type, live);
    Mode mode = new Mode(new Owner("", "Apply", ""), dryRun, "Ignore", List.of());
    boolean held = !live.at("/metadata/finalizers").isEmpty() || !content(key).isEmpty();
    if (!held) {
      return remove(key, live, mode);
    }
    ObjectNode marked = live.deepCopy();
    ObjectNode metadata = Json.metadata(marked);
    if (!metadata.has("deletionTimestamp")) {
      metadata.put("deletionTimestamp", ManagedFields.now());
      metadata.put("deletionGracePeriodSeconds", 0);
      if (metadata.has("generation")) {
        metadata.put("generation", metadata.path("generation").asLong() + 1);
      }
      BuiltIns.complete(type, marked);
      marked = commit(type, key, marked, mode);
    }
    if (!dryRun) {
      content(key).forEach(this::deleteContent);
    }
    return marked;
  }

  private void deleteContent(ObjectKey key) {
    ObjectNode live = store.find(key);
    if (live != null) {
      delete(types.named(key.resource()), live, false);
    }
  }

  /** What goes with a namespace or with a CRD. */
  private List<ObjectKey> content(ObjectKey of) {
    return switch (of.resource()) {
      case "namespaces" -> store.keysIn(of.name());
      case BuiltIns.DEFINITIONS -> store.keysOf(of.name());
      default -> List.of();
    };
  }

  private static ObjectNode content(ObjectNode object) {
    ObjectNode content = object.deepCopy();
    content.remove(List.of("metadata", "status"));
    return content;
  }

  private ObjectNode remove(ObjectKey key, ObjectNode last, Mode mode) {
    if (!mode.dryRun()) {
      store.remove(key);
      // A namespace, or a CRD, that waited for this object to go.
      finishDeletion(types.named("namespaces"), key.namespace());
      finishDeletion(types.named(BuiltIns.DEFINITIONS), key.resource());
    }
    return last;
  }

  private void finishDeletion(ResourceType type, String name) {
    ObjectKey key = new ObjectKey(type.storedAs(), "", name);
    ObjectNode parent = store.find(key);
    if (parent != null
        && Json.isDeleting(parent)
        && parent.at("/metadata/finalizers").isEmpty()
        && content(key).isEmpty()) {
      store.remove(key);
    }
  }

  private ObjectNode commit(ResourceType type, ObjectKey key, ObjectNode object, Mode mode) {
    object.put("apiVersion", storedVersion(type, object)).put("kind", type.kind());
    return mode.dryRun() ? object : store.write(key, object);
  }

  private static String storedVersion(ResourceType type, ObjectNode object) {
    return type.kind().equals("Event") ? "v1" : object.path("apiVersion").asText(type.apiVersion());
  }

  static ObjectKey key(ResourceType type, ObjectNode object) {
    return new ObjectKey(
        type.storedAs(),
        type.namespaced() ? Json.text(object, "metadata", "namespace") : "",
        Json.text(object, "metadata", "name"));
  }

  private static void replace(ObjectNode object, String name, JsonNode value) {
    if (value.isMissingNode()) {
      object.remove(name);
    } else {
      object.set(name, value.deepCopy());
    }
  }
}
