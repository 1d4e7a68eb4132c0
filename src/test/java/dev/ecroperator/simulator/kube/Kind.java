package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * One kind that is served, as its CRD declares it.
 *
 * @param isCustom whether it has a generation, and its status is written apart: all CRDs of ours
 *     say so
 * @param schema the server's own part of each object included
 */
record Kind(
    String group,
    String version,
    ObjectNode names,
    boolean isNamespaced,
    boolean isCustom,
    ObjectNode schema,
    List<JsonNode> columns) {

  static Stream<Kind> builtIns() {
    return Json.parse(Json.resource("built-in-kinds.yaml")).valueStream().map(Kind::of);
  }

  /** The kind of a CRD's spec, in the version that is served first. */
  static Kind of(JsonNode spec) {
    JsonNode version =
        spec.path("versions")
            .valueStream()
            .filter(v -> v.path("served").asBoolean())
            .findFirst()
            .orElseThrow();
    ObjectNode schema = (ObjectNode) version.path("schema").path("openAPIV3Schema");
    schema
        .withObjectProperty("properties")
        .setAll((ObjectNode) Json.parse(Json.resource("common-properties.yaml")));
    return new Kind(
        Json.text(spec, "group"),
        Json.text(version, "name"),
        (ObjectNode) spec.path("names"),
        Json.text(spec, "scope").equals("Namespaced"),
        version.has("subresources"),
        schema,
        version.path("additionalPrinterColumns").valueStream().toList());
  }

  String kind() {
    return Json.text(names, "kind");
  }

  String plural() {
    return Json.text(names, "plural");
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The path of its group and version. */
  String path() {
    return (group.isEmpty() ? "/api/" : "/apis/") + apiVersion();
  }

  /** Where an object of this kind is stored. */
  Store.Key key(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return new Store.Key(plural(), Json.text(metadata, "namespace"), Json.text(metadata, "name"));
  }

  /** An object of this kind in messages. */
  String quoted(String name) {
    return plural() + (group.isEmpty() ? "" : "." + group) + " \"" + name + "\"";
  }
}
