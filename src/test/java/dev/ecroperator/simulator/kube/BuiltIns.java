package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** The kinds that need no CRD, and what the server itself adds to their objects. */
final class BuiltIns {
  static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  static final List<ResourceType> TYPES =
      List.of(
          ResourceType.builtIn("", "Namespace", "namespaces", false, List.of("ns")),
          ResourceType.builtIn("", "Event", "events", true, List.of("ev")),
          ResourceType.builtIn("", "ConfigMap", "configmaps", true, List.of("cm")),
          ResourceType.builtIn("", "Secret", "secrets", true, List.of()),
          ResourceType.builtIn("", "ServiceAccount", "serviceaccounts", true, List.of("sa")),
          ResourceType.builtIn("coordination.k8s.io", "Lease", "leases", true, List.of()),
          ResourceType.builtIn("events.k8s.io", "Event", "events", true, List.of("ev")),
          ResourceType.builtIn(
              "apiextensions.k8s.io",
              "CustomResourceDefinition",
              "customresourcedefinitions",
              false,
              List.of("crd", "crds")));

  private BuiltIns() {}

  static List<Column> columns(String kind) {
    Column name = Column.of("Name", "string", ".metadata.name");
    Column age = Column.of("Age", "date", ".metadata.creationTimestamp");
    return switch (kind) {
      case "Namespace" -> List.of(name, Column.of("Status", "string", ".status.phase"), age);
      case "ConfigMap" -> List.of(name, Column.size("Data", "data"), age);
      case "Secret" ->
          List.of(name, Column.of("Type", "string", ".type"), Column.size("Data", "data"), age);
      case "Lease" -> List.of(name, Column.of("Holder", "string", ".spec.holderIdentity"), age);
      case "CustomResourceDefinition" ->
          List.of(name, Column.of("Created At", "string", ".metadata.creationTimestamp"));
      case "Event" ->
          List.of(
              new Column("Last Seen", "date", 0, "", BuiltIns::lastSeen),
              Column.of("Type", "string", ".type"),
              Column.of("Reason", "string", ".reason"),
              new Column("Object", "string", 0, "", BuiltIns::eventObject),
              Column.of("Message", "string", ".message"),
              Column.of("Count", "integer", 1, "", ".count"),
              Column.of("Name", "string", 1, "", ".metadata.name"));
      default -> List.of(name, age);
    };
  }

  /** Completes an object of a built-in kind before it is stored. */
  static void complete(ResourceType type, ObjectNode object) {
    switch (type.kind()) {
      case "Namespace" -> {
        object.withObjectProperty("status").put("phase", phase(object));
        Json.metadata(object)
            .withObjectProperty("labels")
            .put("kubernetes.io/metadata.name", Json.text(object, "metadata", "name"));
      }
      case "Secret" -> {
        if (Json.text(object, "type").isEmpty()) {
          object.put("type", "Opaque");
        }
        JsonNode plain = object.path("stringData");
        plain.properties().forEach(e -> encode(object, e.getKey(), e.getValue().asText()));
        object.remove("stringData");
      }
      case "CustomResourceDefinition" -> establish(object);
      default -> {}
    }
  }

  private static String phase(ObjectNode namespace) {
    return Json.isDeleting(namespace) ? "Terminating" : "Active";
  }

  private static void encode(ObjectNode secret, String key, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    secret.withObjectProperty("data").put(key, Base64.getEncoder().encodeToString(bytes));
  }

  private static void establish(ObjectNode definition) {
    ObjectNode status = definition.withObjectProperty("status");
    status.set("acceptedNames", definition.at("/spec/names"));
    status.set(
        "storedVersions",
        Json.strings(
            definition
                .at("/spec/versions")
                .valueStream()
                .filter(v -> v.path("storage").asBoolean())
                .map(v -> Json.text(v, "name"))
                .toList()));
    String since = Json.text(definition, "metadata", "creationTimestamp");
    var conditions = status.putArray("conditions");
    for (String type : List.of("NamesAccepted", "Established")) {
      conditions
          .addObject()
          .put("type", type)
          .put("status", "True")
          .put("reason", type)
          .put("message", "")
          .put("lastTransitionTime", since);
    }
  }

  private static JsonNode lastSeen(JsonNode event) {
    for (String name : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
      if (!Json.text(event, name).isEmpty()) {
        return event.path(name);
      }
    }
    return event.at("/metadata/creationTimestamp");
  }

  private static JsonNode eventObject(JsonNode event) {
    JsonNode about = event.path("involvedObject");
    return TextNode.valueOf(
        (Json.text(about, "kind") + "/" + Json.text(about, "name")).toLowerCase(Locale.ROOT));
  }
}
