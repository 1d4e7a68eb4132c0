package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One kind that is served, in one version. */
record ResourceType(
    String group,
    String version,
    String kind,
    String plural,
    String singular,
    List<String> shortNames,
    List<String> categories,
    boolean namespaced,
    boolean hasStatus,
    @Nullable ObjectNode schema,
    List<Column> columns) {

  /** How events.k8s.io/v1 names what core/v1 Event holds under other names. */
  private static final Map<String, String> EVENT_NAMES =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  static ResourceType builtIn(
      String group, String kind, String plural, boolean namespaced, List<String> shortNames) {
    return new ResourceType(
        group,
        "v1",
        kind,
        plural,
        kind.toLowerCase(Locale.ROOT),
        shortNames,
        List.of(),
        namespaced,
        List.of("Namespace", "CustomResourceDefinition").contains(kind),
        null,
        BuiltIns.columns(kind));
  }

  /** The versions of a CRD that are served. */
  static List<ResourceType> ofDefinition(JsonNode definition) {
    JsonNode spec = definition.path("spec");
    JsonNode names = spec.path("names");
    List<ResourceType> types = new ArrayList<>();
    for (JsonNode version : spec.path("versions")) {
      if (version.path("served").asBoolean()) {
        String kind = Json.text(names, "kind");
        types.add(
            new ResourceType(
                Json.text(spec, "group"),
                Json.text(version, "name"),
                kind,
                Json.text(names, "plural"),
                names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
                Json.texts(names.path("shortNames")),
                Json.texts(names.path("categories")),
                Json.text(spec, "scope").equals("Namespaced"),
                version.path("subresources").has("status"),
                (ObjectNode) version.path("schema").required("openAPIV3Schema"),
                columns(version.path("additionalPrinterColumns"))));
      }
    }
    return types;
  }

  private static List<Column> columns(JsonNode declared) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.of("Name", "string", ".metadata.name"));
    for (JsonNode column : declared) {
      columns.add(
          Column.of(
              Json.text(column, "name"),
              Json.text(column, "type"),
              column.path("priority").asInt(0),
              Json.text(column, "description"),
              Json.text(column, "jsonPath")));
    }
    if (declared.isEmpty()) {
      columns.add(Column.of("Age", "date", ".metadata.creationTimestamp"));
    }
    return columns;
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  String path() {
    return (group.isEmpty() ? "api/" : "apis/") + apiVersion();
  }

  String qualifiedPlural() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  boolean isCustom() {
    return schema != null;
  }

  /** What objects are stored under: all versions of a kind, and both groups of Event, together. */
  String storedAs() {
    return isNewEvent() ? plural : qualifiedPlural();
  }

  private boolean isNewEvent() {
    return group.equals("events.k8s.io");
  }

  /** The object as it is stored. */
  ObjectNode stored(ObjectNode given) {
    if (!isNewEvent()) {
      return given;
    }
    ObjectNode event = Json.object();
    given
        .properties()
        .forEach(e -> event.set(EVENT_NAMES.getOrDefault(e.getKey(), e.getKey()), e.getValue()));
    return event.put("apiVersion", "v1");
  }

  /** A stored object as this type shows it. */
  ObjectNode shown(ObjectNode stored) {
    ObjectNode shown = stored.deepCopy().put("apiVersion", apiVersion()).put("kind", kind);
    if (isNewEvent()) {
      EVENT_NAMES.forEach(
          (here, there) -> {
            if (shown.has(there)) {
              shown.set(here, shown.remove(there));
            }
          });
    }
    return shown;
  }
}
