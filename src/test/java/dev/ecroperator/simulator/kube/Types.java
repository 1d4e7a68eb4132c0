package dev.ecroperator.simulator.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds that are served now: the built-in ones, and those of the stored CRDs. */
final class Types {
  private volatile List<ResourceType> all = BuiltIns.TYPES;

  void refresh(Collection<ObjectNode> definitions) {
    all =
        Stream.concat(
                BuiltIns.TYPES.stream(),
                definitions.stream().flatMap(d -> ResourceType.ofDefinition(d).stream()))
            .toList();
  }

  List<ResourceType> all() {
    return all;
  }

  Optional<ResourceType> find(String apiVersion, String plural) {
    return all.stream()
        .filter(t -> t.apiVersion().equals(apiVersion) && t.plural().equals(plural))
        .findFirst();
  }

  /** The type of a stored object. */
  ResourceType ofKind(String apiVersion, String kind) {
    return all.stream()
        .filter(t -> t.apiVersion().equals(apiVersion) && t.kind().equals(kind))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not served: " + apiVersion + " " + kind));
  }

  /** A type by the name it is stored under, its plural, or its plural with the group. */
  ResourceType named(String plural) {
    return all.stream()
        .filter(t -> t.storedAs().equals(plural) || t.plural().equals(plural))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not served: " + plural));
  }
}
