package dev.ecroperator.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ecroperator.endtoend.Launch;
import dev.ecroperator.simulator.real.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * An image run as a cluster runs it, by the means of Linux alone: in a mount namespace of its own,
 * its files read-only but for {@code /tmp}, and, where root starts it, as the user that the image
 * names. The network is this machine's.
 *
 * @param config the image's
 * @param root the files of all layers
 * @param tmp what is {@code /tmp} inside
 * @param entrypoint the image's
 */
public record Container(JsonNode config, Path root, Path tmp, List<String> entrypoint)
    implements Launch {
  /** Arguments: root, tmp, user ("" for none), the image's PATH, the command. */
  private static final String ENTER =
      """
      set -e
      root=$1 tmp=$2 user=$3 path=$4
      shift 4
      mount --bind "$root" "$root"
      mount --bind "$tmp" "$root/tmp"
      mount --rbind /proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount -o remount,bind,ro "$root"
      chroot=$(command -v chroot)
      PATH=$path
      export PATH
      exec "$chroot" ${user:+--userspec="$user"} "$root" "$@"
      """;

  private static final String KUBECONFIG = "KUBECONFIG";

  /**
   * Unpacks an image, to run it.
   *
   * @param folder an empty one
   */
  public static Container of(ImageArchive image, Path folder) throws IOException {
    // All on the way may be entered by the image's user, where root has made it for itself.
    Path root = Files.createDirectories(folder.resolve("root")).toAbsolutePath();
    Path tmp = Files.createDirectories(folder.resolve("tmp")).toAbsolutePath();
    for (ImageArchive.Layer layer : image.layers()) {
      var _ =
          Command.run("tar", "-xpzf", layer.blob().toString(), "-C", root.toString()).succeeded();
    }
    for (String mountPoint : List.of("tmp", "proc", "dev")) {
      Files.createDirectories(root.resolve(mountPoint));
    }
    var _ = Command.run("chmod", "1777", tmp.toString()).succeeded();
    List<String> entrypoint =
        StreamSupport.stream(image.config().at("/config/Entrypoint").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    return new Container(image.config(), root, tmp, entrypoint);
  }

  /** Why no container can be made here, or nothing. */
  public static String obstacle() {
    List<String> command = new ArrayList<>(unshare());
    command.addAll(List.of("/bin/sh", "-c", "mount --bind /tmp /tmp && command -v chroot"));
    try {
      var _ = Command.run(command.toArray(String[]::new)).succeeded();
      return "";
    } catch (UncheckedIOException | IllegalStateException e) {
      return "no mount namespace can be made here (" + e.getMessage() + ")";
    }
  }

  private static List<String> unshare() {
    List<String> command =
        new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
    if (!isRoot()) {
      command.add("--map-root-user");
    }
    return command;
  }

  /** Whether root runs this: else the operator inside has the user id of whoever does. */
  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** The same with another file of options for the JVM: {@code file} is in the container. */
  public Container withJvmOptions(String file) {
    List<String> other =
        entrypoint.stream()
            .map(word -> word.startsWith("@/app/jvm.options") ? "@" + file : word)
            .toList();
    return new Container(config, root, tmp, other);
  }

  @Override
  public ProcessBuilder process(Map<String, String> environment, List<String> arguments) {
    Map<String, String> inside = new HashMap<>();
    for (JsonNode variable : config.at("/config/Env")) {
      String[] parts = variable.asText().split("=", 2);
      inside.put(parts[0], parts[1]);
    }
    String path = inside.getOrDefault("PATH", "/usr/bin:/bin");
    inside.putAll(environment);
    // A container sees no file of this machine but what is put into it.
    inside.computeIfPresent(KUBECONFIG, (name, file) -> bring(Path.of(file)));
    inside.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    List<String> command = new ArrayList<>(unshare());
    command.addAll(List.of("/bin/sh", "-c", ENTER, "enter"));
    command.addAll(List.of(root.toString(), tmp.toString(), isRoot() ? user() : "", path));
    command.addAll(entrypoint);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(inside);
    return builder;
  }

  private String user() {
    String named = config.at("/config/User").asText();
    return named.isEmpty() ? "0:0" : named;
  }

  private String bring(Path file) {
    try {
      Path copy = tmp.resolve(file.getFileName());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      return "/tmp/" + copy.getFileName();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
