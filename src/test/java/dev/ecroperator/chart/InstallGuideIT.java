package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.simulator.real.Command;
import dev.ecroperator.simulator.real.RealKubeApiServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/install.md}, each as it stands there and one after the other. */
class InstallGuideIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  @TempDir Path home;

  @Test
  void everyCommandDoesWhatTheGuideSays() throws Exception {
    var blocks =
        BLOCK
            .matcher(Files.readString(Path.of("docs", "install.md")))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertThat(blocks).hasSizeGreaterThan(10);
    var helm = Helm.binary();

    try (var server = RealKubeApiServer.start()) {
      for (var block : blocks) {
        var answer = run(block, helm, server.kubeconfig());
        assertThat(answer.exitCode()).as("%s%n%s", block, answer.output()).isZero();
      }
    }
  }

  private static String folder(Path binary) {
    return Objects.requireNonNull(binary.getParent()).toString();
  }

  private Command.Answer run(String commands, Path helm, Path kubeconfig) {
    var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands);
    var path =
        String.join(
            File.pathSeparator,
            folder(helm),
            folder(RealKubeApiServer.kubectlBinary()),
            System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    builder.environment().put("PATH", path);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    return Command.run(builder);
  }
}
