package dev.ecroperator.cluster;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import dev.ecroperator.convergence.Fence;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The objects of one kind, as a reconciler reads and writes them. Every write but {@link
 * #patchStatus} carries the resource version that it was planned on: a lost update becomes a 409
 * ({@link KubernetesClientException}), and the pass is made again on the newer object.
 *
 * @param <T> the kind
 */
public final class ClusterObjects<T extends CustomResource<?, ?>> {
  /** What keeps an object until its deletion has been dealt with. */
  public static final String FINALIZER = "ecroperator.dev/finalizer";

  private static final long PAGE = 500;

  private final KubernetesClient client;
  private final Class<T> kind;
  private final ApiCalls calls;
  private final Optional<CatchUp<T>> catchUp;
  private final OwnWrites ownWrites;
  private final Map<String, Pruned> pruned = new ConcurrentHashMap<>();

  /** A status that was written, and what an older CRD let through of it. */
  private record Pruned(Object wanted, Object stored) {}

  /** The objects of {@code kind} that {@code client} reaches, while {@code fence} is open. */
  public ClusterObjects(KubernetesClient client, Class<T> kind, Fence fence) {
    this(client, kind, fence, Optional.empty());
  }

  /**
   * The objects of {@code kind}.
   *
   * @param takenOver the namespaces that are watched, none for all, where this replica may have
   *     stood by: they are listed once, when it begins to act; empty where it never did
   */
  public ClusterObjects(
      KubernetesClient client, Class<T> kind, Fence fence, Optional<Set<String>> takenOver) {
    this(client, kind, fence, takenOver, System::nanoTime);
  }

  /** The same, by that monotonic clock. */
  ClusterObjects(
      KubernetesClient client,
      Class<T> kind,
      Fence fence,
      Optional<Set<String>> takenOver,
      LongSupplier nanoTime) {
    this.client = client;
    this.kind = kind;
    this.calls = new ApiCalls(fence);
    this.ownWrites = new OwnWrites(nanoTime);
    this.catchUp = takenOver.map(namespaces -> new CatchUp<>(() -> pages(namespaces), nanoTime));
  }

  /** All objects as the API server has them, a page at a time. */
  private Stream<KubernetesResourceList<T>> pages(Set<String> namespaces) {
    return namespaces.isEmpty()
        ? pages(client.resources(kind).inAnyNamespace())
        : namespaces.stream().flatMap(each -> pages(client.resources(kind).inNamespace(each)));
  }

  private Stream<KubernetesResourceList<T>> pages(Listable<KubernetesResourceList<T>> objects) {
    return Stream.iterate(
        page(objects, ""),
        Objects::nonNull,
        page -> {
          String next = page.getMetadata().getContinue();
          return next == null || next.isEmpty() ? null : page(objects, next);
        });
  }

  private KubernetesResourceList<T> page(
      Listable<KubernetesResourceList<T>> objects, String token) {
    var options = new ListOptionsBuilder().withLimit(PAGE);
    return calls.make(
        () -> objects.list((token.isEmpty() ? options : options.withContinue(token)).build()));
  }

  /**
   * Whether an object from a cache is known to be older than what we wrote since, or than what was
   * there when this replica began to act. What is planned on such an object would be told as news
   * twice, and its status refused; and one that is gone would be made to be again.
   *
   * @throws KubernetesClientException where it cannot be asked what is there
   */
  public boolean isBehind(T cached) {
    return ownWrites.areNewerThan(cached)
        || catchUp.filter(each -> each.isBehind(cached)).isPresent();
  }

  /**
   * Whether a cache is as new as what was there when this replica began to act. Once it was, it is.
   *
   * @throws KubernetesClientException where it cannot be asked what is there
   */
  public boolean isCaughtUp(Stream<T> cache) {
    return catchUp.isEmpty() || catchUp.get().isOver(cache);
  }

  /** Forgets what was written of an object that is gone. */
  public void forget(String uid) {
    ownWrites.forget(uid);
    pruned.remove(uid);
  }

  /** Whether the object carries our finalizer. */
  public static boolean isHeld(CustomResource<?, ?> object) {
    return object.hasFinalizer(FINALIZER);
  }

  /**
   * Adds our finalizer and annotations, in one write.
   *
   * @return the object as it is stored now
   */
  public T hold(T object, Map<String, String> annotations) {
    List<String> finalizers = new ArrayList<>(object.getMetadata().getFinalizers());
    if (!finalizers.contains(FINALIZER)) {
      finalizers.add(FINALIZER);
    }
    return ownWrites.noted(
        patchMetadata(object, Map.of("finalizers", finalizers, "annotations", annotations)));
  }

  /** Removes our finalizer; an object that is gone already is no failure. */
  public void release(T object) {
    List<String> finalizers = new ArrayList<>(object.getMetadata().getFinalizers());
    finalizers.remove(FINALIZER);
    try {
      patchMetadata(object, Map.of("finalizers", finalizers));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private T patchMetadata(T object, Map<String, Object> members) {
    Map<String, Object> metadata = new HashMap<>(members);
    metadata.put("resourceVersion", object.getMetadata().getResourceVersion());
    KubernetesSerialization serialization = client.getKubernetesSerialization();
    // By the object at hand: by its name alone, the client would read it first.
    return calls.make(
        () ->
            client
                .resource(object)
                .patch(
                    PatchContext.of(PatchType.JSON_MERGE),
                    serialization.asJson(Map.of("metadata", metadata))));
  }

  /**
   * Writes the object's status, all of it. Where only metadata has changed meanwhile, the status is
   * still about the object as it is, and is written once more on its newer version. Where an older
   * CRD drops a part of it, the same is not written again and again.
   *
   * @param before the status that the new one was made from
   */
  public void writeStatus(T object, Object before) {
    Object wanted = object.getStatus();
    String uid = object.getMetadata().getUid();
    if (new Pruned(wanted, before).equals(pruned.get(uid))) {
      return;
    }
    Object stored = storeStatus(object, before).getStatus();
    if (wanted.equals(stored)) {
      pruned.remove(uid);
    } else {
      pruned.put(uid, new Pruned(wanted, stored));
    }
  }

  private T storeStatus(T object, Object before) {
    try {
      return ownWrites.noted(calls.make(client.resource(object)::updateStatus));
    } catch (KubernetesClientException e) {
      T live = e.getCode() == HTTP_CONFLICT ? live(object).orElse(null) : null;
      if (live == null || !onlyMetadataChanged(object, live, before)) {
        throw e;
      }
      object.getMetadata().setResourceVersion(live.getMetadata().getResourceVersion());
      return ownWrites.noted(calls.make(client.resource(object)::updateStatus));
    }
  }

  private static boolean onlyMetadataChanged(
      CustomResource<?, ?> planned, CustomResource<?, ?> live, Object before) {
    return planned.getMetadata().getUid().equals(live.getMetadata().getUid())
        && planned.getMetadata().getGeneration().equals(live.getMetadata().getGeneration())
        && planned.isMarkedForDeletion() == live.isMarkedForDeletion()
        && before.equals(live.getStatus());
  }

  /**
   * Writes some members of the object's status, whatever else changed meanwhile: for what only we
   * write, and have to before something else.
   *
   * @return the object as it is stored now; empty where it is known to be gone
   */
  public Optional<T> patchStatus(T object, Map<String, Object> members) {
    Map<String, Object> patch =
        Map.of("metadata", Map.of("uid", object.getMetadata().getUid()), "status", members);
    try {
      return Optional.of(
          ownWrites.noted(
              calls.make(
                  () ->
                      client
                          .resource(object)
                          .subresource("status")
                          .patch(
                              PatchContext.of(PatchType.JSON_MERGE),
                              client.getKubernetesSerialization().asJson(patch)))));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HTTP_NOT_FOUND || (e.getCode() == HTTP_CONFLICT && !isThere(object))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether the API server has that very object: another one of its name is another object. */
  private boolean isThere(T object) {
    String uid = object.getMetadata().getUid();
    return live(object).filter(live -> live.getMetadata().getUid().equals(uid)).isPresent();
  }

  /**
   * Looks at an object once more, past every cache.
   *
   * @throws KubernetesClientException where it is another one, was edited since it was read, or
   *     cannot be seen
   */
  public void requireUnchanged(T read) {
    Optional<T> unchanged =
        live(read)
            .filter(live -> live.getMetadata().getUid().equals(read.getMetadata().getUid()))
            .filter(
                live ->
                    live.getMetadata().getGeneration().equals(read.getMetadata().getGeneration()));
    if (unchanged.isEmpty()) {
      throw ApiRefusal.conflict("the object has changed meanwhile");
    }
  }

  /** The object as the API server has it now, past every cache. */
  public Optional<T> live(T object) {
    return live(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  /**
   * The object of that name as the API server has it now, past every cache.
   *
   * @throws KubernetesClientException where it cannot be asked, or may not be
   */
  public Optional<T> live(String namespace, String name) {
    return calls.make(
        () ->
            Optional.ofNullable(
                client.resources(kind).inNamespace(namespace).withName(name).get()));
  }
}
