package dev.ecroperator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the API server had of a kind when this replica began to act. The cache of one that stood by
 * may lag behind what another replica wrote last, and nothing is to be planned on less than this.
 *
 * @param versions of all objects, by uid
 * @param version of the lists; the oldest, where there is one a namespace
 */
record Takeover(Map<String, String> versions, String version) {

  static Takeover of(Stream<? extends KubernetesResourceList<? extends HasMetadata>> pages) {
    Map<String, String> versions = new HashMap<>();
    String oldest =
        pages
            .map(
                page -> {
                  page.getItems()
                      .forEach(
                          object ->
                              versions.put(
                                  object.getMetadata().getUid(),
                                  object.getMetadata().getResourceVersion()));
                  return page.getMetadata().getResourceVersion();
                })
            .min(ResourceVersions.ORDER)
            .orElseThrow();
    return new Takeover(Map.copyOf(versions), oldest);
  }

  /** Whether an object in a cache is older than what there was, or was gone by then. */
  boolean isBehind(HasMetadata cached) {
    String cachedVersion = cached.getMetadata().getResourceVersion();
    String then = versions.get(cached.getMetadata().getUid());
    return then == null
        ? !ResourceVersions.isOlder(version, cachedVersion)
        : ResourceVersions.isOlder(cachedVersion, then);
  }

  /** Whether a cache has all that there was, as new as it was, and nothing that was gone. */
  boolean isIn(Stream<? extends HasMetadata> cache) {
    Set<String> lacking = new HashSet<>(versions.keySet());
    List<? extends HasMetadata> cached = cache.toList();
    cached.forEach(object -> lacking.remove(object.getMetadata().getUid()));
    return lacking.isEmpty() && cached.stream().noneMatch(this::isBehind);
  }
}
