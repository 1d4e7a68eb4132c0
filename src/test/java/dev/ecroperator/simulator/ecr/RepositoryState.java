package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A repository at one moment. Never changed once it is in a registry, so that readers need no lock
 * and a stale read is the state before.
 *
 * @param description what DescribeRepositories answers, as it goes over the wire
 * @param catalog catalog data as read (with logoImageBlob where one was put), empty for a private
 *     repository
 */
record RepositoryState(
    ObjectNode description,
    Map<String, String> tags,
    @Nullable String policy,
    @Nullable String lifecycle,
    NavigableMap<String, Image> images,
    ObjectNode catalog) {

  static RepositoryState created(
      ObjectNode description, Map<String, String> tags, ObjectNode catalog) {
    return new RepositoryState(
        description,
        Collections.unmodifiableMap(tags),
        null,
        null,
        Collections.emptyNavigableMap(),
        catalog);
  }

  String name() {
    return description.path("repositoryName").asText();
  }

  String arn() {
    return description.path("repositoryArn").asText();
  }

  Instant createdAt() {
    return Instant.ofEpochMilli(
        description.path("createdAt").decimalValue().movePointRight(3).longValue());
  }

  /** The same with one member of its description set, or removed where the value is null. */
  RepositoryState with(String member, @Nullable JsonNode value) {
    ObjectNode changed = description.deepCopy();
    if (value == null) {
      changed.remove(member);
    } else {
      changed.set(member, value);
    }
    return new RepositoryState(changed, tags, policy, lifecycle, images, catalog);
  }

  RepositoryState withTags(Map<String, String> tags) {
    return new RepositoryState(
        description,
        Collections.unmodifiableMap(new TreeMap<>(tags)),
        policy,
        lifecycle,
        images,
        catalog);
  }

  RepositoryState withPolicy(@Nullable String policy) {
    return new RepositoryState(description, tags, policy, lifecycle, images, catalog);
  }

  RepositoryState withLifecycle(@Nullable String lifecycle) {
    return new RepositoryState(description, tags, policy, lifecycle, images, catalog);
  }

  RepositoryState withImages(NavigableMap<String, Image> images) {
    return new RepositoryState(description, tags, policy, lifecycle, images, catalog);
  }

  RepositoryState withCatalog(ObjectNode catalog) {
    return new RepositoryState(description, tags, policy, lifecycle, images, catalog);
  }
}
