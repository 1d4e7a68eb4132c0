package dev.ecroperator.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The process does not start: one line says why, without a stack trace. */
@Execution(ExecutionMode.CONCURRENT)
class StartIT {
  @TempDir Path directory;

  /** How a process ended. */
  private record End(int status, List<String> output) {}

  private End run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "operator", ".log");
    try (OperatorProcess operator = OperatorProcess.start(environment, output, arguments)) {
      return new End(operator.awaitExit(), operator.output());
    }
  }

  private static void assertOneLine(End end, int status, String... parts) {
    assertThat(end.output()).hasSize(1);
    assertThat(end.output().getFirst()).contains(parts);
    assertThat(end.status()).isEqualTo(status);
  }

  @Test
  void helpNeedsNoCluster() throws Exception {
    End end = run(Map.of(), "--help");

    assertThat(end.status()).isZero();
    assertThat(String.join("\n", end.output()))
        .contains(
            "OPERATOR_WATCH_NAMESPACES",
            "OPERATOR_OWNER_ID",
            "OPERATOR_HTTP_PORT",
            "OPERATOR_LEADER_ELECTION",
            "OPERATOR_CONCURRENCY",
            "OPERATOR_RESYNC",
            "OPERATOR_AUDIT_RATE",
            "OPERATOR_AWS_RATES",
            "OPERATOR_LOG_FORMAT",
            "OPERATOR_LOG_LEVEL");
  }

  @Test
  void versionNeedsNoCluster() throws Exception {
    assertOneLine(run(Map.of(), "--version"), 0, "ecr-operator ");
  }

  @Test
  void anUnknownArgumentIsRefused() throws Exception {
    assertOneLine(run(Map.of(), "--bogus"), 2, "--bogus", "--help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OPERATOR_WATCH_NAMESPACES | Not_A_Name | commas
          OPERATOR_OWNER_ID         | a/b        | 36
          OPERATOR_HTTP_PORT        | 70000      | 65535
          OPERATOR_LEADER_ELECTION  | maybe      | true or false
          OPERATOR_CONCURRENCY      | 0          | number
          OPERATOR_RESYNC           | 300        | 5m
          OPERATOR_AUDIT_RATE       | 2          | 2/s
          OPERATOR_AWS_RATES        | Create     | CreateRepository=10/20
          OPERATOR_LOG_FORMAT       | xml        | json or text
          OPERATOR_LOG_LEVEL        | loud       | debug
          """)
  void aSettingThatCannotBeReadIsNamed(String variable, String value, String accepted)
      throws Exception {
    assertOneLine(run(Map.of(variable, value)), 2, variable, "'" + value + "'", accepted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AWS_ENDPOINT_URL            | 127.0.0.1:4566        | a URL as https://
          AWS_ENDPOINT_URL_ECR        | localhost:4566        | a URL as https://
          AWS_ENDPOINT_URL_ECR_PUBLIC | ftp://127.0.0.1:4566  | a URL as https://
          AWS_ENDPOINT_URL_STS        | https://              | a URL as https://
          AWS_ENDPOINT_URL            | ''                    | unset
          AWS_MAX_ATTEMPTS            | x                     | a number, at least 1
          AWS_MAX_ATTEMPTS            | 0                     | a number, at least 1
          AWS_USE_FIPS_ENDPOINT       | maybe                 | 'true'
          AWS_USE_DUALSTACK_ENDPOINT  | perhaps               | 'true'
          """)
  void anAwsSettingThatCannotBeReadIsNamed(String variable, String value, String accepted)
      throws Exception {
    // No cluster is looked for: it would end with 1.
    Map<String, String> environment =
        OperatorProcess.environment(
            directory.resolve("none"), "https://ecr.example.com", "eu-west-1");
    environment.put(variable, value);

    assertOneLine(run(environment), 2, variable, "'" + value + "'", accepted);
  }

  @Test
  void anAwsProfileThatCannotBeReadIsNamed() throws Exception {
    Map<String, String> environment =
        OperatorProcess.environment(
            directory.resolve("none"), "https://ecr.example.com", "eu-west-1");
    environment.put(
        "AWS_CONFIG_FILE",
        Files.writeString(directory.resolve("profiles"), "region: eu-west-1").toString());

    assertOneLine(run(environment), 2, "AWS", "profile", "line 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clusters: [", "\u0000\u0001\u0002", "token-of-somebody", "- a"})
  void aKubeconfigThatIsNoneIsNamed(String content) throws Exception {
    Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), content);
    Map<String, String> environment =
        OperatorProcess.environment(kubeconfig, "http://127.0.0.1:1", "eu-west-1");

    End end = run(environment);

    assertOneLine(end, 1, "KUBECONFIG", kubeconfig.toString(), "YAML");
    assertThat(end.output().getFirst()).doesNotContain("token-of-somebody");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          server: "http://not a URL"                                             | not a URL
          server: "https://127.0.0.1:1", certificate-authority: nowhere/ca.crt   | nowhere/ca.crt
          """)
  void aClusterThatCannotBeCalledIsNamed(String cluster, String named) throws Exception {
    Map<String, String> environment =
        OperatorProcess.environment(kubeconfig(cluster), "http://127.0.0.1:1", "eu-west-1");

    assertOneLine(run(environment), 1, "no Kubernetes cluster at", named, "KUBECONFIG");
  }

  @Test
  void whatNobodyForesawEndsItInOneLine() throws Exception {
    // No API server has objects without metadata.
    HttpServer nothing =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    nothing.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    nothing.start();
    try {
      Path kubeconfig =
          kubeconfig("server: \"http://127.0.0.1:" + nothing.getAddress().getPort() + "\"");

      assertOneLine(
          run(OperatorProcess.environment(kubeconfig, "http://127.0.0.1:1", "eu-west-1")),
          1,
          "the start failed as nobody foresaw",
          "NullPointerException",
          "report");
    } finally {
      nothing.stop(0);
    }
  }

  @Test
  void withoutAClusterItEnds() throws Exception {
    // Bound, but not listening: nobody else gets the port, and who connects is refused.
    try (Socket bound = new Socket()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertEndsWithoutTheClusterAt(bound.getLocalPort());
    }
  }

  private void assertEndsWithoutTheClusterAt(int closed) throws Exception {
    Map<String, String> environment =
        OperatorProcess.environment(
            kubeconfig("server: \"http://127.0.0.1:" + closed + "\""),
            "http://127.0.0.1:1",
            "eu-west-1");

    assertOneLine(run(environment), 1, "cluster", "127.0.0.1:" + closed, "KUBECONFIG");
  }

  private Path kubeconfig(String cluster) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {%s}}]
        users: [{name: u, user: {token: t}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        current-context: c
        """
            .formatted(cluster));
  }

  @Test
  void withoutTheCrdItEnds() throws Exception {
    Path noCrds = Files.createDirectory(directory.resolve("none"));
    try (KubernetesCluster cluster = Backends.separateCluster(noCrds, directory)) {
      Map<String, String> environment =
          OperatorProcess.environment(cluster.kubeconfig(), "http://127.0.0.1:1", "eu-west-1");

      assertOneLine(
          run(environment), 1, "repositories.ecroperator.dev", "not installed", "kubectl apply");
    }
  }

  @Test
  void withoutARegionItEnds() throws Exception {
    try (Scene scene = Scene.withResync("24h").open()) {
      Map<String, String> environment = new HashMap<>(scene.environment());
      environment.remove("AWS_REGION");
      environment.put("AWS_CONFIG_FILE", directory.resolve("none").toString());

      assertOneLine(run(environment), 1, "AWS_REGION");
    }
  }

  @Test
  void withoutThePermissionToListItEnds() throws Exception {
    try (Scene scene = Scene.withResync("24h").withFaultsOfTheApiServer().open()) {
      scene.apiServerFaults().on("list", "repositories").always().answer(403);

      assertOneLine(
          run(scene.environment()), 1, "not permitted to list", "repositories.ecroperator.dev");
    }
  }

  @Test
  void withoutThePermissionToReadTheLeaseItEnds() throws Exception {
    try (Scene scene =
        Scene.withResync("24h", "OPERATOR_LEADER_ELECTION", "true")
            .withFaultsOfTheApiServer()
            .open()) {
      scene.apiServerFaults().on("get", "leases").always().answer(403);

      assertOneLine(
          run(scene.environment()),
          1,
          "the Lease default/ecr-operator cannot be read",
          "allow 'get', 'create' and 'update' of leases.coordination.k8s.io");
    }
  }

  @Test
  void whereItsPortIsTakenItEnds() throws Exception {
    try (Scene scene = Scene.withResync("24h").open();
        ServerSocket taken = new ServerSocket(0)) {
      Map<String, String> environment = new HashMap<>(scene.environment());
      environment.put("OPERATOR_HTTP_PORT", Integer.toString(taken.getLocalPort()));

      assertOneLine(run(environment), 1, "OPERATOR_HTTP_PORT");
    }
  }
}
