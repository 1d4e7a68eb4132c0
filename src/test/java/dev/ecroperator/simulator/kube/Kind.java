package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * One kind that is served.
 *
 * @param spec that of its CRD
 * @param version the one that is served, of those in the spec
 */
record Kind(JsonNode spec, ObjectNode version) {

  /** The kinds that need no CRD, written like the spec of one. */
  private static final String BUILT_IN =
      """
      - group: ""
        scope: Cluster
        names: {kind: Namespace, plural: namespaces, singular: namespace, shortNames: [ns]}
        versions:
        - name: v1
          served: true
          additionalPrinterColumns:
          - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
      - group: ""
        scope: Namespaced
        names: {kind: Event, plural: events, singular: event, shortNames: [ev]}
        versions:
        - name: v1
          served: true
          additionalPrinterColumns:
          - {name: Last Seen, type: date, jsonPath: .lastTimestamp}
          - {name: Type, type: string, jsonPath: .type}
          - {name: Reason, type: string, jsonPath: .reason}
          - {name: Object, type: string, jsonPath: .involvedObject.name}
          - {name: Message, type: string, jsonPath: .message}
      - group: coordination.k8s.io
        scope: Namespaced
        names: {kind: Lease, plural: leases, singular: lease}
        versions: [{name: v1, served: true}]
      """;

  /** What no CRD declares: the server's own part of each object. */
  private static final JsonNode COMMON =
      Json.parse(
          """
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object, x-kubernetes-preserve-unknown-fields: true}
          """);

  static Stream<Kind> builtIns() {
    return Json.parse(BUILT_IN).valueStream().map(Kind::of);
  }

  /** The kind of a CRD's spec, in the version that is served first. */
  static Kind of(JsonNode spec) {
    JsonNode version =
        spec.path("versions")
            .valueStream()
            .filter(v -> v.path("served").asBoolean())
            .findFirst()
            .orElseThrow();
    Kind kind = new Kind(spec, (ObjectNode) version);
    if (!kind.isCustom()) {
      kind.schema().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
    }
    kind.schema().withObjectProperty("properties").setAll((ObjectNode) COMMON);
    return kind;
  }

  /** Whether it has a generation, and its status is written apart; all CRDs of ours say so. */
  boolean isCustom() {
    return version.has("subresources");
  }

  boolean isNamespaced() {
    return Json.text(spec, "scope").equals("Namespaced");
  }

  ObjectNode schema() {
    return version.withObjectProperty("schema").withObjectProperty("openAPIV3Schema");
  }

  List<JsonNode> columns() {
    return version.path("additionalPrinterColumns").valueStream().toList();
  }

  String group() {
    return Json.text(spec, "group");
  }

  String kind() {
    return Json.text(spec, "names", "kind");
  }

  String plural() {
    return Json.text(spec, "names", "plural");
  }

  String versionName() {
    return Json.text(version, "name");
  }

  String apiVersion() {
    return group().isEmpty() ? versionName() : group() + "/" + versionName();
  }

  /** The path of its group and version. */
  String path() {
    return (group().isEmpty() ? "/api/" : "/apis/") + apiVersion();
  }

  /** Where an object of this kind is stored. */
  Store.Key key(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return new Store.Key(plural(), Json.text(metadata, "namespace"), Json.text(metadata, "name"));
  }

  /** An object of this kind in messages. */
  String quoted(String name) {
    return plural() + (group().isEmpty() ? "" : "." + group()) + " \"" + name + "\"";
  }
}
