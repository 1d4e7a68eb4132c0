package dev.ecroperator.simulator.real;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ecroperator.api.Repository;
import dev.ecroperator.simulator.kube.LoggedRequest;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * A real kube-apiserver with an etcd of its own, empty, on loopback; about 5 seconds to start.
 *
 * <p>{@code .ci/kube-api-server} builds the binaries. Where they are not, {@link #start} skips the
 * test that asks for one. There are no controllers: nothing collects garbage, and the service
 * account of a namespace does not come by itself.
 */
public final class RealKubeApiServer implements AutoCloseable {

  /** Several start at once, on a machine that may be busy with other things. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final String VERSION = "1.36.3";
  private static final List<String> BINARIES = List.of("kube-apiserver", "etcd", "kubectl");

  private final KubeAPIServer server;
  private final Path directory;
  private final KubernetesClient client;
  private final AuditLog audit;
  private final Thread lastResort;

  private RealKubeApiServer(KubeAPIServer server, Path directory, AuditLog audit) {
    this.server = server;
    this.audit = audit;
    this.directory = directory;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
            .build();
    // A test that is interrupted leaves no process behind.
    this.lastResort = new Thread(this::stop, "stop kube-apiserver");
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  /** Starts one, or skips the test when the binaries are not there. */
  public static RealKubeApiServer start() {
    if (!installed()) {
      RealPart.KUBE_API_SERVER.missing("no kube-apiserver in " + binaries());
    }
    ((Logger) LoggerFactory.getLogger("io.fabric8.kubeapitest")).setLevel(Level.WARN);
    try {
      // A directory of its own, since certificates are written beside the binaries.
      var directory = Files.createTempDirectory("kube-api-server");
      var own = Files.createDirectories(directory.resolve("k8s").resolve(platform()));
      for (var binary : BINARIES) {
        Files.createSymbolicLink(own.resolve(binary), binaries().resolve(binary));
      }
      var audit = new AuditLog(directory);
      var server =
          new KubeAPIServer(
              KubeAPIServerConfigBuilder.anAPIServerConfig()
                  .withTestDir(directory.toString())
                  .withApiServerVersion(VERSION)
                  .withOfflineMode(true)
                  .withUpdateKubeConfig(false)
                  .withStartupTimeout(Math.toIntExact(PATIENCE.toMillis()))
                  .withApiServerFlags(audit.flags())
                  .build());
      server.start();
      Files.writeString(directory.resolve("kubeconfig"), server.getKubeConfigYaml());
      return new RealKubeApiServer(server, directory, audit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether {@link #start} will start one. */
  public static boolean installed() {
    return BINARIES.stream().allMatch(binary -> Files.isExecutable(binaries().resolve(binary)));
  }

  /** The kubectl of the server's version; else that of the PATH; without either, skips the test. */
  public static Path kubectlBinary() {
    var path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
    var candidates =
        Stream.concat(Stream.of(binaries()), Stream.of(path).map(Path::of))
            .map(folder -> folder.resolve("kubectl"))
            .filter(Files::isExecutable)
            .toList();
    if (candidates.isEmpty()) {
      RealPart.KUBE_API_SERVER.missing("no kubectl in " + binaries() + " or on the PATH");
    }
    return candidates.getFirst();
  }

  /** A file for {@code KUBECONFIG}, of an administrator. */
  public Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  /** A file for {@code KUBECONFIG}, of whoever has the token. */
  Path kubeconfig(String namespace, String token) {
    try {
      var yaml = new YAMLMapper();
      var config = yaml.readTree(Files.readString(kubeconfig()));
      for (var user : config.path("users")) {
        ((ObjectNode) user).putObject("user").put("token", token);
      }
      return file("kubeconfig-" + namespace, yaml.writeValueAsString(config));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file with that text, which goes with the server. */
  Path file(String name, String text) {
    try {
      return Files.writeString(Files.createTempFile(directory, name, ""), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client of an administrator, in the namespace {@code default}; closed with the server. */
  public KubernetesClient client() {
    return client;
  }

  /** Who asked for which change of our own resources, oldest first: the server's audit log. */
  public List<LoggedRequest> writes() {
    return audit.writes();
  }

  /** What service accounts asked for, allowed or not, oldest first: the server's audit log. */
  public List<Access> accesses() {
    return audit.accesses();
  }

  /** Installs the committed CRDs, and waits until they are served. */
  public RealKubeApiServer withCustomResourceDefinitions() {
    return withCustomResourceDefinitions(Path.of("crds"));
  }

  /** Installs the CRDs of the directory, and waits until they are served. */
  public RealKubeApiServer withCustomResourceDefinitions(Path crds) {
    try (var files = Files.newDirectoryStream(crds, "*.{yml,yaml}")) {
      for (var file : files) {
        var crd =
            client
                .getKubernetesSerialization()
                .unmarshal(Files.readString(file), CustomResourceDefinition.class);
        client.resource(crd).create();
        client
            .resource(crd)
            .waitUntilCondition(RealKubeApiServer::established, 30, TimeUnit.SECONDS);
        // Discovery may come a moment later, and clients go by it.
        await().atMost(PATIENCE).until(() -> isDiscovered(crd.getSpec()));
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isDiscovered(CustomResourceDefinitionSpec crd) {
    return crd.getVersions().stream()
        .filter(CustomResourceDefinitionVersion::getServed)
        .map(version -> client.getApiResources(crd.getGroup() + "/" + version.getName()))
        .allMatch(
            served ->
                served != null
                    && served.getResources().stream()
                        .anyMatch(kind -> kind.getName().equals(crd.getNames().getPlural())));
  }

  /**
   * Stores a Repository that its CRD refuses: while it is stored, the CRD has no rules about {@code
   * spec}. Whoever else is at work on the server meets that, too.
   */
  public void storeUnchecked(GenericKubernetesResource object) {
    var crd =
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName(HasMetadata.getFullResourceName(Repository.class));
    CustomResourceDefinition today = crd.get();
    crd.edit(RealKubeApiServer::withoutRules);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> client.resource(object).create() != null);
    crd.edit(
        current -> {
          current.setSpec(today.getSpec());
          return current;
        });
    var another =
        new GenericKubernetesResourceBuilder(object)
            .editMetadata()
            .withName(object.getMetadata().getName() + "-today")
            .endMetadata()
            .build();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> client.resource(another).dryRun().create())
                    .isInstanceOf(KubernetesClientException.class));
  }

  private static CustomResourceDefinition withoutRules(CustomResourceDefinition crd) {
    var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    root.setXKubernetesValidations(new ArrayList<>());
    var spec = Objects.requireNonNull(root.getProperties().get("spec"));
    spec.setXKubernetesValidations(new ArrayList<>());
    spec.setProperties(null);
    spec.setXKubernetesPreserveUnknownFields(true);
    return crd;
  }

  private static boolean established(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  /** Runs the kubectl of the server's version in the project's directory. */
  public Command.Answer kubectl(String... arguments) {
    var command = new ArrayList<>(List.of(binaries().resolve("kubectl").toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", kubeconfig().toString());
    builder.environment().put("HOME", directory.toString());
    return Command.run(builder);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(lastResort);
    client.close();
    stop();
  }

  private void stop() {
    server.stop();
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path binaries() {
    var set = System.getenv("KUBE_API_TEST_DIR");
    var root =
        set == null || set.isEmpty() ? RealPart.cache().resolve("kube-api-test") : Path.of(set);
    return root.resolve(Path.of("k8s", platform())).toAbsolutePath();
  }

  private static String platform() {
    var os = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    var arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    return VERSION + "-" + os + "-" + arch;
  }
}
