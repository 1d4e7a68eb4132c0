package dev.ecroperator.bench;

import dev.ecroperator.image.Container;
import dev.ecroperator.image.ImageArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The {@link Rehearsal} of an image: its own JVM runs its own jars, and leaves the cache that comes
 * into the image as one more layer. Only so do both fit: a cache is of one JVM, and of jars of a
 * size and time.
 */
public final class ImageRehearsal {
  private static final Path FOLDER = Path.of("target", "image", "rehearsal");

  private ImageRehearsal() {}

  /** Arguments: the image's tar file, and the file to write the cache to. */
  public static void main(String[] arguments) throws IOException {
    String obstacle = Container.obstacle();
    if (!obstacle.isEmpty()) {
      System.out.println(
          "The image gets no AOT cache, so its starts are slow: "
              + obstacle
              + ". Build it as root.");
      return;
    }
    rehearse(Path.of(arguments[0]), Path.of(arguments[1]));
    System.exit(0);
  }

  private static void rehearse(Path tar, Path cache) throws IOException {
    ImageArchive image = ImageArchive.read(tar, Files.createDirectories(FOLDER.resolve("image")));
    Container container = Container.of(image, FOLDER);
    Path written = container.tmp().resolve("ecr-operator.aot");
    Files.write(
        container.tmp().resolve("jvm.options"),
        Rehearsal.watching(
            Files.readAllLines(container.root().resolve("app/jvm.options")),
            Path.of("/tmp/ecr-operator.aot")));
    Rehearsal.play(container.withJvmOptions("/tmp/jvm.options"), FOLDER);
    Files.createDirectories(cache.getParent());
    Files.copy(written, cache);
  }
}
