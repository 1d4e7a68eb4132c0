package dev.ecroperator.replication;

import static java.net.HttpURLConnection.HTTP_CONFLICT;

import dev.ecroperator.api.Repository;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The Repositories that are referred to, as a cache has them. In one that lags, such as right after
 * a take-over, a Repository may seem not to be there, and its rule would be taken out of ECR: what
 * is pushed until it is back in would never be replicated.
 *
 * @param cached a Repository by namespace and name
 * @param isBehind whether one is known to be older than what the API server has
 * @param isCaughtUp whether the cache has all that there was when this replica began to act
 */
record ReferencedRepositories(
    BiFunction<String, String, Optional<Repository>> cached,
    Predicate<Repository> isBehind,
    BooleanSupplier isCaughtUp) {

  /**
   * A Repository; empty where there is none.
   *
   * @throws KubernetesClientException where the cache cannot tell yet
   */
  Optional<Repository> repository(String namespace, String name) {
    Optional<Repository> found = cached.apply(namespace, name);
    boolean lags = found.map(isBehind::test).orElseGet(() -> !isCaughtUp.getAsBoolean());
    if (lags) {
      throw new KubernetesClientException(
          "the cache lags behind what there was of Repositories", HTTP_CONFLICT, null);
    }
    return found;
  }
}
