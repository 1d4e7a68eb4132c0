package dev.ecroperator.simulator.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kubeconfig of one cluster, as text. */
public record Kubeconfig(String text) {
  private static final Pattern SERVER =
      Pattern.compile("(server: \"?)(https?://[^\\s\"/]+)", Pattern.MULTILINE);

  /** Reads it from a file. */
  public static Kubeconfig of(Path file) {
    try {
      return new Kubeconfig(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where its API server is.
   *
   * @throws IllegalStateException where it names none
   */
  public URI server() {
    return URI.create(found().group(2));
  }

  /** Writes the same, for the server at another place, into a new file of the directory. */
  public Path writeFor(URI server, Path directory) {
    try {
      return Files.writeString(
          Files.createTempFile(directory, "kubeconfig", ""), found().replaceFirst("$1" + server));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Matcher found() {
    Matcher found = SERVER.matcher(text);
    if (!found.find()) {
      throw new IllegalStateException("no server in " + text);
    }
    return found;
  }
}
