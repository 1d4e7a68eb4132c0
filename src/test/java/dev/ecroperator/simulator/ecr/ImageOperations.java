package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Images by their manifests. There are no layers: a manifest is stored without asking for what it
 * names.
 */
final class ImageOperations {
  private final World world;

  ImageOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> operations() {
    return Map.of(
        "PutImage", this::put,
        "DescribeImages", ImageOperations::describe,
        "ListImages", ImageOperations::list,
        "BatchDeleteImage", this::delete);
  }

  /** The repository with the image, the tag moved to it where the repository lets tags move. */
  static RepositoryState put(
      RepositoryState state, String manifest, String mediaType, @Nullable String tag, Instant at) {
    String digest = Image.digestOf(manifest);
    NavigableMap<String, Image> images = new TreeMap<>(state.images());
    Image image = images.get(digest);
    if (image != null && (tag == null || image.tags().contains(tag))) {
      throw AwsError.refused(
          "ImageAlreadyExistsException",
          "Image with digest '%s' and tag '%s' already exists in the repository with name '%s'"
              .formatted(digest, tag, state.name()));
    }
    if (image == null) {
      image = new Image(digest, new TreeSet<>(), manifest, mediaType, at);
    }
    if (tag != null) {
      Optional<Image> holder = tagged(images, tag);
      if (holder.isPresent() && TagMutability.isImmutable(state, tag)) {
        throw AwsError.refused(
            "ImageTagAlreadyExistsException",
            "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the tag is immutable."
                .formatted(tag, state.name()));
      }
      holder.ifPresent(old -> images.put(old.digest(), old.untagged(tag)));
      image = image.tagged(tag);
    }
    images.put(digest, image);
    return state.withImages(Collections.unmodifiableNavigableMap(images));
  }

  /**
   * The repository with an image that came by replication. A tag that may not move stays where it
   * is, and the image comes without it.
   */
  static RepositoryState received(
      RepositoryState state, Image image, @Nullable String tag, Instant at) {
    NavigableMap<String, Image> images = new TreeMap<>(state.images());
    Image received =
        images.getOrDefault(
            image.digest(),
            new Image(image.digest(), new TreeSet<>(), image.manifest(), image.mediaType(), at));
    Optional<Image> holder = tag == null ? Optional.empty() : tagged(images, tag);
    if (tag != null && (holder.isEmpty() || !TagMutability.isImmutable(state, tag))) {
      holder.ifPresent(old -> images.put(old.digest(), old.untagged(tag)));
      received = received.tagged(tag);
    }
    images.put(received.digest(), received);
    return state.withImages(Collections.unmodifiableNavigableMap(images));
  }

  /** The replica without what was deleted between two states of its source. */
  static RepositoryState withoutDeleted(
      RepositoryState before, RepositoryState after, RepositoryState replica) {
    NavigableMap<String, Image> images = new TreeMap<>(replica.images());
    for (Image old : before.images().values()) {
      Image rest = after.images().get(old.digest());
      if (rest == null) {
        images.remove(old.digest());
        continue;
      }
      for (String tag : old.tags()) {
        if (!rest.tags().contains(tag)) {
          images.computeIfPresent(old.digest(), (digest, image) -> image.untagged(tag));
        }
      }
    }
    return replica.withImages(Collections.unmodifiableNavigableMap(images));
  }

  private ObjectNode put(Request request) {
    String manifest = request.text("imageManifest");
    ObjectNode parsed = Json.parse(manifest);
    if (parsed == null) {
      throw AwsError.invalid("ImageManifest", "Invalid JSON syntax");
    }
    String digest = Image.digestOf(manifest);
    if (request.has("imageDigest") && !request.text("imageDigest").equals(digest)) {
      throw AwsError.refused(
          "ImageDigestDoesNotMatchException",
          "The calculated digest of the image does not match the specified digest");
    }
    String mediaType =
        request
            .get("imageManifestMediaType")
            .asText(parsed.path("mediaType").asText(Image.DEFAULT_MEDIA_TYPE));
    String tag = request.has("imageTag") ? request.text("imageTag") : null;
    RepositoryState changed =
        world.replication.push(
            request.registry(),
            request.repositoryName(),
            digest,
            tag,
            state -> put(state, manifest, mediaType, tag, request.at()),
            request.at());
    ObjectNode image =
        request
            .answer(changed)
            .put("imageManifest", manifest)
            .put("imageManifestMediaType", mediaType);
    identify(image.putObject("imageId"), digest, tag);
    ObjectNode answer = Json.object();
    answer.set("image", image);
    return answer;
  }

  private static ObjectNode describe(Request request) {
    JsonNode imageIds = request.get("imageIds");
    Page.refuseWithNames(request, Json.texts(imageIds));
    RepositoryState state = request.repository();
    String account = request.registry().account();
    ObjectNode answer = Json.object();
    ArrayNode details = answer.putArray("imageDetails");
    if (imageIds.isEmpty()) {
      Page.read(
          ofStatus(state, request),
          request,
          answer,
          image -> details.add(image.detail(account, state.name())));
    }
    for (JsonNode id : imageIds) {
      details.add(image(state, id, account).detail(account, state.name()));
    }
    return answer;
  }

  /** The image that the id names by its digest, a tag, or both. */
  static Image image(RepositoryState state, JsonNode id, String account) {
    return find(state.images(), id)
        .orElseThrow(
            () ->
                AwsError.refused(
                    "ImageNotFoundException",
                    "The image with imageId {imageDigest:'%s', imageTag:'%s'} does not exist within the repository with name '%s' in the registry with id '%s'"
                        .formatted(
                            id.path("imageDigest").asText("null"),
                            id.path("imageTag").asText("null"),
                            state.name(),
                            account)));
  }

  private static ObjectNode list(Request request) {
    NavigableMap<String, ObjectNode> ids = new TreeMap<>();
    for (Image image : ofStatus(request.repository(), request).values()) {
      if (image.tags().isEmpty()) {
        ids.put(image.digest(), identify(Json.object(), image.digest(), null));
      }
      image
          .tags()
          .forEach(
              tag ->
                  ids.put(
                      image.digest() + "@" + tag, identify(Json.object(), image.digest(), tag)));
    }
    ObjectNode answer = Json.object();
    ArrayNode imageIds = answer.putArray("imageIds");
    Page.read(ids, request, answer, imageIds::add);
    return answer;
  }

  private ObjectNode delete(Request request) {
    ObjectNode answer = Json.object();
    ArrayNode deleted = answer.putArray("imageIds");
    ArrayNode failures = answer.putArray("failures");
    world.replication.delete(
        request.registry(),
        request.repositoryName(),
        state -> without(state, request.get("imageIds"), deleted, failures),
        request.at());
    return answer;
  }

  /** A tag deletes the image only when it was its last; a digest deletes it with all its tags. */
  static RepositoryState without(
      RepositoryState state, JsonNode imageIds, ArrayNode deleted, ArrayNode failures) {
    NavigableMap<String, Image> images = new TreeMap<>(state.images());
    for (JsonNode id : imageIds) {
      Optional<Image> found = find(images, id);
      if (found.isEmpty()) {
        ObjectNode failure = failures.addObject();
        failure.set("imageId", id);
        failure
            .put("failureCode", "ImageNotFound")
            .put("failureReason", "Requested image not found");
        continue;
      }
      Image image = found.get();
      Image rest = id.has("imageTag") ? image.untagged(id.path("imageTag").asText()) : image;
      if (id.has("imageTag") && !rest.tags().isEmpty()) {
        images.put(rest.digest(), rest);
      } else {
        images.remove(image.digest());
      }
      if (id.has("imageTag")) {
        deleted.add(identify(Json.object(), image.digest(), id.path("imageTag").asText()));
      } else if (image.tags().isEmpty()) {
        deleted.add(identify(Json.object(), image.digest(), null));
      } else {
        image.tags().forEach(tag -> deleted.add(identify(Json.object(), image.digest(), tag)));
      }
    }
    return state.withImages(Collections.unmodifiableNavigableMap(images));
  }

  private static NavigableMap<String, Image> ofStatus(RepositoryState state, Request request) {
    String status = request.get("filter").path("tagStatus").asText("ANY");
    if (status.equals("ANY")) {
      return state.images();
    }
    NavigableMap<String, Image> images = new TreeMap<>(state.images());
    images.values().removeIf(image -> image.tags().isEmpty() == status.equals("TAGGED"));
    return images;
  }

  private static Optional<Image> find(NavigableMap<String, Image> images, JsonNode id) {
    if (!id.has("imageDigest")) {
      return tagged(images, id.path("imageTag").asText());
    }
    return Optional.ofNullable(images.get(id.path("imageDigest").asText()))
        .filter(
            image -> !id.has("imageTag") || image.tags().contains(id.path("imageTag").asText()));
  }

  private static Optional<Image> tagged(NavigableMap<String, Image> images, String tag) {
    return images.values().stream().filter(image -> image.tags().contains(tag)).findFirst();
  }

  private static ObjectNode identify(ObjectNode id, String digest, @Nullable String tag) {
    id.put("imageDigest", digest);
    return tag == null ? id : id.put("imageTag", tag);
  }
}
