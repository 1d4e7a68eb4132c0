package dev.ecroperator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.ecroperator.simulator.real.RealPart;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pod of {@code helm test} does, with the shell and the wget of this machine. */
class TestPodTest {

  @ParameterizedTest
  @CsvSource({
    "200, ecr_operator_leader 1.0, 0",
    "200, ecr_operator_leader 0.0, 0",
    "503, ecr_operator_leader 1.0, 1",
    "200, another_metric 1.0, 1",
  })
  void itSucceedsWhereTheOperatorIsReadyAndTellsItsMetrics(int ready, String metric, int expected)
      throws Exception {
    var path = System.getenv().getOrDefault("PATH", "");
    if (Stream.of(path.split(File.pathSeparator, -1))
        .noneMatch(folder -> Files.isExecutable(Path.of(folder, "wget")))) {
      RealPart.WGET.missing("no wget on the PATH");
    }
    var container =
        RenderedObject.find(Helm.alone().template(), "Pod", "ecr-operator-test")
            .at("/spec/containers/0");
    assertThat(container.at("/env/0/value").asText())
        .isEqualTo("http://ecr-operator.ecr-operator.svc:8080");
    var command = container.path("command").valueStream().map(part -> part.asText()).toList();

    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer(server, "/readyz", ready, "ok\n");
    answer(server, "/metrics", 200, "# HELP x\n" + metric + "\n");
    server.start();
    try {
      var address = "http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(run(command, address, path)).isEqualTo(expected);
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpServer server, String path, int status, String body) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private static int run(List<String> command, String address, String path)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().put("OPERATOR", address);
    builder.environment().put("PAUSE", "0");
    return builder.start().waitFor();
  }
}
