package dev.ecroperator.simulator.ecr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * An image as a registry keeps it: the manifest under its digest, and the tags that point there.
 */
record Image(
    String digest, NavigableSet<String> tags, String manifest, String mediaType, Instant pushedAt) {
  static final String DEFAULT_MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

  static String digestOf(String manifest) {
    try {
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(manifest.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(sha256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Image tagged(String tag) {
    NavigableSet<String> more = new TreeSet<>(tags);
    more.add(tag);
    return new Image(digest, more, manifest, mediaType, pushedAt);
  }

  Image untagged(String tag) {
    NavigableSet<String> fewer = new TreeSet<>(tags);
    fewer.remove(tag);
    return new Image(digest, fewer, manifest, mediaType, pushedAt);
  }

  /** What DescribeImages says of it. */
  ObjectNode detail(String account, String repository) {
    ObjectNode detail =
        Json.object()
            .put("registryId", account)
            .put("repositoryName", repository)
            .put("imageDigest", digest)
            .put("imageSizeInBytes", manifest.length())
            .put("imageManifestMediaType", mediaType);
    detail.set("imagePushedAt", Json.epochSeconds(pushedAt));
    if (!tags.isEmpty()) {
      tags.forEach(detail.putArray("imageTags")::add);
    }
    return detail;
  }
}
