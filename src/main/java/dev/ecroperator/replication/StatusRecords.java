package dev.ecroperator.replication;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_CONFLICT;

import dev.ecroperator.api.ImageReplication;
import dev.ecroperator.replication.merge.Standing;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** The records in the statuses of the cluster's objects. */
final class StatusRecords implements StandingRecords {
  private static final int TOO_MANY_REQUESTS = 429;

  /** Answers that another moment, or a newer version of the object, makes better. */
  private static final Set<Integer> EARLY = Set.of(HTTP_CONFLICT, TOO_MANY_REQUESTS);

  private final Function<String, Optional<ImageReplication>> cache;
  private final BiFunction<ImageReplication, Map<String, Object>, Optional<ImageReplication>> patch;
  private final Predicate<ImageReplication> isBehind;
  private final Function<KubernetesClientException, String> words;

  /** What a record left, until the cache has it too. */
  private final Map<String, ImageReplication> recorded = new ConcurrentHashMap<>();

  /**
   * Records by these calls.
   *
   * @param cache an object by its uid, as far as is known
   * @param patch writes members of an object's status; empty where it is known to be gone
   * @param isBehind whether an object is older than what was written last
   * @param words a refusal in one line
   */
  StatusRecords(
      Function<String, Optional<ImageReplication>> cache,
      BiFunction<ImageReplication, Map<String, Object>, Optional<ImageReplication>> patch,
      Predicate<ImageReplication> isBehind,
      Function<KubernetesClientException, String> words) {
    this.words = words;
    this.cache = cache;
    this.patch = patch;
    this.isBehind = isBehind;
  }

  /**
   * {@inheritDoc}
   *
   * @throws KubernetesClientException where that got no answer or came too early, or the cache
   *     lacks the object for a moment: only the API server knows that an object is gone
   */
  @Override
  public boolean record(String uid, Standing standing) {
    ImageReplication object =
        cache
            .apply(uid)
            .orElseThrow(
                () ->
                    new KubernetesClientException(
                        "the cache lacks object " + uid, HTTP_CONFLICT, null));
    Optional<ImageReplication> stored = store(object, standing);
    stored.ifPresent(each -> recorded.put(uid, each));
    return stored.isPresent();
  }

  private Optional<ImageReplication> store(ImageReplication object, Standing standing) {
    try {
      return patch.apply(object, Contributions.record(standing));
    } catch (KubernetesClientException e) {
      if (e.getCode() < HTTP_BAD_REQUEST || EARLY.contains(e.getCode())) {
        throw e;
      }
      throw new RecordRefusedException(
          "the Kubernetes API refused to record in status what is to be written, so it is not"
              + " written: "
              + words.apply(e),
          e);
    }
  }

  @Override
  public Optional<Standing> recorded(String uid) {
    return cache
        .apply(uid)
        .map(ReplicationObject::new)
        .map(this::newest)
        .map(ReplicationObject::recorded);
  }

  private ReplicationObject newest(ReplicationObject known) {
    ImageReplication stored = recorded.get(known.uid());
    return stored == null || !isBehind.test(known.resource())
        ? known
        : new ReplicationObject(stored);
  }

  /**
   * The object as the last record of it left it, where the one that was planned on is older. If
   * that record is of another manifest, or of a later pass, what came of the plan is not to be
   * written over it: then the write is refused, and the object is looked at again.
   *
   * @param standing what the object says by the pass that was planned
   */
  ReplicationObject latest(ReplicationObject planned, Standing standing) {
    ReplicationObject newest = newest(planned);
    recorded.remove(planned.uid());
    boolean isOfThePass =
        standing.superseded() == null
            ? newest.recorded().contribution().equals(standing.contribution())
            : newest.recorded().equals(standing);
    return isOfThePass && newest.generation() == planned.generation() ? newest : planned;
  }

  /** Forgets an object that is gone. */
  void forget(String uid) {
    recorded.remove(uid);
  }
}
