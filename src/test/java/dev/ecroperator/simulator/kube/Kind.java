package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** One kind that is served, in one version. */
record Kind(
    String group,
    String version,
    JsonNode names,
    boolean namespaced,
    boolean builtIn,
    JsonNode schema,
    List<JsonNode> columns) {

  /** The kinds that need no CRD, written like one. */
  private static final String BUILT_IN =
      """
      - group: ""
        scope: Cluster
        names: {kind: Namespace, plural: namespaces, singular: namespace, shortNames: [ns]}
        columns:
        - {name: Status, type: string, jsonPath: .status.phase}
        - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
      - group: ""
        scope: Namespaced
        names: {kind: Event, plural: events, singular: event, shortNames: [ev]}
        columns:
        - {name: Last Seen, type: date, jsonPath: .lastTimestamp}
        - {name: Type, type: string, jsonPath: .type}
        - {name: Reason, type: string, jsonPath: .reason}
        - {name: Object, type: string, jsonPath: .involvedObject.kind/.involvedObject.name}
        - {name: Message, type: string, jsonPath: .message}
      - group: coordination.k8s.io
        scope: Namespaced
        names: {kind: Lease, plural: leases, singular: lease}
        columns:
        - {name: Holder, type: string, jsonPath: .spec.holderIdentity}
        - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
      """;

  /** What no CRD declares: the server's own part of each object. */
  private static final JsonNode COMMON =
      Json.parse(
          """
          apiVersion: {type: string}
          kind: {type: string}
          metadata:
            description: ObjectMeta is metadata that all persisted resources must have.
            type: object
            x-kubernetes-preserve-unknown-fields: true
            properties:
              name: {type: string}
              namespace: {type: string}
              labels: {type: object, additionalProperties: {type: string}}
              annotations: {type: object, additionalProperties: {type: string}}
              finalizers: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              ownerReferences:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [uid]
                items: {type: object, x-kubernetes-preserve-unknown-fields: true}
          """);

  static Stream<Kind> builtIns() {
    return Json.parse(BUILT_IN)
        .valueStream()
        .map(
            spec -> {
              ObjectNode schema =
                  Json.object("type", "object", "x-kubernetes-preserve-unknown-fields", true);
              return of(spec, "v1", true, spec.path("columns"), schema);
            });
  }

  /** The kind of a CRD, in the version that is served first. */
  static Kind of(JsonNode crd) {
    JsonNode version =
        crd.at("/spec/versions")
            .valueStream()
            .filter(v -> v.path("served").asBoolean())
            .findFirst()
            .orElseThrow();
    return of(
        crd.path("spec"),
        Json.text(version, "name"),
        false,
        version.path("additionalPrinterColumns"),
        (ObjectNode) version.at("/schema/openAPIV3Schema"));
  }

  private static Kind of(
      JsonNode spec, String version, boolean builtIn, JsonNode columns, ObjectNode schema) {
    schema.withObjectProperty("properties").setAll((ObjectNode) COMMON);
    return new Kind(
        Json.text(spec, "group"),
        version,
        spec.path("names"),
        Json.text(spec, "scope").equals("Namespaced"),
        builtIn,
        schema,
        columns.valueStream().toList());
  }

  /** Whether status is written apart; all CRDs of ours say so. */
  boolean hasStatus() {
    return !builtIn;
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

  /** An object of this kind in messages. */
  String quoted(String name) {
    return plural() + (group.isEmpty() ? "" : "." + group) + " \"" + name + "\"";
  }
}
