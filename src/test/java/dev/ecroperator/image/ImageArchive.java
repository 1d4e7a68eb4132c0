package dev.ecroperator.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image in a tar file, laid out as the OCI image specification has it.
 *
 * @param folder where the tar file was unpacked to
 * @param digest the image's: of its manifest
 * @param manifest names the configuration and the layers
 * @param config how the image runs
 */
public record ImageArchive(Path folder, String digest, JsonNode manifest, JsonNode config) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Unpacks it.
   *
   * @param folder an empty one
   */
  public static ImageArchive read(Path tar, Path folder) throws IOException {
    try (var entries =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar)))) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder) || !entry.isFile()) {
          throw new IOException(tar + " is not an image: it has " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.copy(entries, file);
      }
    }
    JsonNode index = JSON.readTree(folder.resolve("index.json").toFile());
    if (index.path("manifests").size() != 1) {
      throw new IOException(tar + " is not one image: " + index);
    }
    String digest = index.at("/manifests/0/digest").asText();
    JsonNode manifest = JSON.readTree(blob(folder, digest).toFile());
    JsonNode config = JSON.readTree(blob(folder, manifest.at("/config/digest").asText()).toFile());
    return new ImageArchive(folder, digest, manifest, config);
  }

  private static Path blob(Path folder, String digest) {
    return folder.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  /** The layers, from the lowest on. */
  List<Layer> layers() {
    return StreamSupport.stream(manifest.path("layers").spliterator(), false)
        .map(layer -> new Layer(blob(folder, layer.path("digest").asText())))
        .toList();
  }

  /** A layer, which is a compressed tar file. */
  record Layer(Path blob) {
    /** All entries: folders too. */
    List<TarArchiveEntry> entries() throws IOException {
      List<TarArchiveEntry> found = new ArrayList<>();
      forEach((entry, content) -> found.add(entry));
      return found;
    }

    /** Tells of each entry, and what is in it. */
    void forEach(Visitor visitor) throws IOException {
      try (var entries = open()) {
        for (TarArchiveEntry entry = entries.getNextEntry();
            entry != null;
            entry = entries.getNextEntry()) {
          visitor.visit(entry, entries);
        }
      }
    }

    private TarArchiveInputStream open() throws IOException {
      return new TarArchiveInputStream(
          new GZIPInputStream(new BufferedInputStream(Files.newInputStream(blob))));
    }
  }

  /** Is told of what is in a layer. */
  @FunctionalInterface
  interface Visitor {
    /** One entry; the content is read to its end, or not at all. */
    void visit(TarArchiveEntry entry, InputStream content) throws IOException;
  }
}
