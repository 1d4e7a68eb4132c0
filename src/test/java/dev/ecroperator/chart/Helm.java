package dev.ecroperator.chart;

import dev.ecroperator.simulator.real.Command;
import dev.ecroperator.simulator.real.RealPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The real helm, which {@code .ci/helm} installs; where it is not, tests that ask are skipped. */
public final class Helm {
  /** The chart, in the project's directory. */
  public static final Path CHART = Path.of("helm", "ecr-operator");

  private static final Path INSTALLED =
      RealPart.cache().resolve(Path.of("helm", "3.22.0")).toAbsolutePath();

  private final Path home;
  private final @Nullable Path kubeconfig;

  private Helm(Path home, @Nullable Path kubeconfig) {
    this.home = home;
    this.kubeconfig = kubeconfig;
  }

  /** Helm without a cluster. */
  public static Helm alone() {
    return new Helm(home(), null);
  }

  /** Helm for the cluster of the kubeconfig. */
  public static Helm of(Path kubeconfig) {
    return new Helm(home(), kubeconfig);
  }

  /** The CRDs of the Prometheus operator. */
  public static Path monitoringCrds() {
    home();
    return INSTALLED.resolve("monitoring");
  }

  /** The program itself. */
  static Path binary() {
    home();
    return INSTALLED.resolve("helm");
  }

  private static Path home() {
    if (!Files.isExecutable(INSTALLED.resolve("helm"))) {
      RealPart.HELM.missing("no helm in " + INSTALLED);
    }
    try {
      return Files.createTempDirectory("helm");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The objects that the chart renders for a release {@code ecr-operator} in the namespace {@code
   * ecr-operator}, unless the arguments say otherwise.
   *
   * @throws IllegalStateException with helm's words where it refuses
   */
  public List<RenderedObject> template(String... arguments) {
    var command = new ArrayList<>(List.of("template"));
    if (List.of(arguments).stream().noneMatch("--name-template"::equals)) {
      command.add("ecr-operator");
    }
    command.add(CHART.toString());
    if (List.of(arguments).stream().noneMatch("--namespace"::equals)) {
      command.addAll(List.of("--namespace", "ecr-operator"));
    }
    command.addAll(List.of(arguments));
    return RenderedObject.all(succeed(command.toArray(String[]::new)));
  }

  /**
   * Runs helm in the project's directory, and returns what it printed.
   *
   * @throws IllegalStateException with helm's words where it fails
   */
  public String succeed(String... arguments) {
    return run(arguments).succeeded();
  }

  /** Runs helm in the project's directory. */
  public Command.Answer run(String... arguments) {
    var command = new ArrayList<>(List.of(INSTALLED.resolve("helm").toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("HOME", home.toString());
    // Nothing, such as the settings of whoever runs the tests, but the cluster that it is given.
    builder
        .environment()
        .put("KUBECONFIG", kubeconfig == null ? home.resolve("none").toString() : "" + kubeconfig);
    return Command.run(builder);
  }
}
